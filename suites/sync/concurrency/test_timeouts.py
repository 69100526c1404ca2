"""Others who do not answer in time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import OpenLive

SHORT_S = 0.05


def test_provider_that_hangs_is_given_up_in_time(open_live: OpenLive, empty_tables: None) -> None:
    with open_live(outbound_timeout_seconds=SHORT_S) as live:
        alice = live.make.person("alice")
        connection = live.make.connection(alice)
        live.hold("/accounts")
        response = live.client.get(f"/connections/{connection.id}/remote-accounts", headers=alice.headers)
        assert response.status_code == 504
        assert response.json()["type"] == "urn:problem:provider-timeout"
        assert (live.outside.in_flight, live.connections_in_use) == (0, 0)


def test_request_to_a_slow_provider_holds_no_connection(
    open_live: OpenLive, empty_tables: None, until: Callable[[Callable[[], object]], None]
) -> None:
    with open_live() as live:
        alice = live.make.person("alice")
        connection = live.make.connection(alice)
        live.hold("/accounts")
        path = f"/connections/{connection.id}/remote-accounts"
        # More than the pool has; each needs a thread.
        waiting = [live.later(live.client.get, path, headers=alice.headers) for _ in range(20)]
        until(lambda: live.outside.in_flight == 20)
        assert live.connections_in_use == 0
        live.release("/accounts")
        assert {future.result(20).status_code for future in waiting} == {200}


def test_import_from_a_provider_that_hangs_fails_and_can_be_repeated(open_live: OpenLive, empty_tables: None) -> None:
    with open_live(outbound_timeout_seconds=SHORT_S) as live:
        alice = live.make.person("alice")
        connection = live.make.connection(alice)
        live.hold("/accounts")
        path = f"/connections/{connection.id}/imports"
        started = live.client.post(path, headers=alice.headers)
        assert live.deliver() == 1
        shown = live.client.get(f"/imports/{started.json()['id']}", headers=alice.headers)
        assert (shown.json()["status"], shown.json()["error"]) == ("failed", "provider-timeout")
        again = live.client.post(path, headers=alice.headers)
        assert again.status_code == 202
