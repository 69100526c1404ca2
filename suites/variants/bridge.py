"""Give the application synchronous sessions that look awaitable; loaded with `-p suites.variants.bridge`.

The application's own engine is never connected and its driver never opened: what the suite then no longer sees is
the reason to count drivers. SUITE_SESSION says whose sessions they are: `bridged`, a new one each time on the tests'
engine, or `shared`, the test's own `db` for endpoints and services, which is how it is often done and not the same
(see suites/README.md).
"""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import Session
from sqlmodel.ext.asyncio.session import AsyncSession

from app.database import Database

SHARED = os.environ.get("SUITE_SESSION") == "shared"


def bridge(open_session: Callable[[], AbstractContextManager[Session]]) -> Any:
    """Return a factory of sessions whose awaitable methods do their work at once, in a synchronous session."""

    @asynccontextmanager
    async def lend() -> AsyncIterator[AsyncSession]:
        with open_session() as session:
            yield AsyncSession(sync_session_class=lambda **_: session)

    return lend


@pytest.fixture(scope="session", autouse=True)
def bridged(request: pytest.FixtureRequest) -> None:
    """Let the application's database, and so its background work too, open its sessions on the tests' engine."""
    if SHARED:
        return
    tests_engine: Engine = request.getfixturevalue("engine")
    lend = bridge(partial(Session, tests_engine, expire_on_commit=False))
    plain_init = Database.__init__

    def __init__(self: Database, engine: AsyncEngine) -> None:
        plain_init(self, engine)
        if engine.url.database == tests_engine.url.database:  # a test may open another one
            self.readers = self.writers = lend

    Database.__init__ = __init__  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def shared(request: pytest.FixtureRequest) -> None:
    """Let what the application does for this test use the test's own session."""
    if SHARED and "http" in request.fixturenames:
        request.getfixturevalue("http")
        database = request.getfixturevalue("app").state.database
        database.readers = database.writers = bridge(partial(nullcontext, request.getfixturevalue("db")))
