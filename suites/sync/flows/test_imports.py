"""Laws of imports and their progress over HTTP."""

import json

from wiring import Client, Call
from world import Maker, Person

from suites.outside import Outside, remote


def test_import_waits_for_the_worker_and_then_brings_everything(
    client: Client, make: Maker, alice: Person, outside: Outside, deliver: Call
) -> None:
    connection = make.connection(alice)
    outside.account("a-1", [remote(1), remote(2)], [remote(3)], name="Salary", balance_minor=700)
    started = client.post(f"/connections/{connection.id}/imports", headers=alice.headers)
    assert (started.status_code, started.json()["status"]) == (202, "queued")
    assert outside.requests == []
    deliver()
    done = client.get(f"/imports/{started.json()['id']}", headers=alice.headers)
    assert (done.json()["status"], done.json()["transaction_count"]) == ("succeeded", 3)
    accounts = client.get("/accounts", headers=alice.headers)
    [account] = accounts.json()["items"]
    assert (account["name"], account["balance_minor"]) == ("Salary", 700)
    listed = client.get("/transactions", headers=alice.headers)
    assert {item["external_id"] for item in listed.json()["items"]} == {"r-1", "r-2", "r-3"}


def test_import_runs_once_at_a_time_for_a_connection(client: Client, make: Maker, alice: Person) -> None:
    connection = make.connection(alice)
    path = f"/connections/{connection.id}/imports"
    client.post(path, headers=alice.headers)
    response = client.post(path, headers=alice.headers)
    assert response.json()["type"] == "urn:problem:import-running"


def test_import_can_be_repeated_when_it_is_finished(
    client: Client, make: Maker, alice: Person, outside: Outside, deliver: Call
) -> None:
    connection = make.connection(alice)
    path = f"/connections/{connection.id}/imports"
    client.post(path, headers=alice.headers)
    deliver()
    response = client.post(path, headers=alice.headers)
    assert response.status_code == 202


def test_import_of_a_disconnected_connection_is_refused(
    client: Client, make: Maker, alice: Person, deliver: Call
) -> None:
    connection = make.connection(alice)
    client.post(f"/connections/{connection.id}/disconnect", headers=alice.headers)
    response = client.post(f"/connections/{connection.id}/imports", headers=alice.headers)
    assert response.json()["type"] == "urn:problem:disconnected"


def test_import_of_another_person_looks_like_none(
    client: Client, make: Maker, alice: Person, bob: Person
) -> None:
    connection = make.connection(bob)
    started = client.post(f"/connections/{connection.id}/imports", headers=bob.headers)
    path = f"/imports/{started.json()['id']}"
    shown = client.get(path, headers=alice.headers)
    watched = client.get(f"{path}/events", headers=alice.headers)
    assert (shown.status_code, watched.status_code) == (404, 404)


def test_events_of_a_finished_import_are_its_result(
    client: Client, make: Maker, alice: Person, outside: Outside, deliver: Call
) -> None:
    connection = make.connection(alice)
    started = client.post(f"/connections/{connection.id}/imports", headers=alice.headers)
    outside.instead["/accounts"] = (503, {})
    deliver()
    response = client.get(f"/imports/{started.json()['id']}/events", headers=alice.headers)
    assert response.headers["Content-Type"].startswith("text/event-stream")
    name, shown, *rest = response.text.splitlines()
    assert name == "event: failed"
    assert json.loads(shown.removeprefix("data: "))["error"] == "provider-unavailable"
    assert rest == [""]
