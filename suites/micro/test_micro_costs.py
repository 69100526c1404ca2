"""What a request, a client, a loop and a session cost, each alone."""

import asyncio

from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import SQLModel

LIVE = "/health/live"
REQUEST = "one request"
OPENING = "opening and closing"
DATABASE = "database"


def test_bare_asgi_call(cost, served, run):
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": LIVE,
        "raw_path": LIVE.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"testserver")],
        "client": ("testclient", 50000),
        "server": ("testserver", 80),
    }

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def call():
        sent = []

        async def send(message):
            sent.append(message)

        await served({**scope, "state": {}}, receive, send)
        return sent[0]["status"]

    assert run(call()) == 204
    cost("bare ASGI call (the floor)", lambda: run(call()), group=REQUEST)


def test_async_client_request(cost, async_client, run):
    assert run(async_client.get(LIVE)).status_code == 204
    cost("AsyncClient", lambda: run(async_client.get(LIVE)), style="async", group=REQUEST)


def test_entered_client_request(cost, entered_client):
    assert entered_client.get(LIVE).status_code == 204
    cost("TestClient, entered", lambda: entered_client.get(LIVE), style="sync", group=REQUEST)


def test_unentered_client_request(cost, app):
    client = TestClient(app)
    assert client.get(LIVE).status_code == 204
    cost(
        "TestClient, not entered (a thread and a loop per request)",
        lambda: client.get(LIVE),
        style="sync",
        group=REQUEST,
    )


def test_entering_the_open_loop(cost, run):
    async def nothing():
        return None

    cost("entering an open loop (part of every async row)", lambda: run(nothing()), style="async", group=REQUEST)


def test_making_a_loop(cost):
    def make():
        with asyncio.Runner() as runner:
            runner.get_loop()

    cost("event loop", make, style="async", group=OPENING)


def test_portal_call(cost, entered_client):
    async def nothing():
        return None

    cost(
        "one call through TestClient's portal", lambda: entered_client.portal.call(nothing), style="sync", group=REQUEST
    )


def test_opening_a_test_client(cost, app):
    def enter():
        with TestClient(app):
            pass

    cost("TestClient with thread, loop and lifespan", enter, style="sync", group=OPENING)


def test_opening_an_async_client_and_lifespan(cost, app, run, open_async_client):
    async def enter():
        async with app.router.lifespan_context(app):
            async with open_async_client(app):
                pass

    cost("AsyncClient with lifespan", lambda: run(enter()), style="async", group=OPENING)


def test_session_and_rollback(cost, served, run):
    async def work():
        async with served.state.database.readers() as session:
            await session.scalar(text("SELECT 1"))
            await session.rollback()

    cost("async session, one SELECT, rollback (pooled)", lambda: run(work()), style="async", group=DATABASE)


def test_sync_session_and_rollback(cost, sync_sessions):
    def work():
        with sync_sessions() as session:
            session.scalar(text("SELECT 1"))
            session.rollback()

    cost("sync session, one SELECT, rollback (pooled)", work, style="sync", group=DATABASE)


def test_connecting(cost, served, run):
    async def connect():
        engine = served.state.database.engine
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
        await engine.dispose()

    cost("new async connection, one SELECT", lambda: run(connect()), style="async", group=DATABASE)


def test_sync_connecting(cost, sync_engine):
    def connect():
        with sync_engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        sync_engine.dispose()

    cost("new sync connection, one SELECT", connect, style="sync", group=DATABASE)


def test_deleting_all_rows(cost, sync_engine):
    def delete():
        with sync_engine.begin() as connection:
            for table in reversed(SQLModel.metadata.sorted_tables):
                connection.execute(table.delete())

    cost("deleting the rows of all tables (none there)", delete, style="sync", group=DATABASE)
