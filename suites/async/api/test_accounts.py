"""Laws of accounts over HTTP."""

from typing import Any

import pytest
from wiring import AsyncClient
from world import Maker, ManualClock, Person

NEW: dict[str, Any] = {"name": "Everyday", "kind": "checking", "currency": "EUR"}


async def test_open_starts_at_the_opening_balance(client: AsyncClient, alice: Person) -> None:
    body = {**NEW, "opening_balance_minor": 12_345}
    response = await client.post("/accounts", headers=alice.headers, json=body)
    assert response.status_code == 201
    assert response.json()["balance_minor"] == 12_345
    assert response.json()["created_at"] == "2025-10-18T12:00:00Z"


async def test_open_starts_at_zero_unless_told(client: AsyncClient, alice: Person) -> None:
    response = await client.post("/accounts", headers=alice.headers, json=NEW)
    assert response.json()["balance_minor"] == 0


async def test_open_keeps_amounts_beyond_32_bits(client: AsyncClient, alice: Person) -> None:
    body = {**NEW, "opening_balance_minor": 10**15}
    opened = await client.post("/accounts", headers=alice.headers, json=body)
    response = await client.get(f"/accounts/{opened.json()['id']}", headers=alice.headers)
    assert response.json()["balance_minor"] == 10**15


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "piggy bank"), ("balance_minor", 5), ("name", "a\0b")],
)
async def test_open_names_the_invalid_field(client: AsyncClient, alice: Person, field: str, value: object) -> None:
    response = await client.post("/accounts", headers=alice.headers, json={**NEW, field: value})
    assert [error["pointer"] for error in response.json()["errors"]] == [f"body#/{field}"]


async def test_open_refuses_another_persons_connection(
    client: AsyncClient, make: Maker, alice: Person, bob: Person
) -> None:
    theirs = await make.connection(bob)
    body = {**NEW, "connection_id": str(theirs.id)}
    response = await client.post("/accounts", headers=alice.headers, json=body)
    assert response.status_code == 404
    assert response.json()["type"] == "urn:problem:connection-not-found"


async def test_open_refuses_a_connections_account_twice(client: AsyncClient, make: Maker, alice: Person) -> None:
    connection = await make.connection(alice)
    body = {**NEW, "connection_id": str(connection.id), "external_id": "acc-1"}
    first = await client.post("/accounts", headers=alice.headers, json=body)
    second = await client.post("/accounts", headers=alice.headers, json=body)
    assert (first.status_code, second.status_code) == (201, 409)


async def test_list_is_empty_at_first(client: AsyncClient, alice: Person) -> None:
    response = await client.get("/accounts", headers=alice.headers)
    assert response.json() == {"items": [], "next_cursor": None}


async def test_list_shows_only_the_callers_accounts(
    client: AsyncClient, make: Maker, alice: Person, bob: Person
) -> None:
    await make.account(alice, "hers")
    await make.account(bob, "his")
    response = await client.get("/accounts", headers=alice.headers)
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
async def test_list_filters(
    client: AsyncClient,
    make: Maker,
    alice: Person,
    clock: ManualClock,
    query: dict[str, str],
    expected: list[str],
) -> None:
    await make.account(alice, "everyday", created_at=clock.advance(seconds=1))
    await make.account(alice, "nest egg", kind="savings", created_at=clock.advance(seconds=1))
    await make.account(alice, "stockholm", currency="SEK", created_at=clock.advance(seconds=1))
    response = await client.get("/accounts", headers=alice.headers, params=query)
    assert [item["name"] for item in response.json()["items"]] == expected


async def test_list_filters_by_connection(client: AsyncClient, make: Maker, alice: Person) -> None:
    connection = await make.connection(alice)
    await make.account(alice, "connected", connection_id=connection.id)
    await make.account(alice, "by hand")
    query = {"connection_id": str(connection.id)}
    response = await client.get("/accounts", headers=alice.headers, params=query)
    assert [item["name"] for item in response.json()["items"]] == ["connected"]


async def test_list_refuses_a_misspelt_filter(client: AsyncClient, alice: Person) -> None:
    response = await client.get("/accounts", headers=alice.headers, params={"curency": "EUR"})
    assert response.status_code == 422


