"""The counters count inside a process of their own; what is not counted is not touched."""

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

PROBE = Path(__file__).parents[2] / "bench" / "probe"
BEGIN = "import sys; sys.path.insert(0, {probe!r}); import twinbench_counters; counters = twinbench_counters.start()"
END = "import json; print(json.dumps(counters.facts()))"


@pytest.fixture
def counted():
    """Run a program with counters and give what they counted."""

    def counted(program):
        text = "\n".join([BEGIN.format(probe=str(PROBE)), dedent(program), END])
        done = subprocess.run([sys.executable, "-W", "error", "-c", text], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return counted


def test_each_event_loop_is_counted(counted):
    found = counted("""
        import asyncio
        async def nothing(): pass
        asyncio.run(nothing())
        asyncio.run(nothing())
    """)
    assert found["exercised"]["event_loops"] == 2


def test_a_thread_is_counted_under_the_module_whose_work_it_does(counted):
    found = counted("""
        import threading
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(1) as pool:
            pool.submit(int).result()
    """)
    assert found["exercised"]["threads"] == {"concurrent.futures.thread": 1}


def test_connections_are_counted_by_driver(counted):
    found = counted("""
        import asyncio, sqlite3, aiosqlite
        sqlite3.connect(":memory:").close()
        async def twice():
            for _ in range(2):
                async with aiosqlite.connect(":memory:"): pass
        asyncio.run(twice())
    """)
    assert found["exercised"]["connections"] == {"sqlite3": 1, "aiosqlite": 2}


@pytest.mark.parametrize(
    ("modules", "call"),
    [
        ("psycopg", "psycopg.connect('host=/nowhere')"),
        ("psycopg", "asyncio.run(psycopg.AsyncConnection.connect('host=/nowhere'))"),
        ("asyncpg", "asyncio.run(asyncpg.connect(host='/nowhere'))"),
        ("sqlite3", "sqlite3.connect('/nowhere/a.db')"),
        ("sqlite3, aiosqlite", "asyncio.run(aiosqlite.connect('/nowhere/a.db').__aenter__())"),
    ],
)
def test_a_connection_that_does_not_open_is_not_counted(counted, modules, call):
    found = counted(f"""
        import asyncio, {modules}
        try:
            {call}
        except Exception:  # each driver has errors of its own
            pass
        else:
            raise AssertionError("this was to fail")
    """)
    assert found["exercised"]["connections"] == {}


def test_what_a_suite_does_not_import_is_not_imported(counted):
    counted("""
        drivers = {"aiosqlite", "asyncpg", "psycopg", "sqlalchemy", "starlette", "anyio"}
        assert not drivers & set(sys.modules), drivers & set(sys.modules)
    """)


def test_requests_through_a_test_client_are_counted_with_its_loop_thread_and_portal(counted):
    found = counted("""
        from fastapi import FastAPI
        from fastapi.testclient import TestClient
        app = FastAPI()
        @app.get("/users/{name}")
        async def user(name: str): return name
        with TestClient(app) as client:
            for name in "abc":
                client.get(f"/users/{name}")
            client.get("/nowhere")
    """)
    assert found["requests"] == {"GET /users/{name} 200": 3, "GET /nowhere 404": 1}
    exercised = found["exercised"]
    assert exercised["event_loops"] == 1
    assert exercised["portal_calls"] > 4
    assert exercised["handed_across_threads"] >= exercised["portal_calls"]
    assert 0 < exercised["working_ns"] <= exercised["application_ns"]


def test_time_in_a_driver_is_counted(counted):
    found = counted("""
        from sqlalchemy import create_engine, text
        engine = create_engine("sqlite://")
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        engine.dispose()
    """)
    assert 0 < found["exercised"]["working_ns"] <= found["exercised"]["database_ns"]
