"""Keep connections and the tokens they hold.

Each function that changes something ends with its one commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.outbox.outbox import promise
from app.providers.models import Connection, ConnectionStatus
from app.providers.problems import ConnectionNotFound, Disconnected, LabelTaken, UnknownProvider
from app.providers.registry import PROVIDERS, Provider
from app.providers.schemas import NewConnection, ProviderTokens
from app.security.encryption import SecretCipher, UnreadableSecretError

REVOKE_CONSENT: Final = "revoke-consent"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class StoredTokens:
    """Hold a connection's tokens in the clear; without a repr, so that no log shows them."""

    access_token: str
    refresh_token: str | None
    expires_at: datetime


def find_provider(slug: str) -> Provider:
    """Return the provider of that name; raise UnknownProvider."""
    provider = PROVIDERS.get(slug)
    if provider is None:
        raise UnknownProvider(f"There is no provider {slug!r}.")
    return provider


async def connect(
    session: AsyncSession, user_id: UUID, new: NewConnection, *, cipher: SecretCipher, now: datetime
) -> Connection:
    """Store a new connection; raise UnknownProvider or LabelTaken."""
    provider = find_provider(new.provider)
    connection = Connection(user_id=user_id, provider=provider.slug, label=new.label, created_at=now)
    _store_tokens(connection, new, cipher=cipher, now=now)
    session.add(connection)
    await _commit_label(session)
    return connection


async def list_connections(session: AsyncSession, user_id: UUID) -> Sequence[Connection]:
    """Return a person's connections, the oldest first."""
    result = await session.exec(
        select(Connection)
        .where(col(Connection.user_id) == user_id)
        .order_by(col(Connection.created_at), col(Connection.id))
    )
    return result.all()


async def get_connection(session: AsyncSession, user_id: UUID, connection_id: UUID) -> Connection:
    """Return a person's connection; raise ConnectionNotFound, also if it is another person's."""
    connection = await session.get(Connection, connection_id)
    if connection is None or connection.user_id != user_id:
        raise ConnectionNotFound("There is no such connection.")
    return connection


async def rename(session: AsyncSession, connection: Connection, label: str) -> Connection:
    """Change a connection's label; raise LabelTaken."""
    connection.label = label
    session.add(connection)
    await _commit_label(session)
    return connection


async def replace_tokens(
    session: AsyncSession,
    connection: Connection,
    tokens: ProviderTokens,
    *,
    cipher: SecretCipher,
    now: datetime,
) -> Connection:
    """Store the tokens of a renewed consent; a disconnected connection becomes active again."""
    _store_tokens(connection, tokens, cipher=cipher, now=now)
    session.add(connection)
    await session.commit()
    return connection


async def disconnect(
    session: AsyncSession, connection: Connection, *, cipher: SecretCipher, now: datetime
) -> Connection:
    """Forget a connection's tokens, promise to give them back to the provider, and keep what they brought."""
    if connection.status is ConnectionStatus.DISCONNECTED:
        await session.commit()
        return connection
    _promise_return(session, connection, cipher=cipher, now=now)
    connection.status = ConnectionStatus.DISCONNECTED
    connection.encrypted_access_token = None
    connection.encrypted_refresh_token = None
    connection.token_expires_at = None
    session.add(connection)
    await session.commit()
    return connection


async def delete(session: AsyncSession, connection: Connection, *, cipher: SecretCipher, now: datetime) -> None:
    """Delete a connection and promise its tokens' return; its accounts stay and are kept by hand from then on."""
    _promise_return(session, connection, cipher=cipher, now=now)
    await session.delete(connection)
    await session.commit()


def read_tokens(connection: Connection, *, cipher: SecretCipher) -> StoredTokens:
    """Return a connection's tokens in the clear; raise Disconnected if it has none."""
    if connection.encrypted_access_token is None or connection.token_expires_at is None:
        raise Disconnected("This connection has given up its tokens.")
    refresh_token = connection.encrypted_refresh_token
    return StoredTokens(
        access_token=cipher.decrypt(connection.encrypted_access_token),
        refresh_token=cipher.decrypt(refresh_token) if refresh_token else None,
        expires_at=connection.token_expires_at,
    )


def token_columns(tokens: ProviderTokens, *, cipher: SecretCipher, now: datetime) -> dict[str, object]:
    """Return the columns that hold these tokens, encrypted, on an active connection."""
    refresh_token = tokens.refresh_token
    return {
        "status": ConnectionStatus.ACTIVE,
        "encrypted_access_token": cipher.encrypt(tokens.access_token.get_secret_value()),
        "encrypted_refresh_token": cipher.encrypt(refresh_token.get_secret_value()) if refresh_token else None,
        "token_expires_at": now + timedelta(seconds=tokens.expires_in),
    }


def _promise_return(session: AsyncSession, connection: Connection, *, cipher: SecretCipher, now: datetime) -> None:
    """Promise to give a connection's tokens back to the provider, if it has any that can be read."""
    try:
        tokens = read_tokens(connection, cipher=cipher)
    except (Disconnected, UnreadableSecretError):
        return
    returned = {"provider": connection.provider, "token": tokens.refresh_token or tokens.access_token}
    promise(session, REVOKE_CONSENT, returned, cipher=cipher, now=now)


def _store_tokens(connection: Connection, tokens: ProviderTokens, *, cipher: SecretCipher, now: datetime) -> None:
    for name, stored in token_columns(tokens, cipher=cipher, now=now).items():
        setattr(connection, name, stored)


async def _commit_label(session: AsyncSession) -> None:
    try:
        await session.commit()
    except IntegrityError as error:
        await session.rollback()
        raise LabelTaken("A connection to this provider has that label already.") from error
