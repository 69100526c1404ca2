"""Laws that hold behind real sockets, with two processes that know nothing of each other."""

from collections import Counter
from functools import partial

import pytest

MANY = 12

pytestmark = pytest.mark.slow


def call(method, path, **options):
    return lambda client: client.request(method, path, **options)


def balances(served, headers):
    listed = served.clients[1].get("/accounts", headers=headers).json()["items"]
    return {item["id"]: item["balance_minor"] for item in listed}


@pytest.fixture
def pair(served):
    """A person with two accounts, told apart by the test's own address."""

    def pair(address):
        headers = served.person(address)
        body = {"kind": "checking", "currency": "EUR", "opening_balance_minor": 1_000}
        opened = [
            served.clients[0].post("/accounts", headers=headers, json={**body, "name": name}).json()["id"]
            for name in ("first", "second")
        ]
        return headers, opened

    return pair


def test_address_is_registered_by_one_process_only(served):
    body = {"email": "same@example.com", "password": "correct horse battery", "full_name": "Same"}
    answers = served.together([call("POST", "/auth/register", json=body)] * MANY)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: MANY - 1}


def test_letters_are_sent_once_by_two_workers(served):
    addresses = [f"person{number}@example.com" for number in range(MANY)]
    body = {"password": "correct horse battery", "full_name": "Somebody"}
    served.together([call("POST", "/auth/register", json={**body, "email": address}) for address in addresses])
    for address in addresses:
        served.gateway.token_for(address)
    sent = Counter(letter["to"] for letter in served.gateway.letters)
    assert {sent[address] for address in addresses} == {1}


def test_transfers_through_both_processes_keep_every_cent(served, pair):
    headers, ids = pair("transfers@example.com")

    def move(number):
        source, target = ids if number % 3 else reversed(ids)
        body = {"from_account_id": source, "to_account_id": target, "amount_minor": 100}
        return call("POST", "/transfers", headers={**headers, "Idempotency-Key": f"key-{number:04}"}, json=body)

    answers = served.together([move(number) for number in range(MANY)])
    assert {answer.status_code for answer in answers} <= {201, 409}
    stored = balances(served, headers)
    assert sum(stored.values()) == 2_000
    assert min(stored.values()) >= 0


def test_transfer_repeated_at_the_other_process_moves_money_once(served, pair):
    headers, (source, target) = pair("repeated@example.com")
    body = {"from_account_id": source, "to_account_id": target, "amount_minor": 100}
    send = call("POST", "/transfers", headers={**headers, "Idempotency-Key": "the-same-key"}, json=body)
    answers = served.together([send] * MANY)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: MANY - 1}
    assert balances(served, headers) == {source: 900, target: 1_100}


def test_category_is_made_once_by_two_processes(served, pair):
    headers, (account, _) = pair("categories@example.com")
    body = {"posted_on": "2025-10-18", "amount_minor": -1, "description": "Beans", "category": "coffee"}
    record = call("POST", f"/accounts/{account}/transactions", headers=headers, json=body)
    assert {answer.status_code for answer in served.together([record] * MANY)} == {201}
    counted = served.clients[0].get("/categories", headers=headers).json()
    assert [(item["name"], item["transaction_count"]) for item in counted] == [("coffee", MANY)]
    assert balances(served, headers)[account] == 1_000 - MANY


def test_refresh_token_is_good_at_one_process_only(served):
    served.person("refresh@example.com")
    credentials = {"email": "refresh@example.com", "password": "correct horse battery"}
    login = served.clients[0].post("/auth/login", json=credentials).json()
    refresh = call("POST", "/auth/refresh", json={"refresh_token": login["refresh_token"]})
    answers = served.together([refresh] * MANY)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 401: MANY - 1}


def test_clients_who_leave_exports_early_cost_no_connection(served, pair):
    headers, (account, _) = pair("exports@example.com")
    body = {"posted_on": "2025-10-18", "amount_minor": -1, "description": "x" * 200}
    served.together([call("POST", f"/accounts/{account}/transactions", headers=headers, json=body)] * MANY)

    def leave(client):
        with client.stream("GET", "/transactions/export", headers=headers) as answer:
            next(answer.iter_raw())
        return answer

    # More than a pool has connections.
    for _ in range(3):
        assert {answer.status_code for answer in served.together([leave] * MANY)} == {200}
    assert {client.get("/health/ready").status_code for client in served.clients} == {204}


def test_import_of_an_unreachable_provider_ends_in_failure_for_everyone_to_see(served, pair):
    headers, _ = pair("imports@example.com")
    body = {"provider": "northbank", "label": "Main", "access_token": "x", "expires_in": 3600}
    connection = served.clients[0].post("/connections", headers=headers, json=body).json()
    started = served.clients[0].post(f"/connections/{connection['id']}/imports", headers=headers).json()
    events = partial(call, "GET", f"/imports/{started['id']}/events", headers=headers)
    for answer in served.together([events(), events()]):
        assert "provider-unavailable" in answer.text.splitlines()[-2]
