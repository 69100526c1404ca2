"""Move money between accounts, once, however often and from however many sides it is asked for.

Each function that changes something ends with its one commit.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.accounts.models import Account, AccountKind
from app.accounts.problems import AccountNotFound
from app.transactions.models import Transaction
from app.transfers.models import Transfer
from app.transfers.problems import CurrenciesDiffer, InsufficientFunds, KeyReused, SameAccount
from app.transfers.schemas import NewTransfer


async def transfer(
    session: AsyncSession, user_id: UUID, new: NewTransfer, *, idempotency_key: str, now: datetime
) -> tuple[Transfer, bool]:
    """Move the money and return the transfer and whether this call made it.

    A key that was used for the same transfer gives that one again. Raises SameAccount, AccountNotFound,
    CurrenciesDiffer, InsufficientFunds, or KeyReused for a key that stands for another transfer.
    """
    if new.from_account_id == new.to_account_id:
        raise SameAccount("Money cannot be moved from an account to itself.")
    made = Transfer(user_id=user_id, idempotency_key=idempotency_key, created_at=now, **new.model_dump())
    source, target = await _lock(session, user_id, new)
    earlier = await _find(session, user_id, idempotency_key)
    if earlier is not None:
        return _same(earlier, new), False
    _move(source, target, new.amount_minor)
    session.add_all([made, *_entries(made, now=now)])
    try:
        await session.commit()
    except IntegrityError:
        # The same key came for two other accounts, whose locks do not meet ours.
        await session.rollback()
        winner = await _find(session, user_id, idempotency_key)
        assert winner is not None, "a key that met a conflict is not there"
        return _same(winner, new), False
    return made, True


async def list_transfers(session: AsyncSession, user_id: UUID) -> list[Transfer]:
    """Return a person's hundred latest transfers, the newest first."""
    result = await session.exec(
        select(Transfer)
        .where(col(Transfer.user_id) == user_id)
        .order_by(col(Transfer.created_at).desc(), col(Transfer.id).desc())
        .limit(100)
    )
    return list(result.all())


async def _lock(session: AsyncSession, user_id: UUID, new: NewTransfer) -> tuple[Account, Account]:
    """Return both accounts, locked until the commit: always in the same order, so that no two transfers deadlock."""
    wanted = (new.from_account_id, new.to_account_id)
    result = await session.exec(
        select(Account)
        .where(col(Account.id).in_(wanted), col(Account.user_id) == user_id)
        .order_by(col(Account.id))
        .with_for_update()
    )
    found = {account.id: account for account in result.all()}
    if len(found) < len(wanted):
        raise AccountNotFound("There is no such account.")
    return found[new.from_account_id], found[new.to_account_id]


def _move(source: Account, target: Account, amount_minor: int) -> None:
    if source.currency != target.currency:
        raise CurrenciesDiffer(f"{source.currency} cannot be moved to an account in {target.currency}.")
    if source.kind is not AccountKind.CREDIT and source.balance_minor < amount_minor:
        raise InsufficientFunds("The account does not hold that much.", balance_minor=source.balance_minor)
    source.balance_minor -= amount_minor
    target.balance_minor += amount_minor


def _entries(made: Transfer, *, now: datetime) -> list[Transaction]:
    sides = ((made.from_account_id, -made.amount_minor), (made.to_account_id, made.amount_minor))
    return [
        Transaction(
            account_id=account_id,
            posted_on=now.date(),
            amount_minor=amount_minor,
            description=made.description,
            created_at=now,
        )
        for account_id, amount_minor in sides
    ]


async def _find(session: AsyncSession, user_id: UUID, idempotency_key: str) -> Transfer | None:
    result = await session.exec(
        select(Transfer).where(col(Transfer.user_id) == user_id, col(Transfer.idempotency_key) == idempotency_key)
    )
    return result.one_or_none()


def _same(earlier: Transfer, new: NewTransfer) -> Transfer:
    if any(getattr(earlier, field) != asked for field, asked in new.model_dump().items()):
        raise KeyReused("This idempotency key stands for another transfer.")
    return earlier
