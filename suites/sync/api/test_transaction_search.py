"""Laws of finding transactions and adding them up over HTTP."""

from typing import Any

import pytest
from wiring import Client
from world import Maker, Person, transaction_row


@pytest.fixture
def ledger(make: Maker, alice: Person, bob: Person) -> dict[str, str]:
    """Give alice four transactions on two accounts, and bob one; return her accounts' ids by name."""
    euros = make.account(alice, "euros")
    kronor = make.account(alice, "kronor", currency="SEK")
    coffee = make.category(alice, "coffee")
    theirs = make.account(bob)
    make.rows(
        transaction_row(euros, -350, day=3, description="Coffee 100% arabica", category_id=coffee.id),
        transaction_row(euros, -95_000, day=1, description="Rent"),
        transaction_row(euros, 250_000, day=25, description="Salary"),
        transaction_row(kronor, -4_500, day=10, description="Fika, coffee and bun", category_id=coffee.id),
        transaction_row(theirs, 1, day=3, description="Coffee of bob"),
    )
    return {"euros": str(euros.id), "kronor": str(kronor.id)}


@pytest.mark.parametrize(
    ("query", "amounts"),
    [
        ({}, [250_000, -4_500, -350, -95_000]),
        ({"category": "coffee"}, [-4_500, -350]),
        ({"category": " COFFEE"}, [-4_500, -350]),
        ({"category": "tea"}, []),
        ({"posted_from": "2025-10-10"}, [250_000, -4_500]),
        ({"posted_to": "2025-10-03"}, [-350, -95_000]),
        ({"posted_from": "2025-10-03", "posted_to": "2025-10-03"}, [-350]),
        ({"min_amount_minor": 0}, [250_000]),
        ({"max_amount_minor": -4_500}, [-4_500, -95_000]),
        ({"min_amount_minor": -4_500, "max_amount_minor": -350}, [-4_500, -350]),
        ({"text": "coffee"}, [-4_500, -350]),
        ({"text": "100%"}, [-350]),
        ({"text": "1%0"}, []),
        ({"text": "_"}, []),
        ({"text": "coffee", "posted_from": "2025-10-10"}, [-4_500]),
    ],
    ids=[
        "all",
        "category",
        "category-spelling",
        "category-unknown",
        "from",
        "to",
        "one-day",
        "inflow",
        "outflow",
        "amounts",
        "text",
        "text-percent",
        "text-no-wildcard",
        "text-no-underscore",
        "combined",
    ],
)
def test_search_finds_the_newest_first(
    client: Client, alice: Person, ledger: dict[str, str], query: dict[str, Any], amounts: list[int]
) -> None:
    response = client.get("/transactions", headers=alice.headers, params=query)
    assert [item["amount_minor"] for item in response.json()["items"]] == amounts


def test_search_in_one_account(client: Client, alice: Person, ledger: dict[str, str]) -> None:
    query = {"account_id": ledger["kronor"]}
    response = client.get("/transactions", headers=alice.headers, params=query)
    assert [item["amount_minor"] for item in response.json()["items"]] == [-4_500]


def test_search_in_another_persons_account_finds_nothing(
    client: Client, bob: Person, ledger: dict[str, str]
) -> None:
    query = {"account_id": ledger["euros"]}
    response = client.get("/transactions", headers=bob.headers, params=query)
    assert response.json()["items"] == []


def test_search_shows_categories(client: Client, alice: Person, ledger: dict[str, str]) -> None:
    response = client.get("/transactions", headers=alice.headers)
    shown = [item["category"] for item in response.json()["items"]]
    assert shown == [None, "coffee", "coffee", None]


@pytest.mark.parametrize(
    "query",
    [
        {"posted_from": "2025-10-02", "posted_to": "2025-10-01"},
        {"sort": "amount"},
    ],
    ids=["dates", "unknown"],
)
def test_search_refuses_nonsense(client: Client, alice: Person, query: dict[str, Any]) -> None:
    response = client.get("/transactions", headers=alice.headers, params=query)
    assert response.status_code == 422
    assert response.json()["type"] == "urn:problem:validation"


def test_search_refuses_the_cursor_of_another_list(client: Client, make: Maker, alice: Person) -> None:
    make.account(alice)
    make.account(alice)
    accounts = client.get("/accounts", headers=alice.headers, params={"limit": 1})
    query = {"cursor": accounts.json()["next_cursor"]}
    response = client.get("/transactions", headers=alice.headers, params=query)
    assert response.status_code == 400


@pytest.mark.parametrize("limit", [1, 3, 7])
def test_pages_hold_every_transaction_once(client: Client, make: Maker, alice: Person, limit: int) -> None:
    account = make.account(alice)
    made = [transaction_row(account, -1_000, day=1 + number // 3) for number in range(7)]
    make.rows(*made)
    seen: list[str] = []
    query: dict[str, Any] = {"limit": limit}
    while "cursor" not in query or query["cursor"] is not None:
        response = client.get("/transactions", headers=alice.headers, params=query)
        page = response.json()
        assert len(page["items"]) <= limit
        seen += [item["id"] for item in page["items"]]
        query["cursor"] = page["next_cursor"]
    assert len(seen) == 7
    assert set(seen) == {str(transaction.id) for transaction in made}


def test_page_is_not_shifted_by_a_newer_transaction(client: Client, make: Maker, alice: Person) -> None:
    account = make.account(alice)
    make.rows(*[transaction_row(account, -day, day=day) for day in (1, 2, 3)])
    response = client.get("/transactions", headers=alice.headers, params={"limit": 2})
    page = response.json()
    make.transaction(account, -9, day=9)
    query = {"limit": 2, "cursor": page["next_cursor"]}
    response = client.get("/transactions", headers=alice.headers, params=query)
    assert [item["amount_minor"] for item in response.json()["items"]] == [-1]


def test_pages_keep_the_filter(client: Client, alice: Person, ledger: dict[str, str]) -> None:
    query = {"limit": 1, "category": "coffee"}
    response = client.get("/transactions", headers=alice.headers, params=query)
    page = response.json()
    query["cursor"] = page["next_cursor"]
    response = client.get("/transactions", headers=alice.headers, params=query)
    assert [item["amount_minor"] for item in response.json()["items"]] == [-350]
    assert response.json()["next_cursor"] is None


def test_cash_flow_adds_up_by_currency(client: Client, alice: Person, ledger: dict[str, str]) -> None:
    response = client.get("/transactions/cash-flow", headers=alice.headers)
    assert response.json() == [
        {"currency": "EUR", "inflow_minor": 250_000, "outflow_minor": -95_350, "transaction_count": 3},
        {"currency": "SEK", "inflow_minor": 0, "outflow_minor": -4_500, "transaction_count": 1},
    ]


def test_cash_flow_counts_what_the_filter_finds(
    client: Client, alice: Person, ledger: dict[str, str]
) -> None:
    query = {"category": "coffee", "posted_to": "2025-10-05"}
    response = client.get("/transactions/cash-flow", headers=alice.headers, params=query)
    assert response.json() == [{"currency": "EUR", "inflow_minor": 0, "outflow_minor": -350, "transaction_count": 1}]


def test_cash_flow_plays_no_part_in_pages(client: Client, alice: Person, ledger: dict[str, str]) -> None:
    response = client.get("/transactions/cash-flow", headers=alice.headers, params={"limit": 1})
    assert sum(item["transaction_count"] for item in response.json()) == 4
