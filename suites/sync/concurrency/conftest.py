"""Run an application of each test's own, in a thread; other threads call it.

Two ways to run it: in TestClient's thread, through whose portal tests reach into its loop, and under uvicorn behind a
real socket, because TestClient collects the whole answer before it shows any of it.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine
from wiring import Client, Session
from world import Maker, ManualClock, suite_settings

from app.database import Database
from app.factory import create_app
from app.outbound import httpx
from app.settings import Settings
from suites.outside import Outside, transport

Answer = TypeVar("Answer")
PATIENCE_S = 20.0


@dataclass(frozen=True, kw_only=True)
class Live:
    """A running application with what it reaches, a client, and a maker of committed rows."""

    app: FastAPI
    client: Client
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

    @property
    def portal(self) -> Any:
        """Return the way into the application's loop."""
        assert self.client.portal is not None
        return self.client.portal

    def deliver(self) -> int:
        """Work the outbox off."""
        delivered: int = self.portal.call(self.app.state.runtime.relay.deliver_due, self.database.writers)
        return delivered

    def hold(self, path: str) -> None:
        """Let what is outside keep those waiting who ask for this path."""
        self.outside.held[path] = asyncio.Event()

    def release(self, path: str) -> None:
        """Let them go on; an event belongs to its loop and is set there."""
        self.portal.call(self.outside.held[path].set)

    def later(self, call: Callable[..., Answer], *args: Any, **options: Any) -> Any:
        """Run a call in a thread and return its future."""
        pool = ThreadPoolExecutor(max_workers=1)
        future = pool.submit(call, *args, **options)
        pool.shutdown(wait=False)
        return future


OpenLive = Callable[..., AbstractContextManager[Live]]


@pytest.fixture
def open_live(settings: Settings, engine: Engine) -> OpenLive:
    """Return what runs an application with some settings changed."""

    @contextmanager
    def open_live(**changes: Any) -> Iterator[Live]:
        changed = suite_settings(settings.database_url).model_copy(update={"database_pool": "pooled", **changes})
        outside, clock = Outside(), ManualClock()
        app = create_app(changed, clock=clock, transport=transport(outside))
        with Client(app) as client, Session(engine, expire_on_commit=False) as db:
            make = Maker(db, access_tokens=app.state.access_tokens, cipher=app.state.cipher, clock=clock)
            yield Live(app=app, client=client, outside=outside, make=make, clock=clock)

    return open_live


@pytest.fixture
def live(open_live: OpenLive, empty_tables: None) -> Iterator[Live]:
    """Return a running application."""
    with open_live() as live:
        yield live


@pytest.fixture
def together() -> Callable[[list[Callable[[], Any]]], list[Any]]:
    """Return what makes calls at once, each in a thread of its own, and returns their answers in order."""

    def together(calls: list[Callable[[], Answer]]) -> list[Answer]:
        start = threading.Barrier(len(calls))

        def call_at_once(call: Callable[[], Answer]) -> Answer:
            start.wait(PATIENCE_S)
            return call()

        with ThreadPoolExecutor(max_workers=len(calls)) as pool:
            return list(pool.map(call_at_once, calls))

    return together


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    """Return what waits until a condition holds."""

    def until(condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, "it did not happen"
            time.sleep(0.001)

    return until


@dataclass(frozen=True, kw_only=True)
class Served:
    """An application under uvicorn, behind a socket."""

    app: FastAPI
    outside: Outside
    make: Maker
    address: tuple[str, int]
    loop: asyncio.AbstractEventLoop

    @property
    def connections_in_use(self) -> int:
        """Return how many pooled connections somebody holds."""
        return int(self.app.state.database.engine.pool.checkedout())

    def client(self) -> httpx.Client:
        """Return a client that goes through the socket."""
        host, port = self.address
        return httpx.Client(base_url=f"http://{host}:{port}", timeout=PATIENCE_S)

    def visit(self, path: str, headers: dict[str, str]) -> socket.socket:
        """Ask for a path and return the socket, whose small buffer keeps most of the answer with the server."""
        visitor = socket.socket()
        visitor.settimeout(PATIENCE_S)
        visitor.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        visitor.connect(self.address)
        lines = [f"GET {path} HTTP/1.1", "Host: testserver", *[f"{name}: {text}" for name, text in headers.items()]]
        visitor.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return visitor

    def release(self, path: str) -> None:
        """Let those go on who ask outside for this path."""
        self.loop.call_soon_threadsafe(self.outside.held[path].set)


@pytest.fixture
def served(settings: Settings, engine: Engine, empty_tables: None) -> Iterator[Served]:
    """Return an application under uvicorn, whose worker runs."""
    changes = {"database_pool": "pooled", "outbox_poll_seconds": 0.01}
    outside, clock = Outside(), ManualClock()
    changed = suite_settings(settings.database_url).model_copy(update=changes)
    app = create_app(changed, clock=clock, transport=transport(outside))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none", lifespan="on"))
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve(listening: socket.socket) -> None:
        loops.append(asyncio.get_running_loop())
        await server.serve(sockets=[listening])

    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        # Connections inherit it: what a client has not read stays in the application.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        address = listening.getsockname()
        thread = threading.Thread(target=lambda: asyncio.run(serve(listening)))
        thread.start()
        deadline = time.monotonic() + PATIENCE_S
        while not server.started:
            assert time.monotonic() < deadline and thread.is_alive(), "the server did not start"
            time.sleep(0.001)
        with Session(engine, expire_on_commit=False) as db:
            make = Maker(db, access_tokens=app.state.access_tokens, cipher=app.state.cipher, clock=clock)
            yield Served(app=app, outside=outside, make=make, address=address, loop=loops[0])
        server.should_exit = True
        thread.join(PATIENCE_S)
        assert not thread.is_alive(), "the server did not stop"
