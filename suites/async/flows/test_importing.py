"""Laws of running imports."""

from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlmodel import func, select
from wiring import AsyncSession, Call
from world import NOON, Maker, ManualClock, Person

from app.accounts.models import Account
from app.imports import service
from app.imports.models import ImportJob, ImportStatus
from app.providers.models import Connection
from app.security.encryption import SecretCipher
from app.transactions.models import Transaction
from suites.outside import Outside, remote


@pytest.fixture
async def bank(make: Maker, alice: Person) -> Connection:
    """Return a connection of alice's."""
    return await make.connection(alice)


@pytest.fixture
async def job(call: Call, bank: Connection, cipher: SecretCipher) -> ImportJob:
    """Return an import that waits for the worker."""
    return await call(service.start, bank, cipher=cipher, now=NOON)


async def test_import_has_a_few_requests_at_a_time_and_asks_for_each_page_once(
    outside: Outside, job: ImportJob, deliver: Call
) -> None:
    outside.account("a-1", *[[remote(number)] for number in range(12)])
    await deliver()
    assert outside.most_in_flight == 4
    assert outside.requests == ["GET /accounts", *["GET /accounts/a-1/transactions"] * 12]


async def test_import_twice_stores_once_and_takes_the_later_truth(
    outside: Outside,
    job: ImportJob,
    bank: Connection,
    call: Call,
    deliver: Call,
    cipher: SecretCipher,
    db: AsyncSession,
) -> None:
    outside.account("a-1", [remote(1, -100), remote(2, -200)], balance_minor=700)
    await deliver()
    outside.accounts[0]["balance_minor"] = 650
    outside.pages["a-1"] = [[remote(1, -150), remote(2, -200)]]
    await call(service.start, bank, cipher=cipher, now=NOON)
    await deliver()
    amounts = await db.exec(select(Transaction.amount_minor).order_by(Transaction.amount_minor))
    assert amounts.all() == [-200, -150]
    balances = await db.exec(select(Account.balance_minor))
    assert balances.all() == [650]


async def test_import_keeps_what_the_person_has_changed(
    outside: Outside,
    job: ImportJob,
    bank: Connection,
    make: Maker,
    alice: Person,
    deliver: Call,
    db: AsyncSession,
) -> None:
    groceries = await make.category(alice, "groceries")
    account = await make.account(alice, "My own name", connection_id=bank.id, external_id="a-1")
    transaction = await make.transaction(account, external_id="r-1", category_id=groceries.id)
    outside.account("a-1", [remote(1, -100)], name="Their name")
    await deliver()
    await make.fresh(account)
    await make.fresh(transaction)
    assert (account.name, transaction.category_id) == ("My own name", groceries.id)
    assert transaction.amount_minor == -100


async def test_import_takes_a_page_that_names_a_transaction_twice(
    outside: Outside, job: ImportJob, deliver: Call, db: AsyncSession
) -> None:
    outside.account("a-1", [remote(1, -100), remote(1, -300)])
    await deliver()
    amounts = await db.exec(select(Transaction.amount_minor))
    assert amounts.all() == [-300]


@pytest.mark.parametrize("accounts", [0, 1], ids=["no-account", "no-transaction"])
async def test_import_of_nothing_succeeds(
    outside: Outside, job: ImportJob, deliver: Call, db: AsyncSession, accounts: int
) -> None:
    for number in range(accounts):
        outside.account(f"a-{number}")
    await deliver()
    stored = await db.get_one(ImportJob, job.id)
    assert (stored.status, stored.transaction_count) == (ImportStatus.SUCCEEDED, 0)


async def test_import_that_fails_halfway_keeps_its_pages_and_says_why(
    outside: Outside, job: ImportJob, deliver: Call, db: AsyncSession, clock: ManualClock
) -> None:
    outside.account("a-1", [remote(1)])
    outside.account("a-2", [remote(2)])
    outside.instead["/accounts/a-2/transactions"] = (500, {})
    assert await deliver() == 1
    stored = await db.get_one(ImportJob, job.id)
    assert (stored.status, stored.error) == (ImportStatus.FAILED, "provider-unavailable")
    assert (stored.finished_at, stored.pages_total) == (NOON, 2)


async def test_import_that_meets_a_bug_is_finished_too(
    outside: Outside, job: ImportJob, deliver: Call, db: AsyncSession
) -> None:
    outside.account("a-1", [remote(1)])
    outside.instead["/accounts/a-1/transactions"] = RuntimeError("a bug")
    await deliver()
    stored = await db.get_one(ImportJob, job.id)
    assert (stored.status, stored.error) == (ImportStatus.FAILED, "internal")


async def test_import_is_not_run_again_when_its_message_comes_twice(
    app: FastAPI, outside: Outside, job: ImportJob, deliver: Call, drive: Call
) -> None:
    await deliver()
    asked = len(outside.requests)
    await drive(app.state.runtime.relay._handlers["run-import"], {"job_id": str(job.id)})
    await drive(app.state.runtime.relay._handlers["run-import"], {"job_id": str(UUID(int=7))})
    assert len(outside.requests) == asked


async def test_import_leaves_with_its_connection(
    db: AsyncSession, job: ImportJob, bank: Connection, deliver: Call
) -> None:
    await db.delete(bank)
    await db.commit()
    assert await deliver() == 1
    result = await db.exec(select(func.count()).select_from(ImportJob))
    assert result.one() == 0
