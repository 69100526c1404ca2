"""Answers that come bit by bit, and clients who do not wait for the end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from world import Person, transaction_row

from suites.outside import remote

if TYPE_CHECKING:
    from conftest import Live, OpenLive, Visit

EXPORT = "/transactions/export"


@pytest.fixture
async def rich_alice(live: Live) -> Person:
    """Return someone with 500 transactions: more than a batch."""
    alice = await live.make.person("alice")
    account = await live.make.account(alice)
    await live.make.rows(*[transaction_row(account, -number, day=number % 28 + 1) for number in range(500)])
    return alice


async def test_export_begins_before_everything_is_read(
    live: Live, rich_alice: Person, visit: Callable[..., Visit]
) -> None:
    async with visit(EXPORT, rich_alice.headers) as answer:
        assert await answer.chunk() == "posted_on,account,amount_minor,currency,description,category\r\n"
        batch = await answer.chunk()
        assert len(batch.splitlines()) == 200
        assert live.connections_in_use == 1
        assert len((await answer.rest()).splitlines()) == 300
    assert live.connections_in_use == 0


@pytest.mark.parametrize("spec_version", ["2.3", "2.4"])
async def test_export_releases_its_session_when_the_client_leaves(
    live: Live, rich_alice: Person, visit: Callable[..., Visit], spec_version: str
) -> None:
    answer = visit(EXPORT, rich_alice.headers, spec_version=spec_version)
    async with answer:
        await answer.chunk()
        await answer.chunk()
        assert live.connections_in_use == 1
    # Only the abrupt end is an error, and the server's to ignore.
    assert (answer.task.exception() is None) is (spec_version == "2.3")
    async with asyncio.timeout(20):
        while live.connections_in_use:
            await asyncio.sleep(0.001)


async def test_events_tell_of_each_page_while_the_import_runs(live: Live, visit: Callable[..., Visit]) -> None:
    alice = await live.make.person("alice")
    connection = await live.make.connection(alice)
    live.outside.account("a-1", [remote(1)], [remote(2)], [remote(3)])
    started = await live.client.post(f"/connections/{connection.id}/imports", headers=alice.headers)
    async with visit(f"/imports/{started.json()['id']}/events", alice.headers) as answer:
        first = await answer.chunk()
        assert first.startswith("event: queued\n")
        worker = asyncio.create_task(live.deliver())
        shown = [json.loads(line[6:]) for line in (await answer.rest()).splitlines() if line.startswith("data: ")]
        assert await worker == 1
    assert [(item["status"], item["pages_done"]) for item in shown] == [
        ("running", 0),
        ("running", 1),
        ("running", 2),
        ("running", 3),
        ("succeeded", 3),
    ]


async def test_events_hold_no_connection_and_end_with_the_client(live: Live, visit: Callable[..., Visit]) -> None:
    alice = await live.make.person("alice")
    connection = await live.make.connection(alice)
    started = await live.client.post(f"/connections/{connection.id}/imports", headers=alice.headers)
    board = live.app.state.runtime.progress_board
    async with visit(f"/imports/{started.json()['id']}/events", alice.headers) as answer:
        await answer.chunk()
        assert (len(board), live.connections_in_use) == (1, 0)
    assert len(board) == 0


async def test_events_see_what_another_process_does_at_the_next_heartbeat(
    open_live: OpenLive, empty_tables: None
) -> None:
    async with open_live(events_heartbeat_seconds=0.01) as here, open_live() as there:
        alice = await here.make.person("alice")
        connection = await here.make.connection(alice)
        started = await here.client.post(f"/connections/{connection.id}/imports", headers=alice.headers)
        watching = asyncio.create_task(
            here.client.get(f"/imports/{started.json()['id']}/events", headers=alice.headers)
        )
        await asyncio.sleep(0.05)
        await there.deliver()
        seen: Any = await asyncio.wait_for(watching, 20)
    assert ": still there" in seen.text
    assert "event: succeeded" in seen.text


async def test_watcher_who_is_far_behind_loses_the_oldest_updates(live: Live) -> None:
    alice = await live.make.person("alice")
    connection = await live.make.connection(alice)
    live.outside.account("a-1", *[[remote(number)] for number in range(120)])
    started = await live.client.post(f"/connections/{connection.id}/imports", headers=alice.headers)
    board = live.app.state.runtime.progress_board
    with board.watching(UUID(started.json()["id"])) as updates, board.watching(UUID(started.json()["id"])) as others:
        await live.deliver()
        assert updates.qsize() == others.qsize() == 100
        assert updates.get_nowait().pages_done > 1
    assert len(board) == 0
