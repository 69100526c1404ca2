"""Run the application in the tests' own event loop, inside a transaction that is rolled back.

How long the loop and the running application live (SUITE_SCOPE: function or session) comes from the environment.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncConnection
from wiring import ASGITransport, AsyncClient, AsyncSession, Call
from world import NOON, Maker, ManualClock, Person, suite_settings

from app.database import Database, SessionFactory, get_session_factory, get_writers, session_factory
from app.factory import create_app
from app.security.encryption import SecretCipher
from app.security.passwords import Passwords
from app.security.tokens import AccessTokens
from app.settings import Settings
from suites.outside import Outside, transport


def suite_scope(fixture_name: str, config: pytest.Config) -> Any:
    """Return the scope of everything that belongs to one event loop."""
    return os.environ.get("SUITE_SCOPE", "session")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Let anyio's plugin, where it is the one in use, keep one asyncio loop for the whole run."""
    return "asyncio"


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Return the settings; the database and its pool come from the environment."""
    return suite_settings(os.environ["DATABASE_URL"])


@pytest.fixture(scope="session")
def schema(settings: Settings) -> None:
    """Create the tables, in a loop of its own that is gone before the tests' loop begins."""

    async def create() -> None:
        database = Database.open(settings)
        await database.create_schema()
        await database.close()

    asyncio.run(create())


@pytest.fixture(scope="session")
def app(settings: Settings) -> FastAPI:
    """Return the application, not running yet."""
    return create_app(settings, clock=ManualClock(), transport=transport(Outside()))


@pytest.fixture(scope=suite_scope)
async def running_app(app: FastAPI, schema: None) -> AsyncIterator[FastAPI]:
    """Run the application's lifespan, which ASGITransport does not."""
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture(scope=suite_scope)
async def http(running_app: FastAPI) -> AsyncIterator[AsyncClient]:
    """Open a client that calls the application without a network."""
    transport = ASGITransport(app=running_app)
    async with AsyncClient(transport=transport, base_url="http://testserver", follow_redirects=True) as client:
        yield client


@pytest.fixture
async def connection(running_app: FastAPI) -> AsyncIterator[AsyncConnection]:
    """Open the one connection of a test, with an outer transaction that is never committed."""
    database: Database = running_app.state.database
    async with database.engine.connect() as connection:
        transaction = await connection.begin()
        yield connection
        await transaction.rollback()


@pytest.fixture
def sessions(app: FastAPI, connection: AsyncConnection) -> Iterator[SessionFactory]:
    """Give every request a new session on the test's connection, whose commits only release savepoints."""
    factory = session_factory(connection, join_transaction_mode="create_savepoint")

    async def get_test_factory() -> SessionFactory:
        return factory

    app.dependency_overrides |= {get_session_factory: get_test_factory, get_writers: get_test_factory}
    yield factory
    app.dependency_overrides.clear()


@pytest.fixture
async def db(sessions: SessionFactory) -> AsyncIterator[AsyncSession]:
    """Open the test's own session; the application never gets it."""
    async with sessions() as session:
        yield session


@pytest.fixture
def client(http: AsyncClient, sessions: SessionFactory, clock: ManualClock) -> AsyncClient:
    """Return the client, once the application uses the test's connection."""
    return http


@pytest.fixture
def call(sessions: SessionFactory) -> Call:
    """Return a function that runs a service function in a new session, as an endpoint would."""

    async def call(function: Call, *args: Any, **options: Any) -> Any:
        async with sessions() as session:
            return await function(session, *args, **options)

    return call


@pytest.fixture
def drive(sessions: SessionFactory) -> Call:
    """Return a function that runs what opens its own sessions, as the background worker would."""

    async def drive(function: Call, *args: Any, **options: Any) -> Any:
        return await function(sessions, *args, **options)

    return drive


@pytest.fixture
def deliver(app: FastAPI, drive: Call) -> Call:
    """Return a function that works the outbox off and tells how many messages were done."""

    async def deliver() -> Any:
        return await drive(app.state.runtime.relay.deliver_due)

    return deliver


@pytest.fixture
def clock(app: FastAPI) -> ManualClock:
    """Return the application's clock, back at noon."""
    clock: ManualClock = app.state.clock
    clock.now = NOON
    return clock


@pytest.fixture
def outside(app: FastAPI) -> Outside:
    """Return what the application reaches over HTTP, with nothing in it."""
    outside: Outside = app.state.transport.app
    outside.reset()
    return outside


@pytest.fixture
def passwords(app: FastAPI) -> Passwords:
    """Return the application's password hasher."""
    passwords: Passwords = app.state.passwords
    return passwords


@pytest.fixture
def access_tokens(app: FastAPI) -> AccessTokens:
    """Return the application's access tokens."""
    access_tokens: AccessTokens = app.state.access_tokens
    return access_tokens


@pytest.fixture
def cipher(app: FastAPI) -> SecretCipher:
    """Return the application's cipher."""
    cipher: SecretCipher = app.state.cipher
    return cipher


@pytest.fixture
def make(db: AsyncSession, access_tokens: AccessTokens, cipher: SecretCipher, clock: ManualClock) -> Maker:
    """Return the maker of rows."""
    return Maker(db, access_tokens=access_tokens, cipher=cipher, clock=clock)


@pytest.fixture
async def alice(make: Maker) -> Person:
    """Return someone who is logged in."""
    return await make.person("alice")


@pytest.fixture
async def bob(make: Maker) -> Person:
    """Return someone else who is logged in."""
    return await make.person("bob")
