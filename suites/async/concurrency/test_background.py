"""Work behind the requests: the worker, its beginning and its end."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlmodel import select

from app.database import Database
from app.outbox.models import OutboxMessage
from app.outbox.worker import deliver_until
from app.settings import Settings

if TYPE_CHECKING:
    from conftest import Live, OpenLive

REGISTRATION = {"email": "carol@example.com", "password": "a long enough one", "full_name": "Carol"}


async def until(condition: object) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(20):
        while not condition():  # type: ignore[operator]
            await asyncio.sleep(0.001)


async def test_worker_delivers_without_being_asked(open_live: OpenLive, empty_tables: None) -> None:
    async with open_live(outbox_poll_seconds=0.01) as live:
        await live.client.post("/auth/register", json=REGISTRATION)
        await until(lambda: live.outside.letters)
    assert live.outside.letters[0]["to"] == "carol@example.com"


async def test_shutdown_waits_for_the_message_at_hand(open_live: OpenLive, empty_tables: None) -> None:
    async with open_live(outbox_poll_seconds=0.01) as live:
        held = live.outside.held["/letters"] = asyncio.Event()
        await live.client.post("/auth/register", json=REGISTRATION)
        await until(lambda: live.outside.in_flight)
        asyncio.get_running_loop().call_later(0.05, held.set)
    assert len(live.outside.letters) == 1
    async with open_live() as later:
        assert await later.deliver() == 0


async def test_shutdown_cancels_what_takes_too_long_and_another_worker_takes_over(
    open_live: OpenLive, empty_tables: None
) -> None:
    async with open_live(outbox_poll_seconds=0.01, shutdown_grace_seconds=0.05) as live:
        live.outside.held["/letters"] = asyncio.Event()
        await live.client.post("/auth/register", json=REGISTRATION)
        await until(lambda: live.outside.in_flight)
    assert live.outside.in_flight == 0
    async with open_live() as later:
        assert await later.deliver() == 0
        later.clock.advance(minutes=5)
        assert await later.deliver() == 1
        assert len(later.outside.letters) == 1


async def test_workers_at_once_deliver_each_message_once(open_live: OpenLive, empty_tables: None) -> None:
    async with open_live() as live:
        for number in range(12):
            body = {**REGISTRATION, "email": f"user{number}@example.com"}
            await live.client.post("/auth/register", json=body)
        delivered = await asyncio.gather(*[live.deliver() for _ in range(4)])
    assert sum(delivered) == 12
    assert set(Counter(letter["to"] for letter in live.outside.letters).values()) == {1}


async def test_worker_waits_for_a_database_that_is_away(live: Live, caplog: pytest.LogCaptureFixture) -> None:
    away = Database.open(Settings(database_url="sqlite:////nowhere/at/all.db"))
    stop = asyncio.Event()
    relay = live.app.state.runtime.relay
    caplog.set_level(logging.WARNING, "app.outbox.worker")
    worker = asyncio.create_task(deliver_until(stop, relay, away.writers, poll_seconds=0.001))
    await until(lambda: len(caplog.records) >= 2)
    stop.set()
    await worker
    await away.close()
    assert "cannot be read" in caplog.text


async def test_lifespan_leaves_nothing_open(open_live: OpenLive, empty_tables: None) -> None:
    async with open_live(outbox_poll_seconds=0.01) as live:
        await live.client.get("/health/ready")
        http = live.app.state.runtime.provider_client._http
    assert http.is_closed
    assert live.connections_in_use == 0
    names = {task.get_name() for task in asyncio.all_tasks()}
    assert "outbox worker" not in names


async def test_message_is_not_lost_when_its_worker_dies(live: Live) -> None:
    await live.client.post("/auth/register", json=REGISTRATION)
    live.outside.held["/letters"] = asyncio.Event()
    worker = asyncio.create_task(live.deliver())
    await until(lambda: live.outside.in_flight)
    worker.cancel()
    await asyncio.wait([worker])
    live.outside.held.clear()
    result = await live.make.db.exec(select(OutboxMessage))
    assert result.one().due_at - live.clock() == timedelta(minutes=5)
    await live.make.db.commit()
    live.clock.advance(minutes=5)
    assert await live.deliver() == 1
