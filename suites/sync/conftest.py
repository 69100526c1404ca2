"""Run the application in TestClient's thread, on its own engine; delete what a test committed.

How long the running application lives (SUITE_SCOPE: function, module or session) comes from the environment.
"""

import os
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, create_engine, make_url
from sqlmodel import SQLModel
from wiring import Call, Client, Session
from world import NOON, Maker, ManualClock, Person, suite_settings

from app.database import SessionFactory, begin_like_postgresql, connect_args
from app.factory import create_app
from app.security.encryption import SecretCipher
from app.security.passwords import Passwords
from app.security.tokens import AccessTokens
from app.settings import Settings
from suites.outside import Outside, transport
from suites.written import take_written

SYNC_DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}


def client_scope(fixture_name: str, config: pytest.Config) -> Any:
    """Return how long one running application serves."""
    return os.environ.get("SUITE_SCOPE", "module")


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Return the settings; the database and its pool come from the environment."""
    return suite_settings(os.environ["DATABASE_URL"])


@pytest.fixture(scope="session")
def engine(settings: Settings) -> Iterator[Engine]:
    """Open the tests' own, synchronous way into the database and create the tables."""
    url = make_url(settings.database_url)
    driver = SYNC_DRIVERS[url.get_backend_name()]
    engine = create_engine(url.set(drivername=driver), connect_args=connect_args(url))
    begin_like_postgresql(engine)
    SQLModel.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def app(settings: Settings) -> FastAPI:
    """Return the application, not running yet."""
    return create_app(settings, clock=ManualClock(), transport=transport(Outside()))


@pytest.fixture(scope=client_scope)
def http(app: FastAPI, engine: Engine) -> Iterator[Client]:
    """Run the application and its lifespan in a thread and open a client that calls it."""
    with Client(app) as client:
        yield client


@pytest.fixture
def empty_tables(engine: Engine) -> Iterator[None]:
    """Delete, after the test, every row that it or the application committed."""
    yield
    if written := take_written():
        with engine.begin() as connection:
            for table in written:
                connection.execute(table.delete())


@pytest.fixture
def db(engine: Engine, empty_tables: None) -> Iterator[Session]:
    """Open the test's own session; the application never gets it."""
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def sessions(app: FastAPI, http: Client, empty_tables: None) -> SessionFactory:
    """Return what opens the sessions of services, in the application's thread."""
    writers: SessionFactory = app.state.database.writers
    return writers


@pytest.fixture
def client(http: Client, sessions: SessionFactory, clock: ManualClock) -> Client:
    """Return the client of an application whose rows are deleted after the test."""
    return http


@pytest.fixture
def call(http: Client, sessions: SessionFactory) -> Call:
    """Return a function that runs a service function in a new session, in the application's thread."""

    def call(function: Call, *args: Any, **options: Any) -> Any:
        async def in_new_session() -> Any:
            async with sessions() as session:
                return await function(session, *args, **options)

        assert http.portal is not None
        return http.portal.call(in_new_session)

    return call


@pytest.fixture
def drive(http: Client, sessions: SessionFactory) -> Call:
    """Return a function that runs what opens its own sessions, in the application's thread."""

    def drive(function: Call, *args: Any, **options: Any) -> Any:
        assert http.portal is not None
        return http.portal.call(partial(function, sessions, *args, **options))

    return drive


@pytest.fixture
def deliver(app: FastAPI, drive: Call) -> Call:
    """Return a function that works the outbox off and tells how many messages were done."""

    def deliver() -> Any:
        return drive(app.state.runtime.relay.deliver_due)

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
def make(db: Session, access_tokens: AccessTokens, cipher: SecretCipher, clock: ManualClock) -> Maker:
    """Return the maker of rows."""
    return Maker(db, access_tokens=access_tokens, cipher=cipher, clock=clock)


@pytest.fixture
def alice(make: Maker) -> Person:
    """Return someone who is logged in."""
    return make.person("alice")


@pytest.fixture
def bob(make: Maker) -> Person:
    """Return someone else who is logged in."""
    return make.person("bob")
