"""Give the application synchronous sessions that look awaitable; loaded with `-p suites.variants.bridge`.

The application's own engine is never connected and its driver never opened: what the suite then no longer sees is
the reason to count drivers. SUITE_SESSION says whose sessions they are: `bridged`, a new one each time on the tests'
engine, or `shared`, the test's own `db`, which is how it is often done and not the same (see suites/README.md).
"""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session
from sqlmodel.ext.asyncio.session import AsyncSession


def bridge(open_session: Callable[[], AbstractContextManager[Session]]) -> Any:
    """Return a factory of sessions whose awaitable methods do their work at once, in a synchronous session."""

    @asynccontextmanager
    async def lend() -> AsyncIterator[AsyncSession]:
        with open_session() as session:
            yield AsyncSession(sync_session_class=lambda **_: session)

    return lend


@pytest.fixture(autouse=True)
def bridged(request: pytest.FixtureRequest) -> None:
    """Put the bridge where the running application keeps its session factories; it is new for each client."""
    if "http" not in request.fixturenames:
        return
    request.getfixturevalue("http")
    database = request.getfixturevalue("app").state.database
    if os.environ.get("SUITE_SESSION") == "shared":
        lend = bridge(partial(nullcontext, request.getfixturevalue("db")))
    else:
        lend = bridge(partial(Session, request.getfixturevalue("engine"), expire_on_commit=False))
    database.readers = database.writers = lend
