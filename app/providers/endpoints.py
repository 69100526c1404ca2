"""Serve the registry of providers and the caller's connections."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from app.auth.dependencies import CurrentUserDep
from app.database import SessionDep
from app.dependencies import CipherDep, NowDep
from app.problems import problems
from app.providers import service
from app.providers.models import Connection
from app.providers.registry import PROVIDERS, Provider
from app.providers.schemas import ConnectionChange, ConnectionOut, NewConnection, ProviderOut, ProviderTokens

providers_router = APIRouter(prefix="/providers", tags=["providers"])
connections_router = APIRouter(prefix="/connections", tags=["connections"], responses=problems(HTTPStatus.UNAUTHORIZED))

NOT_FOUND = problems(HTTPStatus.NOT_FOUND)


async def get_connection(connection_id: UUID, user: CurrentUserDep, session: SessionDep) -> Connection:
    """Return the caller's connection of the path."""
    return await service.get_connection(session, user.id, connection_id)


ConnectionDep = Annotated[Connection, Depends(get_connection)]


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
    responses=problems(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
async def connect(
    new: NewConnection, user: CurrentUserDep, session: SessionDep, cipher: CipherDep, now: NowDep
) -> Connection:
    """Connect to a provider."""
    return await service.connect(session, user.id, new, cipher=cipher, now=now)


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


@connections_router.put("/{connection_id}/tokens", response_model=ConnectionOut, responses=NOT_FOUND)
async def replace_tokens(
    tokens: ProviderTokens, connection: ConnectionDep, session: SessionDep, cipher: CipherDep, now: NowDep
) -> Connection:
    """Store the tokens of a renewed consent."""
    return await service.replace_tokens(session, connection, tokens, cipher=cipher, now=now)


@connections_router.post("/{connection_id}/disconnect", response_model=ConnectionOut, responses=NOT_FOUND)
async def disconnect(connection: ConnectionDep, session: SessionDep) -> Connection:
    """Forget a connection's tokens."""
    return await service.disconnect(session, connection)


@connections_router.delete("/{connection_id}", status_code=HTTPStatus.NO_CONTENT, responses=NOT_FOUND)
async def delete_connection(connection: ConnectionDep, session: SessionDep) -> None:
    """Delete a connection and keep its accounts."""
    await service.delete(session, connection)
