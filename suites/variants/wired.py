"""Wire either suite as the other one can be wired; loaded with `-p suites.variants.wired`.

What a suite chooses beside its style comes from the environment and means the same in both:

    SUITE_ISOLATION   rollback   one connection a test, in an outer transaction that is rolled back
                      deletion   commits are commits, and the written tables are emptied after the test
                      fastest    for asynchronous tests: rollback on PostgreSQL, deletion with own rows on SQLite
    SUITE_ROWS        application   the tests' rows go through the application's driver
                      own           they go through a synchronous engine of the tests' own (deletion only)
    SUITE_OVERRIDES   on, off    the application gets its session factories through dependency_overrides, or in its
                                 own place

The fixtures here take the place of those of the same name in the suite's conftest.py. Both styles share what isolates:
the synchronous suite enters it through the portal of its TestClient.
"""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from inspect import iscoroutinefunction
from typing import Any

import pytest
from fastapi import FastAPI, Request
from sqlalchemy import Engine, create_engine, make_url
from sqlmodel import Session
from sqlmodel.ext.asyncio.session import AsyncSession

from app import database as application
from app.database import (
    SAFE_METHODS,
    Database,
    SessionFactory,
    begin_like_postgresql,
    connect_args,
    get_session_factory,
    get_writers,
)
from suites.written import take_written

ISOLATION = os.environ["SUITE_ISOLATION"]
FASTEST = ISOLATION == "fastest"
ON_SQLITE = os.environ["DATABASE_URL"].startswith("sqlite")
ROLLS_BACK = ISOLATION == "rollback" or (FASTEST and not ON_SQLITE)
OVERRIDES = os.environ["SUITE_OVERRIDES"] == "on"
OWN_ROWS = ON_SQLITE if FASTEST else os.environ.get("SUITE_ROWS") == "own"
SYNC_DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}

if ROLLS_BACK and OWN_ROWS:
    raise pytest.UsageError("rows that another connection wrote cannot be rolled back: set SUITE_ROWS=application")


@asynccontextmanager
async def isolated(app: FastAPI) -> AsyncIterator[SessionFactory]:
    """Give the application its session factories for one test, and leave no row behind."""
    database: Database = app.state.database
    if ROLLS_BACK:
        async with database.engine.connect() as connection:
            transaction = await connection.begin()
            factory = application.session_factory(connection, join_transaction_mode="create_savepoint")
            with given(app, readers=factory, writers=factory):
                yield factory
            await transaction.rollback()
        take_written()
        return
    with given(app, readers=database.readers, writers=database.writers):
        yield database.writers
    if not OWN_ROWS and (written := take_written()):
        async with database.engine.begin() as connection:
            for table in written:
                await connection.execute(table.delete())


@contextmanager
def given(app: FastAPI, *, readers: SessionFactory, writers: SessionFactory) -> Iterator[None]:
    """Let requests open their sessions with these factories, by an override or in the database's own place."""
    if OVERRIDES:

        async def chosen(request: Request) -> SessionFactory:
            return readers if request.method in SAFE_METHODS else writers

        async def for_writing() -> SessionFactory:
            return writers

        app.dependency_overrides |= {get_session_factory: chosen, get_writers: for_writing}
        yield
        app.dependency_overrides.clear()
        return
    database: Database = app.state.database
    own = database.readers, database.writers
    database.readers, database.writers = readers, writers
    yield
    database.readers, database.writers = own


class Portaled:
    """An asynchronous session for tests that cannot await: its coroutines run in the application's loop."""

    def __init__(self, session: AsyncSession, portal: Any) -> None:
        self._session, self._portal = session, portal

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._session, name)
        if not iscoroutinefunction(attribute):
            return attribute

        def call(*args: Any, **options: Any) -> Any:
            return self._portal.call(partial(attribute, *args, **options))

        return call


@pytest.fixture(name="sessions")
async def async_sessions(running_app: FastAPI) -> AsyncIterator[SessionFactory]:
    """Isolate an asynchronous test in its own loop."""
    async with isolated(running_app) as factory:
        yield factory


@pytest.fixture(scope="session")
def rows_engine(settings: Any, schema: None) -> Iterator[Engine]:
    """Open a synchronous way into the database for an asynchronous test's rows."""
    url = make_url(settings.database_url)
    engine = create_engine(url.set(drivername=SYNC_DRIVERS[url.get_backend_name()]), connect_args=connect_args(url))
    begin_like_postgresql(engine)
    yield engine
    engine.dispose()


@pytest.fixture(name="sessions")
async def async_sessions_beside_own_rows(running_app: FastAPI, rows_engine: Engine) -> AsyncIterator[SessionFactory]:
    """Isolate an asynchronous test; the tests' own engine deletes what was written."""
    async with isolated(running_app) as factory:
        yield factory
    if written := take_written():
        with rows_engine.begin() as connection:
            for table in written:
                connection.execute(table.delete())


@pytest.fixture(name="db")
def async_db_of_its_own(rows_engine: Engine, sessions: SessionFactory) -> Iterator[AsyncSession]:
    """Open a synchronous session whose methods look awaitable and do their work at once."""
    with Session(rows_engine, expire_on_commit=False) as session:
        yield AsyncSession(sync_session_class=lambda **_: session)


@pytest.fixture(name="sessions")
def sync_sessions(app: FastAPI, http: Any, empty_tables: None) -> Iterator[SessionFactory]:
    """Isolate a synchronous test in the application's loop."""
    with http.portal.wrap_async_context_manager(isolated(app)) as factory:
        yield factory


@pytest.fixture(name="sessions")
def sync_sessions_beside_own_rows(app: FastAPI, http: Any, empty_tables: None) -> Iterator[SessionFactory]:
    """Give a synchronous test whose own engine deletes its rows the factories, without a way through the loop."""
    database: Database = app.state.database
    with given(app, readers=database.readers, writers=database.writers):
        yield database.writers


@pytest.fixture(name="empty_tables")
def sync_empty_tables(engine: Engine) -> Iterator[None]:
    """Delete, after the test, what nothing else has: what an application of the test's own committed."""
    yield
    if written := take_written():
        with engine.begin() as connection:
            for table in written:
                connection.execute(table.delete())


@pytest.fixture(name="db")
def sync_db(http: Any, sessions: SessionFactory) -> Iterator[Portaled]:
    """Open a synchronous test's own session in the application's loop."""
    with http.portal.wrap_async_context_manager(sessions()) as session:
        yield Portaled(session, http.portal)


# The fixtures that take the place of the suite's own, by suite and name.
IN_PLACE: dict[str, dict[str, Any]] = {
    "async": {"sessions": async_sessions},
    "sync": {"sessions": sync_sessions, "empty_tables": sync_empty_tables, "db": sync_db},
}
if OWN_ROWS:
    IN_PLACE = {
        "async": {"sessions": async_sessions_beside_own_rows, "rows_engine": rows_engine, "db": async_db_of_its_own},
        "sync": {"sessions": sync_sessions_beside_own_rows},
    }


@pytest.hookimpl(tryfirst=True)
def pytest_plugin_registered(plugin: Any) -> None:
    """Put the fixtures in place before pytest reads those of the suite's conftest.py."""
    path = getattr(plugin, "__file__", None) or ""
    for suite, fixtures in IN_PLACE.items():
        if path.endswith(f"suites/{suite}/conftest.py"):
            for name, fixture in fixtures.items():
                setattr(plugin, name, fixture)
