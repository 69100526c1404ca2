"""Laws of imports and their progress over HTTP."""

import json

from wiring import AsyncClient, Call
from world import Maker, Person

from suites.outside import Outside, remote


async def test_import_waits_for_the_worker_and_then_brings_everything(
    client: AsyncClient, make: Maker, alice: Person, outside: Outside, deliver: Call
) -> None:
    connection = await make.connection(alice)
    outside.account("a-1", [remote(1), remote(2)], [remote(3)], name="Salary", balance_minor=700)
    started = await client.post(f"/connections/{connection.id}/imports", headers=alice.headers)
    assert (started.status_code, started.json()["status"]) == (202, "queued")
    assert outside.requests == []
    await deliver()
    done = await client.get(f"/imports/{started.json()['id']}", headers=alice.headers)
    assert (done.json()["status"], done.json()["transaction_count"]) == ("succeeded", 3)
    accounts = await client.get("/accounts", headers=alice.headers)
    [account] = accounts.json()["items"]
    assert (account["name"], account["balance_minor"]) == ("Salary", 700)
    listed = await client.get("/transactions", headers=alice.headers)
    assert {item["external_id"] for item in listed.json()["items"]} == {"r-1", "r-2", "r-3"}


async def test_import_runs_once_at_a_time_for_a_connection(client: AsyncClient, make: Maker, alice: Person) -> None:
    connection = await make.connection(alice)
    path = f"/connections/{connection.id}/imports"
    await client.post(path, headers=alice.headers)
    response = await client.post(path, headers=alice.headers)
    assert response.json()["type"] == "urn:problem:import-running"


async def test_import_can_be_repeated_when_it_is_finished(
    client: AsyncClient, make: Maker, alice: Person, outside: Outside, deliver: Call
) -> None:
    connection = await make.connection(alice)
    path = f"/connections/{connection.id}/imports"
    await client.post(path, headers=alice.headers)
    await deliver()
    response = await client.post(path, headers=alice.headers)
    assert response.status_code == 202


async def test_import_of_a_disconnected_connection_is_refused(
    client: AsyncClient, make: Maker, alice: Person, deliver: Call
) -> None:
    connection = await make.connection(alice)
    await client.post(f"/connections/{connection.id}/disconnect", headers=alice.headers)
    response = await client.post(f"/connections/{connection.id}/imports", headers=alice.headers)
    assert response.json()["type"] == "urn:problem:disconnected"


async def test_import_of_another_person_looks_like_none(
    client: AsyncClient, make: Maker, alice: Person, bob: Person
) -> None:
    connection = await make.connection(bob)
    started = await client.post(f"/connections/{connection.id}/imports", headers=bob.headers)
    path = f"/imports/{started.json()['id']}"
    shown = await client.get(path, headers=alice.headers)
    watched = await client.get(f"{path}/events", headers=alice.headers)
    assert (shown.status_code, watched.status_code) == (404, 404)


async def test_events_of_a_finished_import_are_its_result(
    client: AsyncClient, make: Maker, alice: Person, outside: Outside, deliver: Call
) -> None:
    connection = await make.connection(alice)
    started = await client.post(f"/connections/{connection.id}/imports", headers=alice.headers)
    outside.instead["/accounts"] = (503, {})
    await deliver()
    response = await client.get(f"/imports/{started.json()['id']}/events", headers=alice.headers)
    assert response.headers["Content-Type"].startswith("text/event-stream")
    name, shown, *rest = response.text.splitlines()
    assert name == "event: failed"
    assert json.loads(shown.removeprefix("data: "))["error"] == "provider-unavailable"
    assert rest == [""]
