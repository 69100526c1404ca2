"""Record, find and change transactions, keeping the accounts' balances right.

Each function that changes something ends with its one commit.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from app.accounts.models import Account
from app.pagination import cut_page, encode_cursor
from app.transactions import categories, queries
from app.transactions.models import Transaction
from app.transactions.problems import TransactionExists, TransactionNotFound
from app.transactions.schemas import CashFlow, NewTransaction, TransactionChange, TransactionFilter


async def record(session: AsyncSession, account: Account, new: NewTransaction, *, now: datetime) -> Transaction:
    """Store a transaction and move the balance with it; raise TransactionExists for a known external id."""
    category = await categories.get_or_create(session, account.user_id, new.category) if new.category else None
    transaction = Transaction(
        account_id=account.id,
        external_id=new.external_id,
        posted_on=new.posted_on,
        amount_minor=new.amount_minor,
        description=new.description,
        created_at=now,
    )
    transaction.category = category
    session.add(transaction)
    try:
        await session.flush()
    except IntegrityError as error:
        await session.rollback()
        raise TransactionExists("This account has that transaction already.") from error
    await _move_balance(session, account.id, new.amount_minor)
    await session.commit()
    return transaction


async def list_transactions(
    session: AsyncSession, user_id: UUID, wanted: TransactionFilter
) -> tuple[list[Transaction], str | None]:
    """Return one page of a person's transactions, the newest first, and the cursor of the next."""
    rows = (await session.exec(queries.page_statement(user_id, wanted))).all()
    return cut_page(rows, wanted.limit, lambda row: encode_cursor(row.posted_on, row.id))


async def get_transaction(session: AsyncSession, user_id: UUID, transaction_id: UUID) -> Transaction:
    """Return a person's transaction with its category; raise TransactionNotFound for any other."""
    theirs = (col(Account.user_id) == user_id, col(Transaction.id) == transaction_id)
    transaction = (await session.exec(queries.with_category(*theirs))).one_or_none()
    if transaction is None:
        raise TransactionNotFound("There is no such transaction.")
    return transaction


async def change_transaction(
    session: AsyncSession, user_id: UUID, transaction: Transaction, change: TransactionChange
) -> Transaction:
    """Set what the change names."""
    if change.description is not None:
        transaction.description = change.description
    if change.category is not None:
        transaction.category = await categories.get_or_create(session, user_id, change.category)
    elif "category" in change.model_fields_set:
        transaction.category = None
    session.add(transaction)
    await session.commit()
    return transaction


async def delete_transaction(session: AsyncSession, transaction: Transaction) -> None:
    """Delete a transaction and take its amount off the balance again; raise TransactionNotFound for one that is gone.

    Of two requests at once, the one that deletes the row moves the balance: the amount is the row's as it went.
    """
    this = delete(Transaction).where(col(Transaction.id) == transaction.id)
    deleted = await session.exec(this.returning(col(Transaction.amount_minor)))
    amount_minor = deleted.scalar_one_or_none()
    if amount_minor is None:
        raise TransactionNotFound("There is no such transaction.")
    await _move_balance(session, transaction.account_id, -amount_minor)
    await session.commit()


async def cash_flow(session: AsyncSession, user_id: UUID, wanted: TransactionFilter) -> list[CashFlow]:
    """Add up what came in and went out, by currency in alphabetical order; pages play no part."""
    result = await session.exec(queries.cash_flow_statement(user_id, wanted))
    # PostgreSQL adds big integers up to a decimal.
    return [
        CashFlow(currency=currency, inflow_minor=int(inflow), outflow_minor=int(outflow), transaction_count=count)
        for currency, inflow, outflow, count in result.all()
    ]


async def _move_balance(session: AsyncSession, account_id: UUID, by_minor: int) -> None:
    # Computed by the database: a sum made from a value read earlier would lose a concurrent change.
    moved = update(Account).where(col(Account.id) == account_id)
    await session.exec(moved.values(balance_minor=col(Account.balance_minor) + by_minor))
