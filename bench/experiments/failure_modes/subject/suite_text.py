"""Write the tiny suite of one cell: an application, fixtures and five tests, as a team would write them.

The text is made line by line from the cell's factors, so that the line that a traceback names is one that a reader
recognises. Rows have texts of their own in every test: nothing has to be deleted in between.
"""

from collections.abc import Mapping
from dataclasses import dataclass

JOINS = {
    "none": "",
    "default": ', join_transaction_mode="conditional_savepoint"',
    "savepoint": ', join_transaction_mode="create_savepoint"',
}
POOLS = {"pooled": "", "null": ", poolclass=NullPool", "static": ", poolclass=StaticPool"}

APP = """\
import asyncio
import os
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI, HTTPException, Request
from sqlalchemy import NullPool, StaticPool, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Note(Base):
    __tablename__ = os.environ["SUITE_TABLE"]
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(unique=True)


def new_engine():
    return create_async_engine(os.environ["SUITE_ASYNC_URL"]{pool}{timeout})


{at_import}
@asynccontextmanager
async def lifespan(app):
    {lifespan}
    yield


async def get_session(request: Request):
    async with request.app.state.sessions() as session:
        yield session


app = FastAPI(lifespan=lifespan)


@app.post("/notes/{{text}}", status_code=201)
async def create(text: str, session: AsyncSession = Depends(get_session)):
    session.add(Note(text=text))
    try:
        await session.commit()
    except IntegrityError:
        await session.rollback()
        raise HTTPException(409)


@app.get("/notes/{{text}}")
async def read(text: str, session: AsyncSession = Depends(get_session)):
    if await session.scalar(select(Note).where(Note.text == text)) is None:
        raise HTTPException(404)


@app.put("/notes/{{text}}")
async def touch(text: str, session: AsyncSession = Depends(get_session)):
    note = await session.scalar(select(Note).where(Note.text == text))
    if note is None:
        raise HTTPException(404)
    session.add(Note(text=f"after {{note.text}}"))
    await session.commit()


@app.post("/slow/{{text}}", status_code=201)
async def create_slowly(text: str, session: AsyncSession = Depends(get_session)):
    await session.scalar(select(Note.id).where(Note.text == text))
    await asyncio.sleep(0.05)
    session.add(Note(text=text))
    await session.commit()
"""

HEAD = """\
import asyncio
import os

import pytest
import pytest_asyncio
from fastapi.testclient import TestClient
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import Session

import notes
from notes import app, get_session, new_engine

try:
    from httpx2 import ASGITransport, AsyncClient
except ModuleNotFoundError:
    from httpx import ASGITransport, AsyncClient

"""

EVENT_LOOP = """
@pytest.fixture(scope="session")
def event_loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()

"""

ENGINES = {
    "import": """
@pytest.fixture(scope="session")
def engine():
    return notes.engine

""",
    "session": """
@pytest.fixture(scope="session")
def engine():
    return new_engine()

""",
    "per-loop": """
@pytest_asyncio.fixture(scope="{scope}")
async def engine():
    engine = new_engine()
    yield engine
    await engine.dispose()

""",
}

CONNECTION = """
@pytest_asyncio.fixture
async def connection(engine):
    async with engine.connect() as connection:
        transaction = await connection.begin()
        yield connection
        await transaction.rollback()

"""

DB = """
@pytest_asyncio.fixture
async def db({bind}):
    async with AsyncSession({bind}{join}) as session:
        yield session

"""

SYNC_DB = """
@pytest.fixture(scope="session")
def sync_engine():
    return create_engine(os.environ["SUITE_SYNC_URL"]{timeout})


@pytest.fixture
def db(sync_engine):
    with Session(sync_engine) as session:
        yield session

"""

SYNC_JOINED_DB = """
@pytest.fixture(scope="session")
def sync_engine():
    return create_engine(os.environ["SUITE_SYNC_URL"]{timeout})


@pytest.fixture
def db(sync_engine):
    with sync_engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection{join}) as session:
            yield session
        transaction.rollback()

"""

CLIENTS = {
    "asyncclient": """
@pytest_asyncio.fixture
async def client({needs}):
    {sessions}
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as client:
        yield client
""",
    "testclient-entered": """
@pytest.fixture
def client({needs}):
    {sessions}
    with TestClient(app) as client:
        yield client
""",
    "testclient": """
@pytest.fixture
def client({needs}):
    {sessions}
    return TestClient(app)
""",
}

