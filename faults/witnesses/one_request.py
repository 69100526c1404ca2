"""What one request after the other shows."""

from accounts import made, service

TRANSACTION = {"posted_on": "2025-10-18", "amount_minor": -100, "description": "Beans"}


def net_worth_is_answered():
    with service() as served:
        alice = served.person()
        alice.account(500)
        assert made(alice.call("GET", "/accounts/net-worth")) == [
            {"currency": "EUR", "account_count": 1, "balance_minor": 500}
        ]


def wrong_password_is_refused():
    with service() as served:
        alice = served.person()
        answer = served.login(alice.address, "not the password")
        assert answer.status == 401, answer.status


def taken_label_is_a_conflict():
    with service() as served:
        alice = served.person()
        alice.connection("Main")
        body = {"provider": "northbank", "label": "Main", "access_token": "x", "expires_in": 3600}
        answer = alice.call("POST", "/connections", body=body)
        assert answer.status == 409, answer.status


def recorded_transaction_is_created():
    with service() as served:
        alice = served.person()
        answer = alice.call("POST", f"/accounts/{alice.account()}/transactions", body=TRANSACTION)
        assert answer.status == 201, answer.status


def misspelt_member_is_refused():
    with service() as served:
        alice = served.person()
        body = {"name": "Everyday", "kind": "checking", "currency": "EUR", "openning_balance_minor": 100}
        answer = alice.call("POST", "/accounts", body=body)
        assert answer.status == 422, answer.status


def account_of_another_is_hidden():
    with service() as served:
        alice, mallory = served.person(), served.person()
        answer = mallory.call("GET", f"/accounts/{alice.account()}", at=1)
        assert answer.status == 404, answer.status


def pages_lose_no_row():
    with service() as served:
        alice = served.person()
        account = alice.account()
        recorded = {alice.transaction(account, -number) for number in range(1, 8)}
        listed, query = set(), "?limit=3"
        while query:
            page = made(alice.call("GET", f"/transactions{query}", at=1))
            listed |= {item["id"] for item in page["items"]}
            query = page["next_cursor"] and f"?limit=3&cursor={page['next_cursor']}"
        assert listed == recorded, f"{len(listed)} of {len(recorded)} rows were listed"
