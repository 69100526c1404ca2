"""Open, find, change and close accounts.

Each function that changes something ends with its one commit.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.accounts.models import Account
from app.accounts.problems import AccountExists, AccountNotFound
from app.accounts.schemas import AccountChange, AccountFilter, NetWorth, NewAccount
from app.pagination import after, cut_page, decode_cursor, encode_cursor, utc_time
from app.providers.service import get_connection


async def open_account(session: AsyncSession, user_id: UUID, new: NewAccount, *, now: datetime) -> Account:
    """Store a new account; raise ConnectionNotFound or AccountExists."""
    if new.connection_id is not None:
        await get_connection(session, user_id, new.connection_id)
    account = Account(
        user_id=user_id,
        connection_id=new.connection_id,
        external_id=new.external_id,
        name=new.name,
        kind=new.kind,
        currency=new.currency,
        balance_minor=new.opening_balance_minor,
        created_at=now,
    )
    session.add(account)
    try:
        await session.commit()
    except IntegrityError as error:
        await session.rollback()
        raise AccountExists("This connection has that account already.") from error
    return account


async def list_accounts(
    session: AsyncSession, user_id: UUID, wanted: AccountFilter
) -> tuple[list[Account], str | None]:
    """Return one page of a person's accounts, the oldest first, and the cursor of the next."""
    statement = select(Account).where(col(Account.user_id) == user_id)
    if wanted.kind is not None:
        statement = statement.where(col(Account.kind) == wanted.kind)
    if wanted.currency is not None:
        statement = statement.where(col(Account.currency) == wanted.currency)
    if wanted.connection_id is not None:
        statement = statement.where(col(Account.connection_id) == wanted.connection_id)
    if wanted.cursor is not None:
        place = decode_cursor(wanted.cursor, utc_time)
        statement = statement.where(after(col(Account.created_at), col(Account.id), place, descending=False))
    statement = statement.order_by(col(Account.created_at), col(Account.id)).limit(wanted.limit + 1)
    rows = (await session.exec(statement)).all()
    return cut_page(rows, wanted.limit, lambda row: encode_cursor(row.created_at, row.id))


async def get_account(session: AsyncSession, user_id: UUID, account_id: UUID) -> Account:
    """Return a person's account; raise AccountNotFound, also if it is another person's."""
    account = await session.get(Account, account_id)
    if account is None or account.user_id != user_id:
        raise AccountNotFound("There is no such account.")
    return account


async def change_account(session: AsyncSession, account: Account, change: AccountChange) -> Account:
    """Set what the change names."""
    if change.name is not None:
        account.name = change.name
    if change.kind is not None:
        account.kind = change.kind
    session.add(account)
    await session.commit()
    return account


async def close_account(session: AsyncSession, account: Account) -> None:
    """Delete an account with all its transactions."""
    await session.delete(account)
    await session.commit()


async def net_worth(session: AsyncSession, user_id: UUID) -> Sequence[NetWorth]:
    """Return what a person owns, by currency in alphabetical order."""
    result = await session.exec(
        select(Account.currency, func.count(), func.sum(Account.balance_minor))
        .where(col(Account.user_id) == user_id)
        .group_by(col(Account.currency))
        .order_by(col(Account.currency))
    )
    # PostgreSQL adds big integers up to a decimal.
    return [
        NetWorth(currency=currency, account_count=count, balance_minor=int(total))
        for currency, count, total in result.all()
    ]