TESTS = """\
import asyncio
from concurrent.futures import ThreadPoolExecutor

from notes import Note
from sqlalchemy import select


ASYNC def test_write(client, db):
    response = CALL client.post("/notes/write")
    assert response.status_code == 201
    assert ASK db.scalar(select(Note.text).where(Note.text == "write")) == "write"


ASYNC def test_write_again(client, db):
    response = CALL client.post("/notes/again")
    assert response.status_code == 201
    assert ASK db.scalar(select(Note.text).where(Note.text == "again")) == "again"


ASYNC def test_attribute(client, db):
    note = Note(text="attribute")
    db.add(note)
    ASK db.commit()
    ASK db.refresh(note)
    response = CALL client.put("/notes/attribute")
    assert response.status_code == 200
    assert note.text == "attribute"


ASYNC def test_refusal(client, db):
    first = CALL client.post("/notes/refusal")
    second = CALL client.post("/notes/refusal")
    third = CALL client.get("/notes/refusal")
    assert [first.status_code, second.status_code, third.status_code] == [201, 409, 200]


ASYNC def test_overlap(client, db):
    {overlap}
    assert [response.status_code for response in responses] == [201, 201]
"""
OVERLAPS = {
    True: 'responses = await asyncio.gather(client.post("/slow/one"), client.post("/slow/two"))',
    False: """with ThreadPoolExecutor() as pool:
        responses = list(pool.map(client.post, ["/slow/one", "/slow/two"]))""",
}
TEST_NAMES = ("test_write", "test_write_again", "test_attribute", "test_refusal", "test_overlap")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """The factors of one cell, as words; `scope` is "none" where tests are plain functions."""

    scope: str
    engine: str
    pool: str
    session: str
    join: str
    client: str

    @classmethod
    def parse(cls, cell_id: str) -> "Wiring":
        """Read `scope/engine/pool/session/join/client`."""
        return cls(**dict(zip(cls.__slots__, cell_id.split("/"), strict=True)))

    @property
    def is_async(self) -> bool:
        """Whether tests are coroutines."""
        return self.session != "sync"

    @property
    def app_has_engine(self) -> bool:
        """Whether the application opens an engine in its lifespan, which only TestClient runs."""
        return self.engine == "per-loop" and self.client != "asyncclient"


def files(wiring: Wiring, *, backend: str) -> Mapping[str, str]:
    """Return the suite's files by name."""
    # A reader that waits five seconds for a lock shows nothing that half a second does not show.
    timeout = ', connect_args={"timeout": 0.5}' if backend == "sqlite" else ""
    return {
        "notes.py": _app(wiring, timeout=timeout),
        "conftest.py": _conftest(wiring, timeout=timeout),
        "test_notes.py": _tests(wiring),
        "pytest.ini": _settings(wiring),
    }


def _app(wiring: Wiring, *, timeout: str) -> str:
    opens = "app.state.sessions = async_sessionmaker(new_engine())"
    return APP.format(
        pool=POOLS[wiring.pool],
        timeout=timeout,
        at_import="engine = new_engine()\n\n" if wiring.engine == "import" else "",
        lifespan=opens if wiring.app_has_engine else "pass",
    )


def _conftest(wiring: Wiring, *, timeout: str) -> str:
    fixture_scope = "session" if wiring.scope == "event-loop" else wiring.scope
    parts = [HEAD]
    if wiring.scope == "event-loop":
        parts.append(EVENT_LOOP)
    if wiring.is_async or wiring.engine != "per-loop":
        parts.append(ENGINES[wiring.engine].format(scope=fixture_scope))
    parts.append(_db(wiring, timeout=timeout))
    needs, sessions = _wired(wiring)
    parts.append(CLIENTS[wiring.client].format(needs=needs, sessions=sessions))
    return "".join(parts)


def _db(wiring: Wiring, *, timeout: str) -> str:
    joined = wiring.join != "none"
    if not wiring.is_async:
        return (SYNC_JOINED_DB if joined else SYNC_DB).format(timeout=timeout, join=JOINS[wiring.join])
    text = DB.format(bind="connection" if joined else "engine", join=JOINS[wiring.join])
    return CONNECTION + text if joined else text


def _wired(wiring: Wiring) -> tuple[str, str]:
    """Return what the client fixture needs, and the line that hands sessions to the application."""
    if wiring.session == "shared":
        return "db", "app.dependency_overrides[get_session] = lambda: db"
    if wiring.app_has_engine:
        return "", "pass"
    bind = "connection" if wiring.is_async and wiring.join != "none" else "engine"
    join = JOINS[wiring.join] if bind == "connection" else ""
    return bind, f"app.state.sessions = async_sessionmaker({bind}{join})"


def _tests(wiring: Wiring) -> str:
    awaits_client = wiring.client == "asyncclient"
    text = TESTS.format(overlap=OVERLAPS[awaits_client])
    text = text.replace("CALL ", "await " if awaits_client else "")
    return text.replace("ASK ", "await " if wiring.is_async else "").replace(
        "ASYNC ", "async " if wiring.is_async else ""
    )


def _settings(wiring: Wiring) -> str:
    lines = ["[pytest]", "asyncio_mode = auto"]
    if wiring.scope in ("function", "module", "session"):
        lines.append(f"asyncio_default_fixture_loop_scope = {wiring.scope}")
        lines.append(f"asyncio_default_test_loop_scope = {wiring.scope}")
    return "\n".join((*lines, ""))
