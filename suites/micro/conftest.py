"""Small operations that every test is made of, timed one by one with pytest-benchmark.

Coroutines are driven by one event loop that is open all the time. What entering that loop costs is a row
of its own, so that it can be taken off the others; nothing is subtracted here.
"""

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from app.database import begin_like_postgresql, connect_args
from app.factory import create_app
from app.settings import Settings
from suites.outside import Outside, transport

try:
    from httpx2 import ASGITransport, AsyncClient
except ModuleNotFoundError:
    from httpx import ASGITransport, AsyncClient

SYNC_DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}
Run = Callable[[Coroutine[Any, Any, Any]], Any]


def new_app() -> FastAPI:
    """Return an application on the trial's database, which has no rows."""
    return create_app(
        Settings(
            database_url=os.environ["DATABASE_URL"],
            database_create_schema=True,
            jwt_secret="a secret of the micro-benchmarks, long enough to sign",
            encryption_keys="dGVzdC1zdWl0ZXMtb25seS1rZXktMzItYnl0ZXMhISE=",
            # The loop stands still between benchmarks: no worker may be under way then.
            outbox_poll_seconds=0,
        ),
        transport=transport(Outside()),
    )


@pytest.fixture
def app() -> FastAPI:
    """Return an application of the benchmark's own: a lifespan leaves its database in the application's state."""
    return new_app()


@pytest.fixture(scope="session")
def run() -> Iterator[Run]:
    """Return a function that runs a coroutine in the one open loop."""
    with asyncio.Runner() as runner:
        runner.get_loop()
        yield runner.run


@pytest.fixture(scope="session")
def served(run: Run) -> Iterator[FastAPI]:
    """Run an application's lifespan in the open loop."""
    app = new_app()
    lifespan = app.router.lifespan_context(app)
    run(lifespan.__aenter__())
    yield app
    run(lifespan.__aexit__(None, None, None))


@pytest.fixture(scope="session")
def open_async_client() -> Callable[[FastAPI], AsyncClient]:
    """Return a function that opens an AsyncClient on an application."""
    return lambda app: AsyncClient(transport=ASGITransport(app=app), base_url="http://testserver")


@pytest.fixture(scope="session")
def async_client(
    served: FastAPI, run: Run, open_async_client: Callable[[FastAPI], AsyncClient]
) -> Iterator[AsyncClient]:
    """Open an AsyncClient on the running application."""
    client = open_async_client(served)
    yield client
    run(client.aclose())


@pytest.fixture
def entered_client(app: FastAPI) -> Iterator[TestClient]:
    """Enter a TestClient: its thread and loop live as long as the benchmark."""
    with TestClient(app) as client:
        yield client


@pytest.fixture
def cost(benchmark: Any) -> Callable[..., None]:
    """Return a function that times an operation under a title and a style."""

    def cost(title: str, operation: Callable[[], Any], *, style: str = "other", group: str) -> None:
        benchmark.group = group
        benchmark.extra_info.update(title=title, style=style)
        benchmark.pedantic(operation, rounds=60, iterations=1, warmup_rounds=5)

    return cost


@pytest.fixture
def sync_engine(served: FastAPI) -> Iterator[Engine]:
    """Open a synchronous engine on the same database, as the sync suite does."""
    url = make_url(os.environ["DATABASE_URL"])
    driver = SYNC_DRIVERS[url.get_backend_name()]
    engine = create_engine(url.set(drivername=driver), connect_args=connect_args(url))
    begin_like_postgresql(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def sync_sessions(sync_engine: Engine) -> sessionmaker[Session]:
    """Return a factory of synchronous sessions."""
    return sessionmaker(sync_engine, class_=Session)
