"""Middleware under overlap, around small applications, and with a timer of the test's own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from starlette.types import Receive, Scope, Send
from wiring import Client

from app.middleware.request_id import RequestIdMiddleware, as_request, current_request_id
from app.middleware.timing import TimingMiddleware

if TYPE_CHECKING:
    from conftest import Live


def test_request_ids_do_not_mix_when_requests_overlap(
    live: Live, until: Callable[[Callable[[], object]], None]
) -> None:
    alice = live.make.person("alice")
    connection = live.make.connection(alice)
    path = f"/connections/{connection.id}/remote-accounts"
    live.hold("/accounts")
    ids = [f"request-{number:03}" for number in range(8)]
    requests = [live.later(live.client.get, path, headers={**alice.headers, "X-Request-ID": id_}) for id_ in ids]
    until(lambda: live.outside.in_flight == len(ids))
    live.release("/accounts")
    answers = [request.result(20) for request in requests]
    assert [answer.headers["X-Request-ID"] for answer in answers] == ids
    assert sorted(live.outside.request_ids) == ids


def test_context_is_as_before_after_a_request() -> None:
    seen = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(current_request_id.get())
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    with as_request("outer"):
        response = Client(RequestIdMiddleware(app)).get("/", headers={"X-Request-ID": "inner-id"})
        assert current_request_id.get() == "outer"
    assert seen == ["inner-id"]
    assert response.headers["X-Request-ID"] == "inner-id"


def test_timing_stops_at_the_first_byte_and_warns_of_slow_answers(caplog: pytest.LogCaptureFixture) -> None:
    now = 0.0

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal now
        now += 1.5
        await send({"type": "http.response.start", "status": 200, "headers": []})
        now += 60
        await send({"type": "http.response.body", "body": b""})

    caplog.set_level(logging.WARNING, "app.middleware.timing")
    response = Client(TimingMiddleware(app, slow_seconds=1.0, timer=lambda: now)).get("/")
    assert response.headers["Server-Timing"] == "app;dur=1500.0"
    assert "GET / began to answer after 1.500 s" in caplog.text


def test_unexpected_error_is_answered_with_the_requests_id(live: Live) -> None:
    alice = live.make.person("alice")
    connection = live.make.connection(alice)
    live.outside.instead["/accounts"] = RuntimeError("a bug")
    headers = {**alice.headers, "X-Request-ID": "from-the-proxy"}
    path = f"/connections/{connection.id}/remote-accounts"
    client = Client(live.app, raise_server_exceptions=False)
    client.portal = live.portal
    response = client.get(path, headers=headers)
    assert response.status_code == 500
    assert response.headers["X-Request-ID"] == "from-the-proxy"
    assert response.json()["type"] == "urn:problem:internal"
    assert "a bug" not in response.text
