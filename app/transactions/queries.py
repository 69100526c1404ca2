"""Turn filters into statements."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy
from sqlalchemy import ColumnElement
from sqlalchemy.orm import contains_eager
from sqlmodel import case, col, func, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from app.accounts.models import Account
from app.pagination import after, decode_cursor
from app.transactions.models import Category, Transaction
from app.transactions.schemas import TransactionFilter

# What each field of a filter means; both ends of a range belong to it.
CONDITIONS: Mapping[str, Callable[[Any], ColumnElement[bool]]] = MappingProxyType(
    {
        "account_id": lambda value: col(Transaction.account_id) == value,
        "category": lambda value: col(Category.name) == value,
        "posted_from": lambda value: col(Transaction.posted_on) >= value,
        "posted_to": lambda value: col(Transaction.posted_on) <= value,
        "min_amount_minor": lambda value: col(Transaction.amount_minor) >= value,
        "max_amount_minor": lambda value: col(Transaction.amount_minor) <= value,
        "text": lambda value: col(Transaction.description).icontains(value, autoescape=True),
    }
)


def page_statement(user_id: UUID, wanted: TransactionFilter) -> SelectOfScalar[Transaction]:
    """Select one row more than a page, the newest first, each with its category."""
    conditions = _conditions(user_id, wanted)
    if wanted.cursor is not None:
        place = decode_cursor(wanted.cursor, date.fromisoformat)
        conditions.append(after(col(Transaction.posted_on), col(Transaction.id), place, descending=True))
    return (
        with_category(*conditions)
        .order_by(col(Transaction.posted_on).desc(), col(Transaction.id).desc())
        .limit(wanted.limit + 1)
    )


def with_category(*conditions: ColumnElement[bool]) -> SelectOfScalar[Transaction]:
    """Select transactions on accounts, each with its category loaded."""
    return (
        select(Transaction)
        .join(Account, col(Account.id) == col(Transaction.account_id))
        .join(Category, col(Category.id) == col(Transaction.category_id), isouter=True)
        .options(contains_eager(Transaction.category))  # type: ignore[arg-type]
        .where(*conditions)
    )


def cash_flow_statement(user_id: UUID, wanted: TransactionFilter) -> Select[str, int, int, int]:
    """Select inflow, outflow and count by currency."""
    amount = col(Transaction.amount_minor)
    return (
        select(
            Account.currency,
            func.coalesce(func.sum(case((amount > 0, amount), else_=0)), 0),
            func.coalesce(func.sum(case((amount < 0, amount), else_=0)), 0),
            func.count(),
        )
        .select_from(Transaction)
        .join(Account, col(Account.id) == col(Transaction.account_id))
        .join(Category, col(Category.id) == col(Transaction.category_id), isouter=True)
        .where(*_conditions(user_id, wanted))
        .group_by(col(Account.currency))
        .order_by(col(Account.currency))
    )


def export_statement(user_id: UUID, wanted: TransactionFilter) -> sqlalchemy.Select[*tuple[Any, ...]]:
    """Select plain columns, the newest first; pages play no part."""
    # Core's select: SQLModel's is typed for four columns at most.
    return (
        sqlalchemy.select(
            col(Transaction.posted_on),
            col(Account.name),
            col(Transaction.amount_minor),
            col(Account.currency),
            col(Transaction.description),
            col(Category.name),
        )
        .select_from(Transaction)
        .join(Account, col(Account.id) == col(Transaction.account_id))
        .join(Category, col(Category.id) == col(Transaction.category_id), isouter=True)
        .where(*_conditions(user_id, wanted))
        .order_by(col(Transaction.posted_on).desc(), col(Transaction.id).desc())
    )


def _conditions(user_id: UUID, wanted: TransactionFilter) -> list[ColumnElement[bool]]:
    given = {field: getattr(wanted, field) for field in CONDITIONS}
    asked = [CONDITIONS[field](value) for field, value in given.items() if value is not None]
    return [col(Account.user_id) == user_id, *asked]
