"""Answers that come bit by bit, and clients who do not wait for the end: behind a real socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from world import Person, transaction_row

from suites.outside import remote

if TYPE_CHECKING:
    from conftest import Live, OpenLive, Served

EXPORT = "/transactions/export"
Until = Callable[[Callable[[], object]], None]


@pytest.fixture
def rich_alice(served: Served) -> Person:
    """Return someone with more transactions than fit into the socket's buffers."""
    alice = served.make.person("alice")
    account = served.make.account(alice)
    rows = [transaction_row(account, -number, day=number % 28 + 1, description="x" * 200) for number in range(2_000)]
    served.make.rows(*rows)
    return alice


def test_export_begins_before_everything_is_read(served: Served, rich_alice: Person, until: Until) -> None:
    with served.client() as client, client.stream("GET", EXPORT, headers=rich_alice.headers) as answer:
        pieces = answer.iter_raw()
        assert next(pieces).startswith(b"posted_on,account,amount_minor,currency,description,category\r\n")
        assert "Content-Length" not in answer.headers
        assert b"".join(pieces).count(b"\r\n") == 2_000
    until(lambda: served.connections_in_use == 0)


def test_export_releases_its_session_when_the_client_leaves(served: Served, rich_alice: Person, until: Until) -> None:
    with served.visit(EXPORT, rich_alice.headers) as visitor:
        assert visitor.recv(100).startswith(b"HTTP/1.1 200")
        until(lambda: served.connections_in_use == 1)
    until(lambda: served.connections_in_use == 0)


def test_events_tell_of_each_page_while_the_import_runs(served: Served) -> None:
    alice = served.make.person("alice")
    connection = served.make.connection(alice)
    served.outside.account("a-1", [remote(1)], [remote(2)], [remote(3)])
    served.outside.held["/accounts"] = asyncio.Event()
    with served.client() as client:
        started = client.post(f"/connections/{connection.id}/imports", headers=alice.headers).json()
        with client.stream("GET", f"/imports/{started['id']}/events", headers=alice.headers) as answer:
            lines = answer.iter_lines()
            assert next(lines) in {"event: queued", "event: running"}
            served.release("/accounts")
            shown = [json.loads(line[6:]) for line in lines if line.startswith("data: ")]
    assert [item["pages_done"] for item in shown if item["pages_done"]] == [1, 2, 3, 3]
    assert shown[-1]["status"] == "succeeded"


def test_events_hold_no_connection_and_end_with_the_client(served: Served, until: Until) -> None:
    alice = served.make.person("alice")
    connection = served.make.connection(alice)
    served.outside.held["/accounts"] = asyncio.Event()
    board = served.app.state.runtime.progress_board
    with served.client() as client:
        started = client.post(f"/connections/{connection.id}/imports", headers=alice.headers).json()
    with served.visit(f"/imports/{started['id']}/events", alice.headers) as visitor:
        visitor.recv(10_000)
        until(lambda: len(board) == 1 and served.connections_in_use == 0)
    until(lambda: len(board) == 0)
    served.release("/accounts")


def test_events_see_what_another_process_does_at_the_next_heartbeat(
    open_live: OpenLive, empty_tables: None, until: Until
) -> None:
    with open_live(events_heartbeat_seconds=0.01) as here, open_live() as there:
        alice = here.make.person("alice")
        connection = here.make.connection(alice)
        started = here.client.post(f"/connections/{connection.id}/imports", headers=alice.headers).json()
        watching = here.later(here.client.get, f"/imports/{started['id']}/events", headers=alice.headers)
        until(lambda: len(here.app.state.runtime.progress_board))
        there.deliver()
        seen = watching.result(20)
    assert "event: succeeded" in seen.text


def test_watcher_who_is_far_behind_loses_the_oldest_updates(live: Live) -> None:
    alice = live.make.person("alice")
    connection = live.make.connection(alice)
    live.outside.account("a-1", *[[remote(number)] for number in range(120)])
    started = live.client.post(f"/connections/{connection.id}/imports", headers=alice.headers)
    board = live.app.state.runtime.progress_board
    job_id = UUID(started.json()["id"])
    with board.watching(job_id) as updates, board.watching(job_id) as others:
        live.deliver()
        assert updates.qsize() == others.qsize() == 100
        assert live.portal.call(updates.get_nowait).pages_done > 1
    assert len(board) == 0
