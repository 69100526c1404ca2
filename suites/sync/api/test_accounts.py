"""Laws of accounts over HTTP."""

from typing import Any

import pytest
from wiring import Client
from world import Maker, ManualClock, Person

NEW: dict[str, Any] = {"name": "Everyday", "kind": "checking", "currency": "EUR"}


def test_open_starts_at_the_opening_balance(client: Client, alice: Person) -> None:
    body = {**NEW, "opening_balance_minor": 12_345}
    response = client.post("/accounts", headers=alice.headers, json=body)
    assert response.status_code == 201
    assert response.json()["balance_minor"] == 12_345
    assert response.json()["created_at"] == "2025-10-18T12:00:00Z"


def test_open_starts_at_zero_unless_told(client: Client, alice: Person) -> None:
    response = client.post("/accounts", headers=alice.headers, json=NEW)
    assert response.json()["balance_minor"] == 0


def test_open_keeps_amounts_beyond_32_bits(client: Client, alice: Person) -> None:
    body = {**NEW, "opening_balance_minor": 10**15}
    opened = client.post("/accounts", headers=alice.headers, json=body)
    response = client.get(f"/accounts/{opened.json()['id']}", headers=alice.headers)
    assert response.json()["balance_minor"] == 10**15


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "piggy bank"), ("balance_minor", 5), ("name", "a\0b")],
)
def test_open_names_the_invalid_field(client: Client, alice: Person, field: str, value: object) -> None:
    response = client.post("/accounts", headers=alice.headers, json={**NEW, field: value})
    assert [error["pointer"] for error in response.json()["errors"]] == [f"body#/{field}"]


def test_open_refuses_another_persons_connection(
    client: Client, make: Maker, alice: Person, bob: Person
) -> None:
    theirs = make.connection(bob)
    body = {**NEW, "connection_id": str(theirs.id)}
    response = client.post("/accounts", headers=alice.headers, json=body)
    assert response.status_code == 404
    assert response.json()["type"] == "urn:problem:connection-not-found"


def test_open_refuses_a_connections_account_twice(client: Client, make: Maker, alice: Person) -> None:
    connection = make.connection(alice)
    body = {**NEW, "connection_id": str(connection.id), "external_id": "acc-1"}
    first = client.post("/accounts", headers=alice.headers, json=body)
    second = client.post("/accounts", headers=alice.headers, json=body)
    assert (first.status_code, second.status_code) == (201, 409)


def test_list_is_empty_at_first(client: Client, alice: Person) -> None:
    response = client.get("/accounts", headers=alice.headers)
    assert response.json() == {"items": [], "next_cursor": None}


def test_list_shows_only_the_callers_accounts(
    client: Client, make: Maker, alice: Person, bob: Person
) -> None:
    make.account(alice, "hers")
    make.account(bob, "his")
    response = client.get("/accounts", headers=alice.headers)
    assert [item["name"] for item in response.json()["items"]] == ["hers"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"kind": "savings"}, ["nest egg"]),
        ({"currency": "EUR"}, ["everyday", "nest egg"]),
        ({"currency": "SEK", "kind": "checking"}, ["stockholm"]),
    ],
    ids=["kind", "currency", "both"],
)
def test_list_filters(
    client: Client,
    make: Maker,
    alice: Person,
    clock: ManualClock,
    query: dict[str, str],
    expected: list[str],
) -> None:
    make.account(alice, "everyday", created_at=clock.advance(seconds=1))
    make.account(alice, "nest egg", kind="savings", created_at=clock.advance(seconds=1))
    make.account(alice, "stockholm", currency="SEK", created_at=clock.advance(seconds=1))
    response = client.get("/accounts", headers=alice.headers, params=query)
    assert [item["name"] for item in response.json()["items"]] == expected


def test_list_filters_by_connection(client: Client, make: Maker, alice: Person) -> None:
    connection = make.connection(alice)
    make.account(alice, "connected", connection_id=connection.id)
    make.account(alice, "by hand")
    query = {"connection_id": str(connection.id)}
    response = client.get("/accounts", headers=alice.headers, params=query)
    assert [item["name"] for item in response.json()["items"]] == ["connected"]


def test_list_refuses_a_misspelt_filter(client: Client, alice: Person) -> None:
    response = client.get("/accounts", headers=alice.headers, params={"curency": "EUR"})
    assert response.status_code == 422


