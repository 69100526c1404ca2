"""Others who do not answer in time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import OpenLive

SHORT_S = 0.05


async def test_provider_that_hangs_is_given_up_in_time(open_live: OpenLive, empty_tables: None) -> None:
    async with open_live(outbound_timeout_seconds=SHORT_S) as live:
        alice = await live.make.person("alice")
        connection = await live.make.connection(alice)
        live.outside.held["/accounts"] = asyncio.Event()
        path = f"/connections/{connection.id}/remote-accounts"
        response = await asyncio.wait_for(live.client.get(path, headers=alice.headers), 20)
        assert response.status_code == 504
        assert response.json()["type"] == "urn:problem:provider-timeout"
        assert (live.outside.in_flight, live.connections_in_use) == (0, 0)


async def test_request_to_a_slow_provider_holds_no_connection(open_live: OpenLive, empty_tables: None) -> None:
    async with open_live() as live:
        alice = await live.make.person("alice")
        connection = await live.make.connection(alice)
        live.outside.held["/accounts"] = asyncio.Event()
        path = f"/connections/{connection.id}/remote-accounts"
        # More than the pool has.
        waiting = [asyncio.create_task(live.client.get(path, headers=alice.headers)) for _ in range(20)]
        async with asyncio.timeout(20):
            while live.outside.in_flight < 20:
                await asyncio.sleep(0.001)
        assert live.connections_in_use == 0
        live.outside.held["/accounts"].set()
        assert {response.status_code for response in await asyncio.gather(*waiting)} == {200}


async def test_import_from_a_provider_that_hangs_fails_and_can_be_repeated(
    open_live: OpenLive, empty_tables: None
) -> None:
    async with open_live(outbound_timeout_seconds=SHORT_S) as live:
        alice = await live.make.person("alice")
        connection = await live.make.connection(alice)
        live.outside.held["/accounts"] = asyncio.Event()
        path = f"/connections/{connection.id}/imports"
        started = await live.client.post(path, headers=alice.headers)
        assert await live.deliver() == 1
        shown = await live.client.get(f"/imports/{started.json()['id']}", headers=alice.headers)
        assert (shown.json()["status"], shown.json()["error"]) == ("failed", "provider-timeout")
        again = await live.client.post(path, headers=alice.headers)
        assert again.status_code == 202
