"""Laws of moving money between one's accounts over HTTP."""

from typing import Any

import pytest
from wiring import Client
from world import Maker, ManualClock, Person

from app.accounts.models import Account, AccountKind


def body(source: Account, target: Account, amount_minor: int = 400) -> dict[str, Any]:
    """Return what a transfer is asked for with."""
    return {"from_account_id": str(source.id), "to_account_id": str(target.id), "amount_minor": amount_minor}


def keyed(person: Person, key: str = "key-0001") -> dict[str, str]:
    """Return a person's headers with an idempotency key."""
    return {**person.headers, "Idempotency-Key": key}


def balances(client: Client, person: Person) -> list[int]:
    """Return a person's balances, the oldest account's first."""
    response = client.get("/accounts", headers=person.headers)
    return [item["balance_minor"] for item in response.json()["items"]]


@pytest.fixture
def pair(make: Maker, alice: Person, clock: ManualClock) -> tuple[Account, Account]:
    """Return alice's two accounts, one with ten euros and an empty one."""
    source = make.account(alice, "Everyday", balance_minor=1_000)
    clock.advance(seconds=1)
    return source, make.account(alice, "Savings")


def test_transfer_moves_the_money_and_records_both_sides(
    client: Client, alice: Person, pair: tuple[Account, Account]
) -> None:
    response = client.post("/transfers", headers=keyed(alice), json=body(*pair))
    assert response.status_code == 201
    assert balances(client, alice) == [600, 400]
    recorded = client.get("/transactions", headers=alice.headers)
    assert sorted(item["amount_minor"] for item in recorded.json()["items"]) == [-400, 400]
    listed = client.get("/transfers", headers=alice.headers)
    assert listed.json() == [response.json()]


def test_transfer_with_a_known_key_moves_nothing_and_answers_the_same(
    client: Client, alice: Person, pair: tuple[Account, Account]
) -> None:
    first = client.post("/transfers", headers=keyed(alice), json=body(*pair))
    second = client.post("/transfers", headers=keyed(alice), json=body(*pair))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert balances(client, alice) == [600, 400]


def test_transfer_refuses_a_key_for_something_else(
    client: Client, alice: Person, pair: tuple[Account, Account]
) -> None:
    client.post("/transfers", headers=keyed(alice), json=body(*pair))
    response = client.post("/transfers", headers=keyed(alice), json=body(*pair, 401))
    assert response.json()["type"] == "urn:problem:idempotency-key-reused"
    assert balances(client, alice) == [600, 400]


def test_transfer_keys_of_two_people_do_not_meet(
    client: Client, make: Maker, alice: Person, bob: Person, pair: tuple[Account, Account]
) -> None:
    theirs = [make.account(bob, name, balance_minor=500) for name in ("first", "second")]
    client.post("/transfers", headers=keyed(alice), json=body(*pair))
    response = client.post("/transfers", headers=keyed(bob), json=body(*theirs))
    assert response.status_code == 201


def test_transfer_refuses_more_than_there_is(
    client: Client, alice: Person, pair: tuple[Account, Account]
) -> None:
    response = client.post("/transfers", headers=keyed(alice), json=body(*pair, 1_001))
    assert response.status_code == 409
    assert response.json()["type"] == "urn:problem:insufficient-funds"
    assert balances(client, alice) == [1_000, 0]


def test_transfer_may_overdraw_a_credit_account(
    client: Client, make: Maker, alice: Person, pair: tuple[Account, Account]
) -> None:
    card = make.account(alice, "Card", kind=AccountKind.CREDIT)
    response = client.post("/transfers", headers=keyed(alice), json=body(card, pair[0]))
    assert response.status_code == 201


def test_transfer_refuses_accounts_of_another_person(
    client: Client, make: Maker, alice: Person, bob: Person, pair: tuple[Account, Account]
) -> None:
    theirs = make.account(bob, balance_minor=1_000)
    for accounts in ((theirs, pair[1]), (pair[0], theirs)):
        response = client.post("/transfers", headers=keyed(alice), json=body(*accounts))
        assert response.json()["type"] == "urn:problem:account-not-found"
    assert balances(client, bob) == [1_000]


def test_transfer_refuses_another_currency(
    client: Client, make: Maker, alice: Person, pair: tuple[Account, Account]
) -> None:
    dollars = make.account(alice, "Travel", currency="USD")
    response = client.post("/transfers", headers=keyed(alice), json=body(pair[0], dollars))
    assert response.json()["type"] == "urn:problem:currencies-differ"


def test_transfer_to_the_same_account_is_refused(
    client: Client, alice: Person, pair: tuple[Account, Account]
) -> None:
    response = client.post("/transfers", headers=keyed(alice), json=body(pair[0], pair[0]))
    assert response.json()["type"] == "urn:problem:same-account"


@pytest.mark.parametrize("amount", [0, -1])
def test_transfer_takes_nothing_back(
    client: Client, alice: Person, pair: tuple[Account, Account], amount: int
) -> None:
    response = client.post("/transfers", headers=keyed(alice), json=body(*pair, amount))
    assert response.status_code == 422


def test_transfer_without_a_key_is_refused(
    client: Client, alice: Person, pair: tuple[Account, Account]
) -> None:
    response = client.post("/transfers", headers=alice.headers, json=body(*pair))
    assert response.json()["errors"][0]["pointer"] == "header#/idempotency-key"


def test_transfer_needs_a_verified_address(client: Client, make: Maker) -> None:
    person = make.person("carol", verified_at=None)
    pair = [make.account(person, name, balance_minor=500) for name in ("first", "second")]
    response = client.post("/transfers", headers=keyed(person), json=body(*pair))
    assert response.status_code == 403
