"""Define what the account endpoints take and give."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from app.accounts.models import AccountKind
from app.pagination import PageQuery
from app.schemas import Currency, Input, MinorUnits, Name, Output


class NewAccount(Input):
    """Open an account, by hand or through a connection."""

    name: Name
    kind: AccountKind
    currency: Currency
    opening_balance_minor: MinorUnits = 0
    connection_id: UUID | None = None
    external_id: str | None = Field(default=None, min_length=1, max_length=100)


class AccountChange(Input):
    """Change an account's name or kind; what is left out stays."""

    name: Name | None = None
    kind: AccountKind | None = None


class AccountFilter(PageQuery):
    """Choose among the caller's accounts."""

    kind: AccountKind | None = None
    currency: Currency | None = None
    connection_id: UUID | None = None


class AccountOut(Output):
    """Show an account to its owner."""

    id: UUID
    connection_id: UUID | None
    external_id: str | None
    name: str
    kind: AccountKind
    currency: str
    balance_minor: int
    created_at: datetime


class NetWorth(Output):
    """Hold what a person owns in one currency."""

    currency: str
    account_count: int
    balance_minor: int
