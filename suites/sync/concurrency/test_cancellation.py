"""What is cancelled leaves nothing behind, and takes nobody with it.

A request through TestClient cannot be cancelled. What the portal runs can be, through its future, so these scenarios
begin below HTTP, and their helpers are coroutines.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import func, select
from world import NOON

from app.accounts.models import Account
from app.bounded import as_found
from app.providers.single_flight import SingleFlight
from app.transactions import service
from app.transactions.models import Transaction
from app.transactions.schemas import NewTransaction

if TYPE_CHECKING:
    from conftest import Live

Until = Callable[[Callable[[], object]], None]


def test_waiter_who_is_cancelled_leaves_the_refresh_to_the_others(live: Live, until: Until) -> None:
    alice = live.make.person("alice")
    connection = live.make.connection(alice, token_expires_at=NOON)
    live.outside.refresh_tokens.add("refresh-of-Main")
    live.hold("/oauth/token")
    keeper = live.app.state.runtime.token_keeper
    first, second = (
        live.portal.start_task_soon(keeper.access_token, live.database.writers, connection.id) for _ in range(2)
    )
    until(lambda: live.outside.in_flight)
    first.cancel()
    live.release("/oauth/token")
    assert second.result(20) == "access-1"
    assert first.cancelled()
    assert live.outside.requests.count("POST /oauth/token") == 1


def test_work_that_is_cancelled_gives_its_connection_back(live: Live, until: Until) -> None:
    alice = live.make.person("alice")
    made = live.make.account(alice)
    new = NewTransaction(posted_on="2025-10-18", amount_minor=-1, description="Beans")

    async def record(turns: int) -> None:
        async def work() -> None:
            async with live.database.writers() as session:
                account = await session.get_one(Account, made.id)
                await service.record(session, account, new, now=NOON)

        task = asyncio.create_task(work())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])

    for turns in range(12):
        # Puts a connection into the pool: one that is still being made when it is cancelled is the drivers' to lose.
        live.client.get("/health/ready")
        live.portal.call(record, turns)
    until(lambda: live.connections_in_use == 0)
    response = live.client.get(f"/accounts/{made.id}", headers=alice.headers)
    stored = live.make.db.exec(select(func.count()).select_from(Transaction))
    assert response.json()["balance_minor"] == -stored.one()


def test_single_flight_outlives_its_first_caller(live: Live, until: Until) -> None:
    landed = asyncio.Event()

    async def work() -> str:
        await landed.wait()
        return "landed"

    flights: SingleFlight[str, str] = SingleFlight()
    first = live.portal.start_task_soon(flights.join, "key", work)
    until(lambda: len(flights))
    first.cancel()
    live.portal.call(asyncio.sleep, 0)
    second = live.portal.start_task_soon(flights.join, "key", work)
    live.portal.call(landed.set)
    assert second.result(20) == "landed"
    live.portal.call(flights.land)
    assert len(flights) == 0


def test_single_flight_gives_every_caller_the_error(live: Live) -> None:
    async def work() -> str:
        await asyncio.sleep(0)
        raise LookupError("nothing found")

    flights: SingleFlight[str, str] = SingleFlight()
    futures = [live.portal.start_task_soon(flights.join, "key", work) for _ in range(3)]
    for future in futures:
        with pytest.raises(LookupError):
            future.result(20)
    assert len(flights) == 0


def test_closed_generator_cancels_what_is_under_way(live: Live) -> None:
    cancelled = []

    async def find(number: int) -> int:
        try:
            await asyncio.sleep(0 if number == 0 else 3600)
        except asyncio.CancelledError:
            cancelled.append(number)
            raise
        return number

    found: Any = as_found(range(10), find, limit=3)
    assert live.portal.call(found.__anext__) == 0
    live.portal.call(found.aclose)
    assert sorted(cancelled) == [1, 2]
