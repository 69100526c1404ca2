"""Talk to providers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.outbound import httpx
from app.providers.problems import BadProviderAnswer, ConsentRefused, ProviderTimeout, ProviderUnavailable
from app.providers.registry import Provider
from app.providers.schemas import ProviderTokens, RemoteAccounts, RemotePage
from app.settings import Settings

Answer = TypeVar("Answer", bound=BaseModel)


class ProviderClient:
    """Know the providers' addresses, and turn whatever goes wrong there into our problems."""

    def __init__(self, http: httpx.AsyncClient, settings: Settings) -> None:
        """Call through the client, with the settings' credentials and patience."""
        self._http = http
        self._timeout_s = settings.outbound_timeout_seconds
        self._credentials = {
            "client_id": settings.oauth_client_id,
            "client_secret": settings.oauth_client_secret.get_secret_value(),
        }

    async def exchange_code(self, provider: Provider, code: str, *, verifier: str, redirect_uri: str) -> ProviderTokens:
        """Return the tokens for a code; raise ConsentRefused if the provider does not take it."""
        grant = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
        return await self._token(provider, {**grant, "redirect_uri": redirect_uri})

    async def refresh(self, provider: Provider, refresh_token: str) -> ProviderTokens:
        """Return new tokens; raise ConsentRefused if the person has withdrawn their consent."""
        return await self._token(provider, {"grant_type": "refresh_token", "refresh_token": refresh_token})

    async def revoke(self, provider: Provider, token: str) -> None:
        """Give a token back; a provider that does not know it any more is content too."""
        await self._send(provider, "POST", "/oauth/revoke", data={**self._credentials, "token": token})

    async def accounts(self, provider: Provider, access_token: str) -> RemoteAccounts:
        """Return the person's accounts at the provider."""
        return await self._get(provider, "/accounts", access_token, RemoteAccounts)

    async def transactions(
        self, provider: Provider, access_token: str, account_external_id: str, *, page: int
    ) -> RemotePage:
        """Return one page of an account's transactions; pages count from 1."""
        path = f"/accounts/{account_external_id}/transactions?page={page}"
        return await self._get(provider, path, access_token, RemotePage)

    async def _token(self, provider: Provider, grant: Mapping[str, str]) -> ProviderTokens:
        response = await self._send(provider, "POST", "/oauth/token", data={**self._credentials, **grant})
        return _read(response, ProviderTokens)

    async def _get(self, provider: Provider, path: str, access_token: str, shape: type[Answer]) -> Answer:
        headers = {"Authorization": f"Bearer {access_token}"}
        return _read(await self._send(provider, "GET", path, headers=headers), shape)

    async def _send(self, provider: Provider, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            # The client's own timeouts are for each read; a provider that drips bytes would never meet them.
            async with asyncio.timeout(self._timeout_s):
                response = await self._http.request(method, provider.base_url + path, **options)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise ProviderTimeout(f"{provider.name} did not answer in time.") from error
        except httpx.HTTPError as error:
            raise ProviderUnavailable(f"{provider.name} cannot be reached.") from error
        if response.status_code in {400, 401, 403}:
            raise ConsentRefused(f"{provider.name} does not accept this consent.")
        if not response.is_success:
            raise ProviderUnavailable(f"{provider.name} answered with status {response.status_code}.")
        return response


def _read(response: httpx.Response, shape: type[Answer]) -> Answer:
    try:
        return shape.model_validate_json(response.content)
    except ValidationError as error:
        # Without its text, which repeats what was read: perhaps tokens.
        raise BadProviderAnswer(f"The provider's answer has {error.error_count()} faults.") from None
