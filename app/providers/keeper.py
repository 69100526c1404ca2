"""Keep access tokens fresh."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Final
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy import update
from sqlmodel import col

from app.clock import Clock
from app.database import SessionFactory
from app.providers import service
from app.providers.client import ProviderClient
from app.providers.models import Connection, ConnectionStatus
from app.providers.problems import ConnectionNotFound, ConsentExpired, ConsentRefused
from app.providers.schemas import ProviderTokens
from app.providers.single_flight import SingleFlight
from app.security.encryption import SecretCipher

# A token that is this near its end may be refused when it arrives.
LEEWAY: Final = timedelta(seconds=30)


class TokenKeeper:
    """Give out access tokens, refreshing them when they end: once, however many wait for one.

    Within this process callers share one flight. Between processes the stored refresh token decides: whoever
    finds it changed takes what the other one stored.
    """

    def __init__(self, client: ProviderClient, *, cipher: SecretCipher, clock: Clock) -> None:
        """Refresh through the client."""
        self._client = client
        self._cipher = cipher
        self._clock = clock
        self.flights: SingleFlight[UUID, str] = SingleFlight()

    async def access_token(self, sessions: SessionFactory, connection_id: UUID) -> str:
        """Return a token that is good now; raise Disconnected, ConsentExpired or a provider's problem.

        Call it without an open transaction: a refresh takes as long as the provider does, and then writes.
        """
        connection = await _load(sessions, connection_id)
        tokens = service.read_tokens(connection, cipher=self._cipher)
        if self._clock() < tokens.expires_at - LEEWAY:
            return tokens.access_token
        return await self.flights.join(connection_id, partial(self._refresh, sessions, connection_id))

    async def _refresh(self, sessions: SessionFactory, connection_id: UUID) -> str:
        # Read again: an earlier flight may have landed between the caller's look and this one's start.
        connection = await _load(sessions, connection_id)
        tokens = service.read_tokens(connection, cipher=self._cipher)
        if self._clock() < tokens.expires_at - LEEWAY:
            return tokens.access_token
        if connection.status is ConnectionStatus.EXPIRED or tokens.refresh_token is None:
            raise ConsentExpired("The provider wants to ask you again: renew the consent.")
        provider = service.find_provider(connection.provider)
        try:
            renewed = await self._client.refresh(provider, tokens.refresh_token)
        except ConsentRefused:
            return await self._after_refusal(sessions, connection)
        if renewed.refresh_token is None:
            # The provider does not rotate: the one we have goes on.
            renewed = renewed.model_copy(update={"refresh_token": SecretStr(tokens.refresh_token)})
        return await self._store(sessions, connection, renewed)

    async def _store(self, sessions: SessionFactory, connection: Connection, renewed: ProviderTokens) -> str:
        columns = service.token_columns(renewed, cipher=self._cipher, now=self._clock())
        if await _replace(sessions, connection, columns):
            return renewed.access_token.get_secret_value()
        return await self._stored_by_another(sessions, connection.id)

    async def _after_refusal(self, sessions: SessionFactory, connection: Connection) -> str:
        if await _replace(sessions, connection, {"status": ConnectionStatus.EXPIRED}):
            raise ConsentExpired("The provider wants to ask you again: renew the consent.")
        # It was refused because another process had used it first.
        return await self._stored_by_another(sessions, connection.id)

    async def _stored_by_another(self, sessions: SessionFactory, connection_id: UUID) -> str:
        connection = await _load(sessions, connection_id)
        return service.read_tokens(connection, cipher=self._cipher).access_token


async def _load(sessions: SessionFactory, connection_id: UUID) -> Connection:
    async with sessions() as session:
        connection = await session.get(Connection, connection_id)
    if connection is None:
        raise ConnectionNotFound("There is no such connection.")
    return connection


async def _replace(sessions: SessionFactory, seen: Connection, columns: dict[str, object]) -> bool:
    """Write the columns if the stored refresh token is still the one that was seen, and tell whether it was."""
    unchanged = (
        col(Connection.id) == seen.id,
        col(Connection.encrypted_refresh_token) == seen.encrypted_refresh_token,
    )
    async with sessions() as session:
        replaced = await session.exec(update(Connection).where(*unchanged).values(**columns))
        await session.commit()
    return replaced.rowcount == 1
