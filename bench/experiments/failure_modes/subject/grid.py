"""Run the tiny suites of some cells, each repeat in a process of its own, and write how every test ended.

    python grid.py [--repeats N] [--deadline SECONDS] scope/engine/pool/session/join/client ...

The backend is that of DATABASE_URL. Packages are imported once, before any loop or engine exists, and every repeat
is a fork of that state: a process as fresh as a new one, at a tenth of the price.
"""

import argparse
import contextlib
import gc
import json
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import _pytest.config
import pytest
from suite_text import TEST_NAMES, Wiring, files

ASYNC_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
SYNC_DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}
# Imported in the parent, so that no child pays for it.
HEAVY = (
    "fastapi.testclient",
    "sqlalchemy.ext.asyncio",
    "sqlalchemy.orm",
    "sqlalchemy.dialects.postgresql.asyncpg",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.aiosqlite",
    "asyncpg",
    "aiosqlite",
    "psycopg",
    "pytest_asyncio.plugin",
    *(f"_pytest.{name}" for name in getattr(_pytest.config, "default_plugins", ())),
)
CHAIN_LIMIT = 4000


class Recorder:
    """Write one line per report that failed, and one per test that began, while the suite runs."""

    def __init__(self, path: Path, suite: Path) -> None:
        """Write to `path`; frames inside `suite` are ours."""
        self.path, self.suite = path, suite

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Note the test that begins, which is the one that hangs if nothing follows."""
        self._write({"test": nodeid.rpartition("::")[2], "began": True})

    def pytest_exception_interact(self, node: Any, call: Any) -> None:
        """Note an exception, wherever it was raised."""
        self._write({"test": node.name, "when": call.when, **self._described(call.excinfo.value)})

    def _described(self, error: BaseException) -> dict[str, Any]:
        ours = [frame for frame in traceback.extract_tb(error.__traceback__) if self._is_ours(frame.filename)]
        return {
            "error": type(error).__name__,
            "message": str(error).split("\n", 1)[0][:300],
            "chain": "\n".join(f"{type(each).__name__}: {each}" for each in _chain(error))[:CHAIN_LIMIT],
            "line": ours[-1].line if ours else "",
            "file": f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "",
        }

    def _is_ours(self, filename: str) -> bool:
        return Path(filename).parent == self.suite

    def _write(self, event: dict[str, Any]) -> None:
        with self.path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(event) + "\n")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def run_once(cell_id: str, number: int, *, folder: Path, deadline_seconds: float) -> dict[str, Any]:
    """Run the suite of one cell in a fork and return its events and its ending."""
    suite = folder / f"cell{number}"
    suite.mkdir()
    events = folder / f"cell{number}.jsonl"
    events.touch()
    child = os.fork()
    if child == 0:
        _be_the_child(cell_id, number, suite=suite, events=events)
    ending = _wait(child, deadline_seconds)
    recorded = [json.loads(line) for line in events.read_text(encoding="utf-8").splitlines()]
    shutil.rmtree(suite, ignore_errors=True)
    return {"ending": ending, "events": recorded}


def repeated(cell_id: str, index: int, *, folder: Path, options: argparse.Namespace) -> list[dict[str, Any]]:
    """Run one cell as often as asked; a suite that hangs is not run again, since waiting longer shows nothing."""
    runs: list[dict[str, Any]] = []
    for repeat in range(options.repeats):
        number = index * options.repeats + repeat
        runs.append(run_once(cell_id, number, folder=folder, deadline_seconds=options.deadline))
        if runs[-1]["ending"] == "hangs":
            break
    return runs


def _be_the_child(cell_id: str, number: int, *, suite: Path, events: Path) -> None:
    """Run pytest and leave at once: no exit handler of the parent's may run here."""
    code = 99
    try:
        os.setsid()
        output = os.open(suite / "output.txt", os.O_CREAT | os.O_WRONLY)
        os.dup2(output, 1)
        os.dup2(output, 2)
        _write_suite(cell_id, number, suite)
        os.chdir(suite)
        sys.path.insert(0, str(suite))
        _create_table()
        code = int(
            pytest.main(
                ["-q", "-p", "no:cacheprovider", "-p", "pytest_asyncio.plugin", "-c", "pytest.ini", "."],
                plugins=[Recorder(events, suite)],
            )
        )
    except BaseException:  # noqa: BLE001 - the parent learns it from the exit code and the output
        traceback.print_exc()
    finally:
        os._exit(code)


def _write_suite(cell_id: str, number: int, suite: Path) -> None:
    scheme, rest = os.environ["DATABASE_URL"].split("://", 1)
    backend = scheme.partition("+")[0]
    os.environ.update(
        SUITE_TABLE=f"note{number}",
        SUITE_ASYNC_URL=f"{ASYNC_DRIVERS[backend]}://{rest}",
        SUITE_SYNC_URL=f"{SYNC_DRIVERS[backend]}://{rest}",
        PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",
    )
    for name, text in files(Wiring.parse(cell_id), backend=backend).items():
        (suite / name).write_text(text, encoding="utf-8")


def _create_table() -> None:
    """Create the table over the synchronous driver: no loop has to exist for it."""
    import notes  # type: ignore[import-not-found]
    from sqlalchemy import create_engine

    engine = create_engine(os.environ["SUITE_SYNC_URL"])
    notes.Base.metadata.create_all(engine)
    engine.dispose()


def _wait(child: int, deadline_seconds: float) -> str:
    """Return "exit N", or "hangs" for a child that had to be killed."""
    deadline = time.monotonic() + deadline_seconds
    while time.monotonic() < deadline:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return f"exit {os.waitstatus_to_exitcode(status)}"
        time.sleep(0.01)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "hangs"


def main() -> None:
    """Run every cell that the command line names."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--deadline", type=float, default=10.0)
    parser.add_argument("cells", nargs="+")
    options = parser.parse_args()
    why = _preloaded()
    with tempfile.TemporaryDirectory() as folder:
        cells = [
            {
                "id": cell_id,
                "repeats": [] if why else repeated(cell_id, index, folder=Path(folder), options=options),
            }
            for index, cell_id in enumerate(options.cells)
        ]
    result = {"schema": "failure-modes/1", "why": why, "tests": TEST_NAMES, "cells": cells}
    Path(os.environ["TWINBENCH_RESULT"]).write_text(json.dumps(result), encoding="utf-8")


def _preloaded() -> str:
    """Import what the suites need; return why that is impossible, or nothing."""
    if not hasattr(os, "fork"):
        return "this system cannot fork a process"
    for name in HEAVY:
        try:
            __import__(name)
        except ImportError as error:
            return f"{name} cannot be imported ({error})"
    gc.freeze()  # a child that collects would copy every page of the parent's objects
    return ""


if __name__ == "__main__":
    main()
