"""The oracles plugin, alone in a suite that is not ours: each finds what it is for, and nothing in a clean test."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROBE = Path(__file__).parents[2] / "bench" / "probe"
SUITE = """
import asyncio
import gc
import time
import warnings

import pytest
from sqlalchemy import create_engine, text
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

kept = []


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    return create_engine(f"sqlite:///{tmp_path_factory.mktemp('database') / 'file.db'}")


@pytest.fixture
def loop():
    loop = asyncio.new_event_loop()
    kept.append(loop)
    return loop


async def work():
    await asyncio.sleep(0)


def asking(engine, times):
    def answer(request):
        with engine.connect() as connection:
            for _ in range(times):
                connection.execute(text("SELECT 1"))
        return PlainTextResponse("done")

    return TestClient(Starlette(routes=[Route("/", answer)])).get("/")


def test_clean(engine, loop):
    with engine.begin() as connection:
        connection.execute(text("SELECT 1"))
    loop.run_until_complete(work())
    assert asking(engine, 2).text == "done"


def test_never_awaited():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        work()
        gc.collect()


def test_pending_task(loop):
    kept.append(loop.create_task(asyncio.sleep(600)))
    loop.run_until_complete(work())


def test_connection(engine):
    kept.append(engine.connect())


def test_transaction(engine):
    connection = engine.connect()
    connection.begin()
    kept.append(connection)


def test_blocked_loop(loop):
    async def spin():
        end = time.thread_time() + 0.2
        while time.thread_time() < end:
            pass

    loop.run_until_complete(spin())


def test_statements(engine):
    assert asking(engine, 4).text == "done"


def test_connection_that_died(engine):
    with engine.connect() as connection:
        transaction = connection.begin()
        connection.invalidate()
        transaction.rollback()
"""
FOUND = {
    "test_never_awaited": {"never-awaited"},
    "test_pending_task": {"pending-task"},
    "test_connection": {"connection"},
    "test_transaction": {"connection", "transaction"},
    "test_blocked_loop": {"blocked-loop"},
    "test_statements": {"statements"},
}


@pytest.fixture
def run(tmp_path):
    (tmp_path / "test_suite.py").write_text(SUITE, "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", "utf-8")

    def run(**environment):
        own = {"TWINBENCH_BLOCKED_MS": "100", "TWINBENCH_STATEMENTS": "3", "PYTHONPATH": str(PROBE)}
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "twinbench_oracles", "-p", "no:cacheprovider", "-rfE"],
            cwd=tmp_path,
            env={**os.environ, **own, **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def test_each_oracle_notes_what_it_is_for_and_nothing_else(run, tmp_path):
    done = run(TWINBENCH_ORACLES="note", TWINBENCH_OUT=str(tmp_path / "events"))
    assert done.returncode == 0, done.stdout
    found: dict[str, set[str]] = {}
    for line in (tmp_path / "events").read_text("ascii").splitlines():
        _, kind, (test, oracle, _) = json.loads(line)
        assert kind == "oracle"
        found.setdefault(test.rpartition("::")[2], set()).add(oracle)
    assert found == FOUND


def test_a_finding_fails_its_test_unless_its_oracle_is_off(run):
    done = run(TWINBENCH_ORACLES_OFF="statements,blocked-loop")
    failed = {
        line.split("::")[1].split()[0] for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))
    }
    assert failed == FOUND.keys() - {"test_statements", "test_blocked_loop"}
    assert "work was never awaited" in done.stdout
