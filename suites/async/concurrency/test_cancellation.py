"""What is cancelled leaves nothing behind, and takes nobody with it."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

import pytest
from sqlmodel import func, select
from world import NOON

from app.bounded import as_found
from app.providers.single_flight import SingleFlight
from app.transactions.models import Transaction

if TYPE_CHECKING:
    from conftest import Live


async def arrival(live: Live, request: str) -> None:
    """Wait until a request has arrived outside."""
    async with asyncio.timeout(20):
        while request not in live.outside.requests:
            await asyncio.sleep(0.001)


async def test_waiter_who_is_cancelled_leaves_the_refresh_to_the_others(live: Live) -> None:
    alice = await live.make.person("alice")
    connection = await live.make.connection(alice, token_expires_at=NOON)
    live.outside.refresh_tokens.add("refresh-of-Main")
    live.outside.held["/oauth/token"] = asyncio.Event()
    path = f"/connections/{connection.id}/remote-accounts"
    first, second = (asyncio.create_task(live.client.get(path, headers=alice.headers)) for _ in range(2))
    await arrival(live, "POST /oauth/token")
    first.cancel()
    live.outside.held["/oauth/token"].set()
    response = await second
    assert response.status_code == 200
    assert first.cancelled()
    assert live.outside.requests.count("POST /oauth/token") == 1


async def test_request_that_is_cancelled_gives_its_connection_back(live: Live) -> None:
    alice = await live.make.person("alice")
    account = await live.make.account(alice)
    body = {"posted_on": "2025-10-18", "amount_minor": -1, "description": "Beans"}
    path = f"/accounts/{account.id}/transactions"
    for turns in range(12):
        # Puts a connection into the pool: one that is still being made when it is cancelled is the drivers' to lose.
        await live.client.get("/health/ready")
        request = asyncio.create_task(live.client.post(path, headers=alice.headers, json=body))
        for _ in range(turns):
            await asyncio.sleep(0)
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
    # A session closes in a task of its own when its request is cancelled: give it a moment.
    async with asyncio.timeout(20):
        while live.connections_in_use:
            await asyncio.sleep(0.001)
    response = await live.client.get(f"/accounts/{account.id}", headers=alice.headers)
    stored = await live.make.db.exec(select(func.count()).select_from(Transaction))
    assert response.json()["balance_minor"] == -stored.one()


async def test_single_flight_outlives_its_first_caller() -> None:
    landed = asyncio.Event()

    async def work() -> str:
        await landed.wait()
        return "landed"

    flights: SingleFlight[str, str] = SingleFlight()
    first = asyncio.create_task(flights.join("key", work))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait([first])
    second = asyncio.create_task(flights.join("key", work))
    landed.set()
    assert await second == "landed"
    await flights.land()
    assert len(flights) == 0


async def test_single_flight_gives_every_caller_the_error() -> None:
    async def work() -> str:
        await asyncio.sleep(0)
        raise LookupError("nothing found")

    flights: SingleFlight[str, str] = SingleFlight()
    answers = await asyncio.gather(*[flights.join("key", work) for _ in range(3)], return_exceptions=True)
    assert [type(answer) for answer in answers] == [LookupError] * 3
    assert len(flights) == 0


async def test_closed_generator_cancels_what_is_under_way() -> None:
    cancelled = []

    async def find(number: int) -> int:
        try:
            await asyncio.sleep(0 if number == 0 else 3600)
        except asyncio.CancelledError:
            cancelled.append(number)
            raise
        return number

    async with aclosing(as_found(range(10), find, limit=3)) as found:
        assert await anext(found) == 0
    assert sorted(cancelled) == [1, 2]
