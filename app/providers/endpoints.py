"""Serve the registry of providers and the caller's connections."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from app.audit.log import AuditDep
from app.audit.models import Action
from app.auth.dependencies import CurrentUserDep
from app.auth.permissions import VerifiedUser, VerifiedUserDep
from app.database import SessionDep, WritersDep
from app.dependencies import CipherDep, NowDep, ProviderClientDep, SettingsDep, TokenKeeperDep
from app.problems import problems
from app.providers import service
from app.providers.consents import Consents
from app.providers.models import Connection
from app.providers.registry import PROVIDERS, Provider
from app.providers.schemas import (
    ConnectionChange,
    ConnectionOut,
    ConsentOut,
    FinishedConsent,
    NewConnection,
    NewConsent,
    ProviderOut,
    ProviderTokens,
    RemoteAccounts,
)

providers_router = APIRouter(prefix="/providers", tags=["providers"])
connections_router = APIRouter(prefix="/connections", tags=["connections"], responses=problems(HTTPStatus.UNAUTHORIZED))

NOT_FOUND = problems(HTTPStatus.NOT_FOUND)


async def get_connection(connection_id: UUID, user: CurrentUserDep, session: SessionDep) -> Connection:
    """Return the caller's connection of the path."""
    return await service.get_connection(session, user.id, connection_id)


async def get_consents(client: ProviderClientDep, cipher: CipherDep, settings: SettingsDep) -> Consents:
    """Return what begins and finishes consents."""
    return Consents(client=client, cipher=cipher, settings=settings)


ConnectionDep = Annotated[Connection, Depends(get_connection)]
ConsentsDep = Annotated[Consents, Depends(get_consents)]


@providers_router.get("", response_model=list[ProviderOut])
async def list_providers() -> list[Provider]:
    """List the providers by name."""
    return list(PROVIDERS.values())


@providers_router.get("/{slug}", response_model=ProviderOut, responses=NOT_FOUND)
async def read_provider(slug: str) -> Provider:
    """Show one provider."""
    return service.find_provider(slug)


@connections_router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model=ConnectionOut,
    responses=problems(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
async def connect(
    new: NewConnection, user: VerifiedUserDep, session: SessionDep, cipher: CipherDep, now: NowDep
) -> Connection:
    """Connect to a provider."""
    return await service.connect(session, user.id, new, cipher=cipher, now=now)


@connections_router.post(
    "/consents",
    status_code=HTTPStatus.CREATED,
    responses=problems(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND),
)
async def begin_consent(
    new: NewConsent, user: VerifiedUserDep, session: SessionDep, consents: ConsentsDep, now: NowDep
) -> ConsentOut:
    """Begin to connect to a provider by asking the person there."""
    return await consents.begin(session, user.id, new, now=now)


@connections_router.post(
    "/consents/finish",
    status_code=HTTPStatus.CREATED,
    response_model=ConnectionOut,
    responses=problems(HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT),
)
async def finish_consent(
    *,
    finished: FinishedConsent,
    user: CurrentUserDep,
    session: SessionDep,
    consents: ConsentsDep,
    audit: AuditDep,
    now: NowDep,
) -> Connection:
    """Finish with what the provider sent the person back with."""
    connection = await consents.finish(session, user.id, finished, now=now)
    await audit.record(Action.CONNECTED, user.id, str(connection.id))
    return connection


@connections_router.get("", response_model=list[ConnectionOut])
async def list_connections(user: CurrentUserDep, session: SessionDep) -> Sequence[Connection]:
    """List the caller's connections, the oldest first."""
    return await service.list_connections(session, user.id)


@connections_router.get("/{connection_id}", response_model=ConnectionOut, responses=NOT_FOUND)
async def read_connection(connection: ConnectionDep) -> Connection:
    """Show one of the caller's connections."""
    return connection


@connections_router.patch(
    "/{connection_id}",
    response_model=ConnectionOut,
    responses=problems(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
async def rename_connection(change: ConnectionChange, connection: ConnectionDep, session: SessionDep) -> Connection:
    """Give a connection another label."""
    return await service.rename(session, connection, change.label)


@connections_router.put(
    "/{connection_id}/tokens",
    response_model=ConnectionOut,
    responses=problems(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND),
    dependencies=[VerifiedUser],
)
async def replace_tokens(
    tokens: ProviderTokens, connection: ConnectionDep, session: SessionDep, cipher: CipherDep, now: NowDep
) -> Connection:
    """Store the tokens of a renewed consent."""
    return await service.replace_tokens(session, connection, tokens, cipher=cipher, now=now)


@connections_router.post("/{connection_id}/disconnect", response_model=ConnectionOut, responses=NOT_FOUND)
async def disconnect(
    connection: ConnectionDep, session: SessionDep, cipher: CipherDep, audit: AuditDep, now: NowDep
) -> Connection:
    """Forget a connection's tokens and give them back to the provider."""
    disconnected = await service.disconnect(session, connection, cipher=cipher, now=now)
    await audit.record(Action.DISCONNECTED, disconnected.user_id, str(disconnected.id))
    return disconnected


@connections_router.get(
    "/{connection_id}/remote-accounts",
    responses=problems(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT),
)
async def list_remote_accounts(
    connection: ConnectionDep,
    session: SessionDep,
    writers: WritersDep,
    keeper: TokenKeeperDep,
    client: ProviderClientDep,
) -> RemoteAccounts:
    """Ask the provider which accounts the connection reaches."""
    # The provider may take its time: nobody else should wait for this request's database connection.
    await session.close()
    access_token = await keeper.access_token(writers, connection.id)
    return await client.accounts(service.find_provider(connection.provider), access_token)


@connections_router.delete("/{connection_id}", status_code=HTTPStatus.NO_CONTENT, responses=NOT_FOUND)
async def delete_connection(connection: ConnectionDep, session: SessionDep, cipher: CipherDep, now: NowDep) -> None:
    """Delete a connection, keep its accounts, and give its tokens back to the provider."""
    await service.delete(session, connection, cipher=cipher, now=now)
