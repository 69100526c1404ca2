"""Work behind the requests: the worker, its beginning and its end."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from app.database import Database
from app.outbox.models import OutboxMessage
from app.outbox.worker import deliver_until
from app.settings import Settings

if TYPE_CHECKING:
    from conftest import Live, OpenLive

REGISTRATION = {"email": "carol@example.com", "password": "a long enough one", "full_name": "Carol"}
Until = Callable[[Callable[[], object]], None]


def test_worker_delivers_without_being_asked(open_live: OpenLive, empty_tables: None, until: Until) -> None:
    with open_live(outbox_poll_seconds=0.01) as live:
        live.client.post("/auth/register", json=REGISTRATION)
        until(lambda: live.outside.letters)
    assert live.outside.letters[0]["to"] == "carol@example.com"


def test_shutdown_waits_for_the_message_at_hand(open_live: OpenLive, empty_tables: None, until: Until) -> None:
    with open_live(outbox_poll_seconds=0.01) as live:
        live.hold("/letters")
        live.client.post("/auth/register", json=REGISTRATION)
        until(lambda: live.outside.in_flight)
        timer = threading.Timer(0.05, live.portal.start_task_soon, [live.outside.held["/letters"].set])
        timer.start()
    timer.join()
    assert len(live.outside.letters) == 1
    with open_live() as later:
        assert later.deliver() == 0


def test_shutdown_cancels_what_takes_too_long_and_another_worker_takes_over(
    open_live: OpenLive, empty_tables: None, until: Until
) -> None:
    with open_live(outbox_poll_seconds=0.01, shutdown_grace_seconds=0.05) as live:
        live.hold("/letters")
        live.client.post("/auth/register", json=REGISTRATION)
        until(lambda: live.outside.in_flight)
    assert live.outside.in_flight == 0
    with open_live() as later:
        assert later.deliver() == 0
        later.clock.advance(minutes=5)
        assert later.deliver() == 1
        assert len(later.outside.letters) == 1


def test_workers_at_once_deliver_each_message_once(
    open_live: OpenLive, empty_tables: None, together: Callable[[list[Callable[[], Any]]], list[Any]]
) -> None:
    with open_live() as live:
        for number in range(12):
            body = {**REGISTRATION, "email": f"user{number}@example.com"}
            live.client.post("/auth/register", json=body)
        delivered = together([live.deliver] * 4)
    assert sum(delivered) == 12
    assert set(Counter(letter["to"] for letter in live.outside.letters).values()) == {1}


def test_worker_waits_for_a_database_that_is_away(live: Live, until: Until, caplog: pytest.LogCaptureFixture) -> None:
    away = Database.open(Settings(database_url="sqlite:////nowhere/at/all.db"))
    stop = asyncio.Event()
    relay = live.app.state.runtime.relay
    caplog.set_level(logging.WARNING, "app.outbox.worker")

    async def work() -> None:
        await deliver_until(stop, relay, away.writers, poll_seconds=0.001)

    worker = live.portal.start_task_soon(work)
    until(lambda: len(caplog.records) >= 2)
    live.portal.call(stop.set)
    worker.result(20)
    live.portal.call(away.close)
    assert "cannot be read" in caplog.text


def test_lifespan_leaves_nothing_open(open_live: OpenLive, empty_tables: None) -> None:
    before = threading.active_count()
    with open_live(outbox_poll_seconds=0.01) as live:
        live.client.get("/health/ready")
        http = live.app.state.runtime.provider_client._http
    assert http.is_closed
    assert live.connections_in_use == 0
    assert threading.active_count() == before


def test_message_is_not_lost_when_its_worker_dies(live: Live, until: Until) -> None:
    live.client.post("/auth/register", json=REGISTRATION)
    live.hold("/letters")
    worker = live.portal.start_task_soon(live.app.state.runtime.relay.deliver_due, live.database.writers)
    until(lambda: live.outside.in_flight)
    worker.cancel()
    until(lambda: not live.outside.in_flight)
    live.outside.held.clear()
    result = live.make.db.exec(select(OutboxMessage))
    assert result.one().due_at - live.clock() == timedelta(minutes=5)
    live.make.db.commit()
    live.clock.advance(minutes=5)
    assert live.deliver() == 1