async def test_pages_hold_every_account_once_in_order(
    client: AsyncClient, make: Maker, alice: Person, clock: ManualClock
) -> None:
    for number in range(5):
        await make.account(alice, f"account {number}", created_at=clock.advance(seconds=number // 2))
    query: dict[str, Any] = {"limit": 2}
    names, times = [], []
    for _ in range(3):
        response = await client.get("/accounts", headers=alice.headers, params=query)
        page = response.json()
        names += [item["name"] for item in page["items"]]
        times += [item["created_at"] for item in page["items"]]
        query["cursor"] = page["next_cursor"]
    assert page["next_cursor"] is None
    assert sorted(names) == [f"account {number}" for number in range(5)]
    assert times == sorted(times)


async def test_page_is_not_shifted_by_an_account_opened_meanwhile(
    client: AsyncClient, make: Maker, alice: Person, clock: ManualClock
) -> None:
    for name in ("first", "second", "third"):
        await make.account(alice, name, created_at=clock.advance(minutes=1))
    response = await client.get("/accounts", headers=alice.headers, params={"limit": 2})
    page = response.json()
    await make.account(alice, "backdated", created_at=clock.advance(minutes=-9))
    query = {"limit": 2, "cursor": page["next_cursor"]}
    response = await client.get("/accounts", headers=alice.headers, params=query)
    assert [item["name"] for item in response.json()["items"]] == ["third"]


async def test_page_refuses_a_forged_cursor(client: AsyncClient, alice: Person) -> None:
    response = await client.get("/accounts", headers=alice.headers, params={"cursor": "forged"})
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
async def test_change_keeps_what_is_left_out(
    client: AsyncClient, make: Maker, alice: Person, change: dict[str, str], name: str, kind: str
) -> None:
    account = await make.account(alice)
    response = await client.patch(f"/accounts/{account.id}", headers=alice.headers, json=change)
    assert (response.json()["name"], response.json()["kind"]) == (name, kind)


async def test_change_cannot_touch_the_balance(client: AsyncClient, make: Maker, alice: Person) -> None:
    account = await make.account(alice)
    change = {"balance_minor": 10**9}
    response = await client.patch(f"/accounts/{account.id}", headers=alice.headers, json=change)
    assert response.status_code == 422


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PATCH", {"name": "Mine"}), ("DELETE", None)])
async def test_account_of_another_person_looks_like_none(
    client: AsyncClient, make: Maker, alice: Person, bob: Person, method: str, body: dict[str, str] | None
) -> None:
    theirs = await make.account(bob)
    path = f"/accounts/{theirs.id}"
    response = await client.request(method, path, headers=alice.headers, json=body)
    assert response.status_code == 404
    kept = await client.get(path, headers=bob.headers)
    assert kept.json()["name"] == "Everyday"


async def test_close_deletes_the_account_and_its_transactions(client: AsyncClient, make: Maker, alice: Person) -> None:
    account = await make.account(alice)
    transaction = await make.transaction(account)
    response = await client.delete(f"/accounts/{account.id}", headers=alice.headers)
    assert response.status_code == 204
    gone = await client.get(f"/accounts/{account.id}", headers=alice.headers)
    also_gone = await client.get(f"/transactions/{transaction.id}", headers=alice.headers)
    assert (gone.status_code, also_gone.status_code) == (404, 404)


async def test_net_worth_adds_up_by_currency(client: AsyncClient, make: Maker, alice: Person, bob: Person) -> None:
    await make.account(alice, currency="SEK", balance_minor=500)
    await make.account(alice, balance_minor=10_000)
    await make.account(alice, kind="credit", balance_minor=-2_500)
    await make.account(bob, balance_minor=77)
    response = await client.get("/accounts/net-worth", headers=alice.headers)
    assert response.json() == [
        {"currency": "EUR", "account_count": 2, "balance_minor": 7_500},
        {"currency": "SEK", "account_count": 1, "balance_minor": 500},
    ]


async def test_net_worth_of_nothing_is_empty(client: AsyncClient, alice: Person) -> None:
    response = await client.get("/accounts/net-worth", headers=alice.headers)
    assert response.json() == []
