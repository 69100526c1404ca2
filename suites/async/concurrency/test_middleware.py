"""Middleware under overlap, as plain ASGI and with a timer of the test's own."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import pytest
from starlette.types import Receive, Scope, Send

from app.middleware.request_id import RequestIdMiddleware, as_request, current_request_id
from app.middleware.timing import TimingMiddleware

if TYPE_CHECKING:
    from conftest import Live


def http_scope(**changes: Any) -> dict[str, Any]:
    """Return the scope of a request without headers."""
    return {"type": "http", "method": "GET", "path": "/", "headers": [], **changes}


async def nothing() -> Any:
    """Receive nothing."""
    return {"type": "http.request"}


async def test_request_ids_do_not_mix_when_requests_overlap(live: Live) -> None:
    alice = await live.make.person("alice")
    connection = await live.make.connection(alice)
    path = f"/connections/{connection.id}/remote-accounts"
    live.outside.held["/accounts"] = asyncio.Event()
    ids = [f"request-{number:03}" for number in range(8)]
    requests = [
        asyncio.create_task(live.client.get(path, headers={**alice.headers, "X-Request-ID": id_})) for id_ in ids
    ]
    async with asyncio.timeout(20):
        while live.outside.in_flight < len(ids):
            await asyncio.sleep(0.001)
    live.outside.held["/accounts"].set()
    answers = await asyncio.gather(*requests)
    assert [answer.headers["X-Request-ID"] for answer in answers] == ids
    assert sorted(live.outside.request_ids) == ids


async def test_context_is_as_before_after_a_request() -> None:
    seen = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(current_request_id.get())
        await send({"type": "http.response.start", "status": 204, "headers": []})

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    with as_request("outer"):
        await RequestIdMiddleware(app)(http_scope(headers=[(b"x-request-id", b"inner-id")]), nothing, send)
        assert current_request_id.get() == "outer"
    assert seen == ["inner-id"]
    assert (b"x-request-id", b"inner-id") in sent[0]["headers"]


async def test_timing_stops_at_the_first_byte_and_warns_of_slow_answers(caplog: pytest.LogCaptureFixture) -> None:
    now = 0.0

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal now
        now += 1.5
        await send({"type": "http.response.start", "status": 200, "headers": []})
        now += 60
        await send({"type": "http.response.body", "body": b""})

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    caplog.set_level(logging.WARNING, "app.middleware.timing")
    await TimingMiddleware(app, slow_seconds=1.0, timer=lambda: now)(http_scope(), nothing, send)
    assert sent[0]["headers"] == [(b"server-timing", b"app;dur=1500.0")]
    assert "GET / began to answer after 1.500 s" in caplog.text


async def test_unexpected_error_is_answered_with_the_requests_id(live: Live, caplog: pytest.LogCaptureFixture) -> None:
    alice = await live.make.person("alice")
    connection = await live.make.connection(alice)
    live.outside.instead["/accounts"] = RuntimeError("a bug")
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"authorization", alice.headers["Authorization"].encode()), (b"x-request-id", b"from-the-proxy")]
    path = f"/connections/{connection.id}/remote-accounts"
    scope = http_scope(path=path, raw_path=path.encode(), query_string=b"", headers=headers, root_path="")
    with pytest.raises(RuntimeError, match="a bug"):
        await live.app(scope, nothing, send)
    assert sent[0]["status"] == 500
    assert (b"x-request-id", b"from-the-proxy") in sent[0]["headers"]
    assert b"urn:problem:internal" in sent[1]["body"]
    assert b"a bug" not in sent[1]["body"]
