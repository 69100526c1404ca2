"""Talk to providers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from app.outbound import httpx
from app.providers.problems import (
    BadProviderAnswer,
    ConsentRefused,
    ProviderTimeout,
    ProviderUnavailable,
    ServiceRefused,
)
from app.providers.registry import Provider
from app.providers.schemas import OAuthError, ProviderTokens, RemoteAccounts, RemotePage
from app.settings import Settings

Answer = TypeVar("Answer", bound=BaseModel)

# The fault is in our own settings, and not in what a person has agreed to.
SERVICE_REFUSED: Final = frozenset({"invalid_client", "unauthorized_client"})

logger = logging.getLogger(__name__)


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
        """Give a token back; raise ConsentRefused if the provider does not know it any more."""
        response = await self._send(provider, "POST", "/oauth/revoke", data={**self._credentials, "token": token})
        if response.status_code == 400 and _oauth_error(response) not in SERVICE_REFUSED:
            raise ConsentRefused(f"{provider.name} does not know this consent.")
        _accepted(provider, response)

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
        # Only this error ends the consent. After any other, the person's tokens are as good as they were.
        if _oauth_error(response) == "invalid_grant":
            raise ConsentRefused(f"{provider.name} does not accept this consent.")
        return _read(_accepted(provider, response), ProviderTokens)

    async def _get(self, provider: Provider, path: str, access_token: str, shape: type[Answer]) -> Answer:
        headers = {"Authorization": f"Bearer {access_token}"}
        response = await self._send(provider, "GET", path, headers=headers)
        if response.status_code in {401, 403}:
            raise ConsentRefused(f"{provider.name} does not accept this consent.")
        return _read(_accepted(provider, response), shape)

    async def _send(self, provider: Provider, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            # The client's own timeouts are for each read; a provider that drips bytes would never meet them.
            async with asyncio.timeout(self._timeout_s):
                return await self._http.request(method, provider.base_url + path, **options)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise ProviderTimeout(f"{provider.name} did not answer in time.") from error
        except httpx.HTTPError as error:
            raise ProviderUnavailable(f"{provider.name} cannot be reached.") from error


def _accepted(provider: Provider, response: httpx.Response) -> httpx.Response:
    """Return the answer if it is a success; raise ServiceRefused or ProviderUnavailable."""
    if _oauth_error(response) in SERVICE_REFUSED:
        logger.error("%s does not accept this service's OAuth credentials", provider.slug)
        raise ServiceRefused(f"{provider.name} does not accept this service.")
    if not response.is_success:
        raise ProviderUnavailable(f"{provider.name} answered with status {response.status_code}.")
    return response


def _oauth_error(response: httpx.Response) -> str | None:
    """Return the error code of an answer (RFC 6749 section 5.2), if it has one."""
    if response.is_success:
        return None
    try:
        return OAuthError.model_validate_json(response.content).error
    except ValidationError:
        return None


def _read(response: httpx.Response, shape: type[Answer]) -> Answer:
    try:
        return shape.model_validate_json(response.content)
    except ValidationError as error:
        # Without its text, which repeats what was read: perhaps tokens.
        raise BadProviderAnswer(f"The provider's answer has {error.error_count()} faults.") from None
