"""Isolate asynchronous tests by deleting their rows instead of rolling back; `-p suites.variants.deletion`.

Sessions get connections of their own from the application's engine, commits are commits, and every table is
emptied after the test: what the synchronous suite does, done asynchronously.
"""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from app import database
from app.database import SessionFactory, get_session_factory, get_writers

_as_asked = database.session_factory


def _on_the_engine(bind: Any, **options: Any) -> Any:
    if isinstance(bind, AsyncConnection):
        options.pop("join_transaction_mode", None)
        bind = bind.engine
    return _as_asked(bind, **options)


database.session_factory = _on_the_engine  # type: ignore[assignment]


async def own_session_factory(request: Request) -> SessionFactory:
    """Return what would be returned if nothing were overridden, which has a price of its own (see no_overrides)."""
    return await get_session_factory(request)


async def own_writers(request: Request) -> SessionFactory:
    """Return what would be returned if nothing were overridden."""
    return await get_writers(request)


@pytest.fixture
async def emptied_tables(running_app: Any) -> AsyncIterator[None]:
    """Delete, after the test, every row that it or the application committed."""
    yield
    async with running_app.state.database.engine.begin() as connection:
        for table in reversed(SQLModel.metadata.sorted_tables):
            await connection.execute(table.delete())


@pytest.fixture(autouse=True)
def isolated_by_deletion(request: pytest.FixtureRequest) -> None:
    """Let the application use its own session factories again; the rows go after everything else is closed."""
    if "sessions" in request.fixturenames:
        request.getfixturevalue("emptied_tables")
        request.getfixturevalue("sessions")
        overrides = {get_session_factory: own_session_factory, get_writers: own_writers}
        request.getfixturevalue("app").dependency_overrides |= overrides