def test_pages_hold_every_account_once_in_order(
    client: Client, make: Maker, alice: Person, clock: ManualClock
) -> None:
    for number in range(5):
        make.account(alice, f"account {number}", created_at=clock.advance(seconds=number // 2))
    query: dict[str, Any] = {"limit": 2}
    names, times = [], []
    for _ in range(3):
        response = client.get("/accounts", headers=alice.headers, params=query)
        page = response.json()
        names += [item["name"] for item in page["items"]]
        times += [item["created_at"] for item in page["items"]]
        query["cursor"] = page["next_cursor"]
    assert page["next_cursor"] is None
    assert sorted(names) == [f"account {number}" for number in range(5)]
    assert times == sorted(times)


def test_page_is_not_shifted_by_an_account_opened_meanwhile(
    client: Client, make: Maker, alice: Person, clock: ManualClock
) -> None:
    for name in ("first", "second", "third"):
        make.account(alice, name, created_at=clock.advance(minutes=1))
    response = client.get("/accounts", headers=alice.headers, params={"limit": 2})
    page = response.json()
    make.account(alice, "backdated", created_at=clock.advance(minutes=-9))
    query = {"limit": 2, "cursor": page["next_cursor"]}
    response = client.get("/accounts", headers=alice.headers, params=query)
    assert [item["name"] for item in response.json()["items"]] == ["third"]


def test_page_refuses_a_forged_cursor(client: Client, alice: Person) -> None:
    response = client.get("/accounts", headers=alice.headers, params={"cursor": "forged"})
    assert response.status_code == 400
    assert response.json()["type"] == "urn:problem:bad-cursor"


@pytest.mark.parametrize(
    ("change", "name", "kind"),
    [
        ({"name": "Rainy days"}, "Rainy days", "checking"),
        ({"kind": "savings"}, "Everyday", "savings"),
        ({}, "Everyday", "checking"),
    ],
    ids=["name", "kind", "nothing"],
)
def test_change_keeps_what_is_left_out(
    client: Client, make: Maker, alice: Person, change: dict[str, str], name: str, kind: str
) -> None:
    account = make.account(alice)
    response = client.patch(f"/accounts/{account.id}", headers=alice.headers, json=change)
    assert (response.json()["name"], response.json()["kind"]) == (name, kind)


def test_change_cannot_touch_the_balance(client: Client, make: Maker, alice: Person) -> None:
    account = make.account(alice)
    change = {"balance_minor": 10**9}
    response = client.patch(f"/accounts/{account.id}", headers=alice.headers, json=change)
    assert response.status_code == 422


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PATCH", {"name": "Mine"}), ("DELETE", None)])
def test_account_of_another_person_looks_like_none(
    client: Client, make: Maker, alice: Person, bob: Person, method: str, body: dict[str, str] | None
) -> None:
    theirs = make.account(bob)
    path = f"/accounts/{theirs.id}"
    response = client.request(method, path, headers=alice.headers, json=body)
    assert response.status_code == 404
    kept = client.get(path, headers=bob.headers)
    assert kept.json()["name"] == "Everyday"


def test_close_deletes_the_account_and_its_transactions(client: Client, make: Maker, alice: Person) -> None:
    account = make.account(alice)
    transaction = make.transaction(account)
    response = client.delete(f"/accounts/{account.id}", headers=alice.headers)
    assert response.status_code == 204
    gone = client.get(f"/accounts/{account.id}", headers=alice.headers)
    also_gone = client.get(f"/transactions/{transaction.id}", headers=alice.headers)
    assert (gone.status_code, also_gone.status_code) == (404, 404)


def test_net_worth_adds_up_by_currency(client: Client, make: Maker, alice: Person, bob: Person) -> None:
    make.account(alice, currency="SEK", balance_minor=500)
    make.account(alice, balance_minor=10_000)
    make.account(alice, kind="credit", balance_minor=-2_500)
    make.account(bob, balance_minor=77)
    response = client.get("/accounts/net-worth", headers=alice.headers)
    assert response.json() == [
        {"currency": "EUR", "account_count": 2, "balance_minor": 7_500},
        {"currency": "SEK", "account_count": 1, "balance_minor": 500},
    ]


def test_net_worth_of_nothing_is_empty(client: Client, alice: Person) -> None:
    response = client.get("/accounts/net-worth", headers=alice.headers)
    assert response.json() == []
