"""Watch work that a request leaves behind: is it done, still running or cancelled when each client returns?

Each kind of work takes a moment after the response is ready, and notes its end. What a client's user can rely on is
what is done at every return, so each observation is repeated.
"""

import asyncio
import os
import sys
import time
import warnings
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

from clients import WAYS, Application, Notes, Request, Way
from packages import CannotObserveError, needed, versions, write_result
from watched import routed, text

REPEATS = 20
WORK_SECONDS = 0.02
SETTLE_SECONDS = 0.3
KEPT: set[Any] = set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One row: what is left behind, and an application that leaves it."""

    id: str
    title: str
    app: Callable[[Notes], Application]


async def _work(notes: Notes) -> None:
    try:
        await asyncio.sleep(WORK_SECONDS)
        notes["work"] = "done"
    except asyncio.CancelledError:
        notes["work"] = "cancelled"
        raise


def _task(notes: Notes) -> Application:
    async def handler(_: Any) -> Any:
        task = asyncio.create_task(_work(notes))
        KEPT.add(task)
        return text()

    return routed(handler)


def _background(notes: Notes) -> Application:
    task = needed("starlette.background", "BackgroundTask")

    async def handler(_: Any) -> Any:
        return text(background=task(_work, notes))

    return routed(handler)


def _dependency(notes: Notes) -> Application:
    fastapi, depends = needed("fastapi", "FastAPI", "Depends")
    app = fastapi()

    async def session() -> AsyncIterator[str]:
        yield "session"
        await _work(notes)

    @app.get("/")
    async def handler(_: str = depends(session)) -> str:
        return "hello"

    found: Application = app
    return found


def _generator(notes: Notes) -> Application:
    streaming = needed("starlette.responses", "StreamingResponse")

    async def parts() -> AsyncIterator[bytes]:
        try:
            yield b"hello"
        finally:
            await _work(notes)

    async def handler(_: Any) -> Any:
        return streaming(parts())

    return routed(handler)


def _shielded(notes: Notes) -> Application:
    async def handler(_: Any) -> Any:
        task = asyncio.ensure_future(_work(notes))
        KEPT.add(task)
        await asyncio.wait([asyncio.shield(task)], timeout=0.001)
        return text()

    return routed(handler)


WORKS = (
    Work(id="task", title="A task that the endpoint started", app=_task),
    Work(id="background", title="A background task of the response", app=_background),
    Work(id="dependency", title="What a dependency does after its yield", app=_dependency),
    Work(id="generator", title="The finally of a streaming generator", app=_generator),
    Work(id="shielded", title="Shielded work that the endpoint gave up waiting for", app=_shielded),
)


def observe(work: Work, way: Way, *, repeats: int = REPEATS) -> dict[str, Any]:
    """Return how the work stood at each return and at last, {"at_return": {state: count}, ...}, or why not."""
    at_return: Counter[str] = Counter()
    at_last: Counter[str] = Counter()
    try:
        for _ in range(repeats):
            notes: Notes = {}
            with way.open(work.app(notes), notes, backend="asyncio") as caller:
                answer = caller.in_turn(Request())[0]
                if answer.error:
                    return {"why": f"the request raised {answer.error}"}
                at_return[answer.notes.get("work", "running")] += 1
                _settle(notes)
            at_last[notes.get("work", "never ended")] += 1
    except (CannotObserveError, ImportError, AttributeError) as error:
        return {"why": str(error)}
    except BaseException as error:  # noqa: BLE001 - a client's error, of whatever kind, is one cell's
        return {"why": f"{type(error).__name__}: {error}"}
    return {"at_return": dict(at_return), "at_last": dict(at_last)}


def _settle(notes: Notes) -> None:
    deadline = time.monotonic() + SETTLE_SECONDS
    while "work" not in notes and time.monotonic() < deadline:
        time.sleep(0.002)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    write_result(
        {
            "schema": "awaits/1",
            "packages": versions(),
            "clients": [{"id": way.id, "title": way.title} for way in WAYS],
            "rows": [
                {"id": work.id, "title": work.title, "cells": {way.id: observe(work, way) for way in WAYS}}
                for work in WORKS
            ],
        }
    )
    sys.stdout.flush()
    os._exit(0)
