"""Define the table of accounts."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID, uuid4

from sqlmodel import BigInteger, Field, SQLModel, UniqueConstraint

from app.columns import UtcDateTime, text_enum


class AccountKind(StrEnum):
    """Say what sort of account it is."""

    CHECKING = "checking"
    SAVINGS = "savings"
    CREDIT = "credit"
    INVESTMENT = "investment"


class Account(SQLModel, table=True):
    """Money in one currency at one institution.

    Amounts are whole minor units (cents): both backends keep integers exactly, SQLite has no decimals.
    """

    __tablename__: ClassVar[str] = "accounts"
    __table_args__ = (UniqueConstraint("connection_id", "external_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    connection_id: UUID | None = Field(default=None, foreign_key="connections.id", ondelete="SET NULL")
    external_id: str | None = Field(default=None, max_length=100)
    name: str = Field(max_length=100)
    kind: AccountKind = Field(sa_type=text_enum(AccountKind))
    currency: str = Field(max_length=3)
    balance_minor: int = Field(default=0, sa_type=BigInteger)
    created_at: datetime = Field(sa_type=UtcDateTime)
