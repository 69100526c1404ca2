"""Sessions as they are in production: new for each request, on a pool of connections."""

from uuid import uuid4

from accounts import made, service


def opened_account_is_answered():
    with service() as served:
        alice = served.person()
        assert alice.balance(alice.account(700)) == 700


def transactions_show_their_categories():
    with service() as served:
        alice = served.person()
        transaction = alice.transaction(alice.account(), category="coffee")
        assert made(alice.call("GET", f"/transactions/{transaction}", at=1))["category"] == "coffee"


def customer_is_refused_as_staff():
    with service() as served:
        answer = served.person().call("GET", "/users")
        assert answer.status == 403, answer.status


def account_of_a_missing_connection_is_not_found():
    with service() as served:
        body = {
            "name": "Lost",
            "kind": "checking",
            "currency": "EUR",
            "connection_id": str(uuid4()),
            "external_id": "x",
        }
        answer = served.person().call("POST", "/accounts", body=body)
        assert answer.status == 404, answer.status


def transactions_are_found_by_text():
    with service() as served:
        alice = served.person()
        alice.transaction(alice.account())
        found = made(alice.call("GET", "/transactions?text=bean"))["items"]
        assert len(found) == 1, f"{len(found)} transactions were found"
