"""Laws of the CSV export over HTTP."""

import csv

from wiring import Client
from world import Maker, Person, transaction_row


def test_export_is_a_csv_file_with_the_newest_first(client: Client, make: Maker, alice: Person) -> None:
    category = make.category(alice, "rent")
    account = make.account(alice, "Everyday")
    make.transaction(account, -100, day=1, category_id=category.id)
    make.transaction(account, 2_500, day=2, description='Salary, "October"')
    response = client.get("/transactions/export", headers=alice.headers)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="transactions.csv"'
    assert list(csv.reader(response.text.splitlines())) == [
        ["posted_on", "account", "amount_minor", "currency", "description", "category"],
        ["2025-10-02", "Everyday", "2500", "EUR", 'Salary, "October"', ""],
        ["2025-10-01", "Everyday", "-100", "EUR", "Payment 1", "rent"],
    ]


def test_export_knows_filters_but_no_pages(client: Client, make: Maker, alice: Person) -> None:
    account = make.account(alice)
    make.rows(*[transaction_row(account, -number, day=number % 28 + 1) for number in range(250)])
    query = {"max_amount_minor": -1, "limit": 10}
    response = client.get("/transactions/export", headers=alice.headers, params=query)
    assert len(response.text.splitlines()) == 1 + 249


def test_export_holds_nothing_of_others(client: Client, make: Maker, alice: Person, bob: Person) -> None:
    make.transaction(make.account(bob))
    response = client.get("/transactions/export", headers=alice.headers)
    assert len(response.text.splitlines()) == 1
