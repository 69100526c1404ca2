"""Open the database, hand out sessions, and make SQLite keep PostgreSQL's promises."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from functools import partial
from threading import Thread
from types import MappingProxyType
from typing import Annotated, Any, Final

import aiosqlite
from fastapi import Depends, Request
from sqlalchemy import URL, Connection, Engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from app.settings import Settings

SessionFactory = async_sessionmaker[AsyncSession]

ASYNC_DRIVERS: Final = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
INSERTS: Final[Mapping[str, Callable[[Any], Any]]] = MappingProxyType(
    {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
)
SQLITE_BUSY_TIMEOUT_S: Final = 10.0
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def async_url(url: str) -> URL:
    """Return the URL with the backend's asynchronous driver; raise ValueError for another backend."""
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend not in ASYNC_DRIVERS:
        raise ValueError(f"DATABASE_URL names {backend!r}; supported are {', '.join(ASYNC_DRIVERS)}")
    return parsed.set(drivername=ASYNC_DRIVERS[backend])


class SqliteConnection(sqlite3.Connection):
    """Keep the promises PostgreSQL keeps; set here, in the driver's thread, each costs no thread hop."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Open the connection as sqlite3 does."""
        super().__init__(*args, **options)
        self.executescript("PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")

    def close(self) -> None:
        """Roll back and close.

        SQLite keeps a closed connection, with its transaction and lock, until its last statement is finalized. One
        that was cut short by a cancellation is finalized by the garbage collector, whenever that is.
        """
        with suppress(sqlite3.ProgrammingError):  # closed already
            self.rollback()
        super().close()


class AioSqliteConnection(aiosqlite.Connection):
    """Stop once.

    A request that is cancelled while its connection closes makes SQLAlchemy stop the connection's thread; the closing
    that still runs then stops it a second time, and waits for an answer that a thread which has ended never gives: the
    event loop, and with it the server, does not come to its end.
    """

    _stopping = False

    def stop(self) -> asyncio.Future[Any] | None:
        """Stop the thread; return what tells when it has, or None where that is under way already."""
        if self._stopping:
            return None
        self._stopping = True
        return super().stop()


def open_aiosqlite(database: str, **options: Any) -> AioSqliteConnection:
    """Return a connection that opens when it is awaited; its thread keeps no process alive."""
    connection = AioSqliteConnection(partial(sqlite3.connect, database, **options), iter_chunk_size=64)
    thread = connection if isinstance(connection, Thread) else connection._thread  # noqa: SLF001 - before 0.22 it was one
    thread.daemon = True
    return connection


def connect_args(url: URL) -> dict[str, Any]:
    """Return what the driver of this URL must be told; pair it with begin_like_postgresql."""
    if url.get_backend_name() != "sqlite":
        return {}
    # The driver's own transaction control begins too late for a SAVEPOINT to be nested in anything. SQLAlchemy
    # documents switching it off and emitting BEGIN ("Transactions with SQLite and the sqlite3 driver").
    opened = {"async_creator_fn": open_aiosqlite} if url.drivername == ASYNC_DRIVERS["sqlite"] else {}
    return {"factory": SqliteConnection, "isolation_level": None, "timeout": SQLITE_BUSY_TIMEOUT_S, **opened}


def begin_like_postgresql(engine: Engine) -> None:
    """Make a SQLite engine begin its transactions itself; leave other engines alone."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "begin", _begin_sqlite_transaction)


def _begin_sqlite_transaction(connection: Connection) -> None:
    # A deferred transaction that reads and then writes fails at once, whatever the busy timeout, when another
    # writer came between. Writers therefore take the lock at BEGIN, where waiting is possible.
    mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


class Database:
    """Own the engine and the two session factories made from it."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take the engine over; close ends it."""
        begin_like_postgresql(engine.sync_engine)
        self.engine = engine
        self.readers = session_factory(engine)
        self.writers = session_factory(engine.execution_options(sqlite_begin="IMMEDIATE"))

    @classmethod
    def open(cls, settings: Settings) -> Database:
        """Return a database for the settings' URL and pool; nothing is connected yet."""
        pool: dict[str, Any] = {"poolclass": NullPool} if settings.database_pool == "null" else {}
        url = async_url(settings.database_url)
        return cls(create_async_engine(url, connect_args=connect_args(url), **pool))

    async def create_schema(self) -> None:
        """Create the tables that do not exist yet."""
        async with self.engine.begin() as connection:
            await connection.run_sync(SQLModel.metadata.create_all)

    async def close(self) -> None:
        """Close every pooled connection."""
        await self.engine.dispose()


def insert_for(session: AsyncSession, table: Any) -> Any:
    """Return an INSERT with ON CONFLICT: the same statement, of which SQLAlchemy has a class for each dialect."""
    return INSERTS[session.get_bind().dialect.name](table)


def session_factory(bind: AsyncEngine | AsyncConnection, **options: Any) -> SessionFactory:
    """Return a factory of sessions whose objects stay readable after a commit.

    Reloading an expired attribute would need an await that attribute access cannot do.
    """
    return async_sessionmaker(bind, class_=AsyncSession, expire_on_commit=False, **options)


async def get_session_factory(request: Request) -> SessionFactory:
    """Return the factory for this request: a writing one unless the method is safe."""
    database: Database = request.app.state.database
    return database.readers if request.method in SAFE_METHODS else database.writers


async def get_writers(request: Request) -> SessionFactory:
    """Return the factory for work that has transactions of its own, whatever the method."""
    database: Database = request.app.state.database
    return database.writers


SessionsDep = Annotated[SessionFactory, Depends(get_session_factory)]
WritersDep = Annotated[SessionFactory, Depends(get_writers)]


async def get_session(sessions: SessionsDep) -> AsyncIterator[AsyncSession]:
    """Yield one session per request; what was not committed is rolled back."""
    async with sessions() as session:
        yield session


async def end_reading(session: AsyncSession) -> None:
    """Give the session's connection back before something slow; what was read stays readable.

    On SQLite a request that may write holds the one write lock from its first statement: everybody would wait.
    """
    await session.commit()


SessionDep = Annotated[AsyncSession, Depends(get_session)]
