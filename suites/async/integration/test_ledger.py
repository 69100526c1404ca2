"""Laws of balances, transactions and categories."""

from datetime import date

import pytest
from sqlmodel import func, select
from wiring import AsyncSession, Call
from world import NOON, Maker, Person, transaction_row

from app.accounts import service as accounts
from app.accounts.problems import AccountNotFound
from app.transactions import categories, service
from app.transactions.models import Category, Transaction
from app.transactions.problems import TransactionExists, TransactionNotFound
from app.transactions.schemas import NewTransaction, TransactionChange, TransactionFilter

NEW = NewTransaction(
    posted_on=date(2025, 10, 18), amount_minor=-300, description="Coffee", category="coffee", external_id="tx-1"
)


async def test_record_moves_the_stored_balance(call: Call, make: Maker, db: AsyncSession, alice: Person) -> None:
    made = await make.account(alice, balance_minor=1_000)
    account = await call(accounts.get_account, alice.id, made.id)
    await call(service.record, account, NEW, now=NOON)
    await db.refresh(made)
    assert made.balance_minor == 700


async def test_record_does_not_trust_a_balance_read_earlier(
    call: Call, make: Maker, db: AsyncSession, alice: Person
) -> None:
    made = await make.account(alice, balance_minor=1_000)
    account = await call(accounts.get_account, alice.id, made.id)
    made.balance_minor = 5_000
    await db.commit()
    await call(service.record, account, NEW, now=NOON)
    await db.refresh(made)
    assert made.balance_minor == 4_700


async def test_record_of_a_known_transaction_leaves_no_trace(
    call: Call, make: Maker, db: AsyncSession, alice: Person
) -> None:
    made = await make.account(alice)
    await make.transaction(made, external_id="tx-1")
    account = await call(accounts.get_account, alice.id, made.id)
    with pytest.raises(TransactionExists):
        await call(service.record, account, NEW, now=NOON)
    result = await db.exec(select(func.count()).select_from(Category))
    assert result.one() == 0
    await db.refresh(made)
    assert made.balance_minor == 0


async def test_get_or_create_returns_the_one_there_is(call: Call, make: Maker, alice: Person) -> None:
    made = await make.category(alice, "coffee")
    found = await call(categories.get_or_create, alice.id, "coffee")
    assert found.id == made.id


async def test_get_or_create_leaves_the_commit_to_its_caller(call: Call, db: AsyncSession, alice: Person) -> None:
    await call(categories.get_or_create, alice.id, "coffee")
    result = await db.exec(select(func.count()).select_from(Category))
    assert result.one() == 0


async def test_categories_of_two_people_share_no_row(call: Call, make: Maker, alice: Person, bob: Person) -> None:
    theirs = await make.category(bob, "coffee")
    own = await call(categories.get_or_create, alice.id, "coffee")
    assert own.id != theirs.id


async def test_list_loads_categories_in_its_one_query(call: Call, make: Maker, alice: Person) -> None:
    rent = await make.category(alice, "rent")
    await make.transaction(await make.account(alice), category_id=rent.id)
    [transaction], _ = await call(service.list_transactions, alice.id, TransactionFilter())
    assert transaction.category.name == "rent"


async def test_unloaded_category_is_an_error_and_no_hidden_query(make: Maker, db: AsyncSession, alice: Person) -> None:
    rent = await make.category(alice, "rent")
    await make.transaction(await make.account(alice), category_id=rent.id)
    db.expunge_all()
    result = await db.exec(select(Transaction))
    transaction = result.one()
    with pytest.raises(Exception, match="lazy='raise'"):
        assert transaction.category


async def test_change_makes_the_category_it_names(call: Call, make: Maker, db: AsyncSession, alice: Person) -> None:
    made = await make.transaction(await make.account(alice))
    transaction = await call(service.get_transaction, alice.id, made.id)
    await call(service.change_transaction, alice.id, transaction, TransactionChange(category="Tea"))
    result = await db.exec(select(Category.name))
    assert result.all() == ["tea"]


async def test_delete_moves_the_balance_back(call: Call, make: Maker, db: AsyncSession, alice: Person) -> None:
    account = await make.account(alice, balance_minor=1_000)
    made = await make.transaction(account, 400)
    transaction = await call(service.get_transaction, alice.id, made.id)
    await call(service.delete_transaction, transaction)
    await db.refresh(account)
    assert account.balance_minor == 600


async def test_delete_of_a_transaction_that_is_gone_moves_nothing(
    call: Call, make: Maker, db: AsyncSession, alice: Person
) -> None:
    account = await make.account(alice, balance_minor=1_000)
    made = await make.transaction(account, 400)
    transaction = await call(service.get_transaction, alice.id, made.id)
    await call(service.delete_transaction, transaction)
    with pytest.raises(TransactionNotFound):
        await call(service.delete_transaction, transaction)
    await db.refresh(account)
    assert account.balance_minor == 600


async def test_delete_takes_off_the_amount_that_is_stored(
    call: Call, make: Maker, db: AsyncSession, alice: Person
) -> None:
    account = await make.account(alice, balance_minor=1_000)
    made = await make.transaction(account, 400)
    transaction = await call(service.get_transaction, alice.id, made.id)
    made.amount_minor = 300
    await db.commit()
    await call(service.delete_transaction, transaction)
    await db.refresh(account)
    assert account.balance_minor == 700


async def test_get_refuses_another_persons_transaction(call: Call, make: Maker, alice: Person, bob: Person) -> None:
    theirs = await make.transaction(await make.account(bob))
    with pytest.raises(TransactionNotFound):
        await call(service.get_transaction, alice.id, theirs.id)


async def test_get_refuses_another_persons_account(call: Call, make: Maker, alice: Person, bob: Person) -> None:
    theirs = await make.account(bob)
    with pytest.raises(AccountNotFound):
        await call(accounts.get_account, alice.id, theirs.id)


async def test_cash_flow_keeps_sums_exact_beyond_floating_point(call: Call, make: Maker, alice: Person) -> None:
    account = await make.account(alice)
    await make.rows(*[transaction_row(account, 10**15 - 1, day=1) for _ in range(11)])
    [flow] = await call(service.cash_flow, alice.id, TransactionFilter())
    assert flow.inflow_minor == 11 * (10**15 - 1)


async def test_closing_an_account_deletes_its_transactions_only(
    call: Call, make: Maker, db: AsyncSession, alice: Person
) -> None:
    kept = await make.transaction(await make.account(alice, "kept"))
    closed = await make.account(alice, "closed")
    await make.transaction(closed)
    account = await call(accounts.get_account, alice.id, closed.id)
    await call(accounts.close_account, account)
    result = await db.exec(select(Transaction.id))
    assert result.all() == [kept.id]
