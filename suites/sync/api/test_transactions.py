"""Laws of transactions over HTTP."""

from typing import Any

import pytest
from wiring import Client
from world import Maker, Person

NEW: dict[str, Any] = {"posted_on": "2025-10-18", "amount_minor": -1250, "description": "Coffee beans"}


def test_record_shows_the_transaction(client: Client, make: Maker, alice: Person) -> None:
    account = make.account(alice)
    body = {**NEW, "category": "Groceries"}
    response = client.post(f"/accounts/{account.id}/transactions", headers=alice.headers, json=body)
    assert response.status_code == 201
    shown = response.json()
    assert (shown["posted_on"], shown["amount_minor"]) == ("2025-10-18", -1250)
    assert (shown["account_id"], shown["category"]) == (str(account.id), "groceries")


@pytest.mark.parametrize(("amount", "balance"), [(-1250, 8_750), (500, 10_500), (0, 10_000)])
def test_record_moves_the_balance(
    client: Client, make: Maker, alice: Person, amount: int, balance: int
) -> None:
    account = make.account(alice, balance_minor=10_000)
    body = {**NEW, "amount_minor": amount}
    client.post(f"/accounts/{account.id}/transactions", headers=alice.headers, json=body)
    response = client.get(f"/accounts/{account.id}", headers=alice.headers)
    assert response.json()["balance_minor"] == balance


def test_record_refuses_a_providers_transaction_twice_and_keeps_the_balance(
    client: Client, make: Maker, alice: Person
) -> None:
    account = make.account(alice, balance_minor=10_000)
    body = {**NEW, "external_id": "tx-1"}
    path = f"/accounts/{account.id}/transactions"
    first = client.post(path, headers=alice.headers, json=body)
    second = client.post(path, headers=alice.headers, json=body)
    assert (first.status_code, second.status_code) == (201, 409)
    response = client.get(f"/accounts/{account.id}", headers=alice.headers)
    assert response.json()["balance_minor"] == 8_750


def test_record_lets_two_accounts_use_one_external_id(client: Client, make: Maker, alice: Person) -> None:
    body = {**NEW, "external_id": "tx-1"}
    statuses = []
    for name in ("first", "second"):
        account = make.account(alice, name)
        path = f"/accounts/{account.id}/transactions"
        response = client.post(path, headers=alice.headers, json=body)
        statuses.append(response.status_code)
    assert statuses == [201, 201]


def test_record_lets_payments_by_hand_repeat(client: Client, make: Maker, alice: Person) -> None:
    account = make.account(alice)
    path = f"/accounts/{account.id}/transactions"
    client.post(path, headers=alice.headers, json=NEW)
    response = client.post(path, headers=alice.headers, json=NEW)
    assert response.status_code == 201


def test_record_refuses_another_persons_account(
    client: Client, make: Maker, alice: Person, bob: Person
) -> None:
    theirs = make.account(bob)
    response = client.post(f"/accounts/{theirs.id}/transactions", headers=alice.headers, json=NEW)
    assert response.status_code == 404
    kept = client.get(f"/accounts/{theirs.id}", headers=bob.headers)
    assert kept.json()["balance_minor"] == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("posted_on", "2025-02-30"),
        ("description", "  "),
        ("category", "x" * 51),
    ],
)
def test_record_names_the_invalid_field(
    client: Client, make: Maker, alice: Person, field: str, value: object
) -> None:
    account = make.account(alice)
    body = {**NEW, field: value}
    response = client.post(f"/accounts/{account.id}/transactions", headers=alice.headers, json=body)
    assert [error["pointer"] for error in response.json()["errors"]] == [f"body#/{field}"]


def test_read_shows_the_category(client: Client, make: Maker, alice: Person) -> None:
    category = make.category(alice, "rent")
    transaction = make.transaction(make.account(alice), category_id=category.id)
    response = client.get(f"/transactions/{transaction.id}", headers=alice.headers)
    assert response.json()["category"] == "rent"


@pytest.mark.parametrize(
    ("change", "description", "category"),
    [
        ({"description": "Flat white"}, "Flat white", "rent"),
        ({"category": "Coffee"}, "Payment 1", "coffee"),
        ({"category": None}, "Payment 1", None),
        ({}, "Payment 1", "rent"),
    ],
    ids=["description", "category", "no-category", "nothing"],
)
def test_change_keeps_what_is_left_out(
    client: Client,
    make: Maker,
    alice: Person,
    change: dict[str, Any],
    description: str,
    category: str | None,
) -> None:
    rent = make.category(alice, "rent")
    transaction = make.transaction(make.account(alice), category_id=rent.id)
    path = f"/transactions/{transaction.id}"
    response = client.patch(path, headers=alice.headers, json=change)
    changed = response.json()
    assert (changed["description"], changed["category"]) == (description, category)
    kept = client.get(path, headers=alice.headers)
    assert kept.json() == changed


def test_change_cannot_touch_the_amount(client: Client, make: Maker, alice: Person) -> None:
    transaction = make.transaction(make.account(alice))
    path = f"/transactions/{transaction.id}"
    response = client.patch(path, headers=alice.headers, json={"amount_minor": 1})
    assert response.status_code == 422


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PATCH", {"description": "Mine"}), ("DELETE", None)])
def test_transaction_of_another_person_looks_like_none(
    client: Client, make: Maker, alice: Person, bob: Person, method: str, body: dict[str, str] | None
) -> None:
    theirs = make.transaction(make.account(bob))
    path = f"/transactions/{theirs.id}"
    response = client.request(method, path, headers=alice.headers, json=body)
    assert response.status_code == 404
    kept = client.get(path, headers=bob.headers)
    assert kept.json()["description"] == "Payment 1"


def test_delete_takes_the_amount_off_the_balance(client: Client, make: Maker, alice: Person) -> None:
    account = make.account(alice, balance_minor=10_000)
    transaction = make.transaction(account, -1_000)
    response = client.delete(f"/transactions/{transaction.id}", headers=alice.headers)
    assert response.status_code == 204
    gone = client.get(f"/transactions/{transaction.id}", headers=alice.headers)
    assert gone.status_code == 404
    kept = client.get(f"/accounts/{account.id}", headers=alice.headers)
    assert kept.json()["balance_minor"] == 11_000


def test_categories_are_counted_by_name(client: Client, make: Maker, alice: Person, bob: Person) -> None:
    rent = make.category(alice, "rent")
    make.category(alice, "coffee")
    make.category(bob, "travel")
    account = make.account(alice)
    make.transaction(account, category_id=rent.id)
    make.transaction(account, category_id=rent.id)
    response = client.get("/categories", headers=alice.headers)
    counted = [(item["name"], item["transaction_count"]) for item in response.json()]
    assert counted == [("coffee", 0), ("rent", 2)]


def test_category_is_made_once_for_all_spellings(client: Client, make: Maker, alice: Person) -> None:
    account = make.account(alice)
    for spelling in ("Coffee", " coffee ", "COFFEE"):
        body = {**NEW, "category": spelling}
        client.post(f"/accounts/{account.id}/transactions", headers=alice.headers, json=body)
    response = client.get("/categories", headers=alice.headers)
    counted = [(item["name"], item["transaction_count"]) for item in response.json()]
    assert counted == [("coffee", 3)]
