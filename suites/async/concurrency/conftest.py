"""Run an application of each test's own, on its own pooled connections; delete what it committed.

Overlap needs what the twins' isolation rules out: several connections, and commits that are commits.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import SQLModel
from wiring import ASGITransport, AsyncClient
from world import Maker, ManualClock, suite_settings

from app.database import Database
from app.factory import create_app
from app.settings import Settings
from suites.outside import Outside, transport

PATIENCE_S = 20.0


@dataclass(frozen=True, kw_only=True)
class Live:
    """A running application with what it reaches, a client, and a maker of committed rows."""

    app: FastAPI
    client: AsyncClient
    outside: Outside
    make: Maker
    clock: ManualClock

    @property
    def database(self) -> Database:
        """Return the application's database."""
        database: Database = self.app.state.database
        return database

    @property
    def connections_in_use(self) -> int:
        """Return how many pooled connections somebody holds."""
        return int(self.database.engine.pool.checkedout())  # type: ignore[attr-defined]

    async def deliver(self) -> int:
        """Work the outbox off."""
        delivered: int = await self.app.state.runtime.relay.deliver_due(self.database.writers)
        return delivered


OpenLive = Callable[..., AbstractAsyncContextManager[Live]]


@pytest.fixture
def open_live(settings: Settings, schema: None) -> OpenLive:
    """Return what runs an application with some settings changed."""

    @asynccontextmanager
    async def open_live(**changes: Any) -> AsyncIterator[Live]:
        changed = suite_settings(settings.database_url).model_copy(update={"database_pool": "pooled", **changes})
        outside, clock = Outside(), ManualClock()
        app = create_app(changed, clock=clock, transport=transport(outside))
        async with app.router.lifespan_context(app):
            http = AsyncClient(transport=ASGITransport(app=app), base_url="http://testserver", timeout=PATIENCE_S)
            async with http as client, app.state.database.writers() as db:
                make = Maker(db, access_tokens=app.state.access_tokens, cipher=app.state.cipher, clock=clock)
                yield Live(app=app, client=client, outside=outside, make=make, clock=clock)

    return open_live


@pytest.fixture
async def live(open_live: OpenLive, empty_tables: None) -> AsyncIterator[Live]:
    """Return a running application."""
    async with open_live() as live:
        yield live


@pytest.fixture
async def empty_tables(settings: Settings, schema: None) -> AsyncIterator[None]:
    """Delete, after the test and when its applications are gone, every row that was committed."""
    yield
    database = Database.open(settings)
    async with database.engine.begin() as connection:
        for table in reversed(SQLModel.metadata.sorted_tables):
            await connection.execute(table.delete())
    await database.close()


@dataclass
class Visit:
    """One request, made as a server makes it: the answer can be read bit by bit, and left.

    The HTTP clients' ASGI transports collect the whole answer first, so they cannot do that.
    """

    app: FastAPI
    path: str
    headers: dict[str, str]
    spec_version: str = "2.3"
    messages: asyncio.Queue[dict[str, Any]] = field(default_factory=lambda: asyncio.Queue(maxsize=1))
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Visit:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": self.spec_version},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": self.path,
            "raw_path": self.path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(name.lower().encode(), text.encode()) for name, text in self.headers.items()],
            "server": ("testserver", 80),
            "client": ("127.0.0.1", 123),
        }
        self.task = asyncio.create_task(self.app(scope, self._receive, self._send))
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.leave()

    async def chunk(self) -> str:
        """Return the next piece of the answer's body; "" at its end."""
        message = await asyncio.wait_for(self.messages.get(), PATIENCE_S)
        if message["type"] == "http.response.start":
            return await self.chunk()
        text: str = message.get("body", b"").decode()
        return text

    async def rest(self) -> str:
        """Return what is left of the body."""
        text = ""
        while piece := await self.chunk():
            text += piece
        return text

    async def leave(self) -> None:
        """Hang up, and wait until the application has noticed."""
        self.gone.set()
        while not self.messages.empty():
            self.messages.get_nowait()
        await asyncio.wait([self.task], timeout=PATIENCE_S)
        assert self.task.done(), "the application went on without its client"

    async def _receive(self) -> dict[str, Any]:
        if self.task is not None and not hasattr(self, "_asked"):
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if self.gone.is_set() and self.spec_version >= "2.4":
            raise OSError("the client has gone")
        await self.messages.put(message)


@pytest.fixture
def visit(live: Live) -> Callable[..., Visit]:
    """Return what makes one request that can be left."""

    def visit(path: str, headers: dict[str, str], **options: Any) -> Visit:
        return Visit(app=live.app, path=path, headers=headers, **options)

    return visit
