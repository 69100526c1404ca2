"""What many do at once: each scenario sends its requests together, as tasks of one loop."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher
from sqlmodel import select
from world import NOON, PASSWORD

from app.transactions.models import Transaction

if TYPE_CHECKING:
    from conftest import Live

MANY = 8


def hold_passwords(live: Live) -> tuple[asyncio.Event, asyncio.Event]:
    """Return what is set when a password has been checked, and what lets the answer of that through."""
    checking, checked = asyncio.Event(), asyncio.Event()
    verify = live.app.state.passwords.verify

    async def held(password: str, password_hash: str | None) -> bool:
        matches: bool = await verify(password, password_hash)
        checking.set()
        await checked.wait()
        return matches

    live.app.state.passwords.verify = held
    return checking, checked


async def test_transfers_in_both_directions_neither_deadlock_nor_lose_money(live: Live) -> None:
    alice = await live.make.person("alice")
    pair = [await live.make.account(alice, name, balance_minor=1_000) for name in ("first", "second")]
    ids = [str(account.id) for account in pair]

    async def move(number: int) -> int:
        source, target = ids if number % 2 else reversed(ids)
        response = await live.client.post(
            "/transfers",
            headers={**alice.headers, "Idempotency-Key": f"key-{number:04}"},
            json={"from_account_id": source, "to_account_id": target, "amount_minor": 10 + number},
        )
        return response.status_code

    statuses = await asyncio.gather(*[move(number) for number in range(MANY)])
    assert statuses == [201] * MANY
    listed = await live.client.get("/accounts", headers=alice.headers)
    # Odd numbers leave the first account, even ones come to it: 4 fewer in the end.
    assert sorted(item["balance_minor"] for item in listed.json()["items"]) == [996, 1_004]


async def test_transfers_at_once_take_no_more_than_there_is(live: Live) -> None:
    alice = await live.make.person("alice")
    source = await live.make.account(alice, "first", balance_minor=300)
    target = await live.make.account(alice, "second")

    async def take(number: int) -> int:
        body = {"from_account_id": str(source.id), "to_account_id": str(target.id), "amount_minor": 100}
        headers = {**alice.headers, "Idempotency-Key": f"key-{number:04}"}
        response = await live.client.post("/transfers", headers=headers, json=body)
        return response.status_code

    statuses = Counter(await asyncio.gather(*[take(number) for number in range(MANY)]))
    assert statuses == {201: 3, 409: MANY - 3}


async def test_transfer_sent_many_times_moves_money_once(live: Live) -> None:
    alice = await live.make.person("alice")
    source = await live.make.account(alice, "first", balance_minor=1_000)
    target = await live.make.account(alice, "second")
    body = {"from_account_id": str(source.id), "to_account_id": str(target.id), "amount_minor": 100}
    headers = {**alice.headers, "Idempotency-Key": "the-same-key"}
    answers = await asyncio.gather(*[live.client.post("/transfers", headers=headers, json=body) for _ in range(MANY)])
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: MANY - 1}
    assert len({answer.json()["id"] for answer in answers}) == 1
    rows = await live.make.db.exec(select(Transaction.amount_minor).order_by(Transaction.amount_minor))
    assert rows.all() == [-100, 100]


async def test_one_key_for_two_pairs_of_accounts_makes_one_transfer(live: Live) -> None:
    alice = await live.make.person("alice")
    ids = [str((await live.make.account(alice, name, balance_minor=500)).id) for name in "abcd"]
    headers = {**alice.headers, "Idempotency-Key": "the-same-key"}
    bodies = [
        {"from_account_id": source, "to_account_id": target, "amount_minor": 100}
        for source, target in (ids[:2], ids[2:])
    ]
    answers = await asyncio.gather(*[live.client.post("/transfers", headers=headers, json=body) for body in bodies])
    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_expired_token_is_refreshed_once_for_all_who_wait(live: Live) -> None:
    alice = await live.make.person("alice")
    connection = await live.make.connection(alice, token_expires_at=NOON)
    live.outside.refresh_tokens.add("refresh-of-Main")
    path = f"/connections/{connection.id}/remote-accounts"
    answers = await asyncio.gather(*[live.client.get(path, headers=alice.headers) for _ in range(MANY)])
    assert [answer.status_code for answer in answers] == [200] * MANY
    assert live.outside.requests.count("POST /oauth/token") == 1


async def test_category_is_made_once(live: Live) -> None:
    alice = await live.make.person("alice")
    account = await live.make.account(alice)
    body = {"posted_on": "2025-10-18", "amount_minor": -1, "description": "Beans", "category": "coffee"}
    path = f"/accounts/{account.id}/transactions"
    answers = await asyncio.gather(*[live.client.post(path, headers=alice.headers, json=body) for _ in range(MANY)])
    assert [answer.status_code for answer in answers] == [201] * MANY
    listed = await live.client.get("/categories", headers=alice.headers)
    assert [(item["name"], item["transaction_count"]) for item in listed.json()] == [("coffee", MANY)]
    shown = await live.client.get(f"/accounts/{account.id}", headers=alice.headers)
    assert shown.json()["balance_minor"] == -MANY


async def test_refresh_token_is_good_for_one_of_many(live: Live) -> None:
    await live.make.person("alice")
    credentials = {"email": "alice@example.com", "password": "correct horse battery"}
    login = await live.client.post("/auth/login", json=credentials)
    body = {"refresh_token": login.json()["refresh_token"]}
    answers = await asyncio.gather(*[live.client.post("/auth/refresh", json=body) for _ in range(MANY)])
    assert Counter(answer.status_code for answer in answers) == {200: 1, 401: MANY - 1}


async def test_address_is_registered_once(live: Live) -> None:
    body = {"email": "carol@example.com", "password": "a long enough one", "full_name": "Carol"}
    answers = await asyncio.gather(*[live.client.post("/auth/register", json=body) for _ in range(MANY)])
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: MANY - 1}
    assert await live.deliver() == 1


async def test_import_is_started_once(live: Live) -> None:
    alice = await live.make.person("alice")
    connection = await live.make.connection(alice)
    path = f"/connections/{connection.id}/imports"
    answers = await asyncio.gather(*[live.client.post(path, headers=alice.headers) for _ in range(MANY)])
    assert Counter(answer.status_code for answer in answers) == {202: 1, 409: MANY - 1}


async def test_letters_token_resets_one_password(live: Live) -> None:
    await live.make.person("alice")
    await live.client.post("/auth/password-reset", json={"email": "alice@example.com"})
    await live.deliver()
    body = {"token": live.outside.letter_token(), "new_password": "another good password"}
    answers = await asyncio.gather(*[live.client.post("/auth/password-reset/confirm", json=body) for _ in range(MANY)])
    assert Counter(answer.status_code for answer in answers) == {204: 1, 400: MANY - 1}


async def test_transaction_that_is_deleted_many_times_leaves_the_balance_once(live: Live) -> None:
    alice = await live.make.person("alice")
    account = await live.make.account(alice, balance_minor=1_000)
    transaction = await live.make.transaction(account, -100)
    path = f"/transactions/{transaction.id}"
    answers = await asyncio.gather(*[live.client.delete(path, headers=alice.headers) for _ in range(MANY)])
    assert Counter(answer.status_code for answer in answers) == {204: 1, 404: MANY - 1}
    shown = await live.client.get(f"/accounts/{account.id}", headers=alice.headers)
    assert shown.json()["balance_minor"] == 1_100


@pytest.mark.parametrize("change", [False, True], ids=["login", "change"])
async def test_password_that_is_being_checked_keeps_nobody_waiting(live: Live, change: bool) -> None:
    alice, bob = await live.make.person("alice"), await live.make.person("bob")
    checking, checked = hold_passwords(live)
    body = {"current_password": PASSWORD, "new_password": "another good password"}
    credentials = {"email": "alice@example.com", "password": PASSWORD}
    request = {"url": "/auth/password", "json": body} if change else {"url": "/auth/login", "json": credentials}
    slow = asyncio.create_task(live.client.post(**request, headers=alice.headers))
    await checking.wait()
    assert live.connections_in_use == 0
    renamed = await live.client.patch("/auth/me", headers=bob.headers, json={"full_name": "Robert"})
    assert renamed.status_code == 200
    checked.set()
    response = await slow
    assert response.status_code == (204 if change else 200)


@pytest.mark.parametrize("cost", [1, 2], ids=["as-it-is", "hashed-anew"])
async def test_login_that_a_reset_overtakes_is_refused(live: Live, cost: int) -> None:
    old = PasswordHasher(time_cost=cost, memory_cost=8, parallelism=1).hash(PASSWORD)
    await live.make.user("alice", password_hash=old)
    await live.client.post("/auth/password-reset", json={"email": "alice@example.com"})
    await live.deliver()
    checking, checked = hold_passwords(live)
    credentials = {"email": "alice@example.com", "password": PASSWORD}
    login = asyncio.create_task(live.client.post("/auth/login", json=credentials))
    await checking.wait()
    body = {"token": live.outside.letter_token(), "new_password": "another good password"}
    reset = await live.client.post("/auth/password-reset/confirm", json=body)
    checked.set()
    response = await login
    assert (reset.status_code, response.status_code) == (204, 401)
    again = await live.client.post("/auth/login", json={**credentials, "password": "another good password"})
    assert again.status_code == 200
