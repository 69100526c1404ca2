"""Define the tables of transactions and of the categories people sort them into."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID, uuid4

from sqlmodel import BigInteger, Field, Index, Relationship, SQLModel, UniqueConstraint

from app.columns import UtcDateTime


class Category(SQLModel, table=True):
    """A person's own name for a kind of transaction."""

    __tablename__: ClassVar[str] = "categories"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    name: str = Field(max_length=50)


class Transaction(SQLModel, table=True):
    """Money that came to an account (positive) or left it (negative), in the account's currency."""

    __tablename__: ClassVar[str] = "transactions"
    __table_args__ = (
        UniqueConstraint("account_id", "external_id"),
        Index("ix_transactions_page", "account_id", "posted_on", "id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="accounts.id", ondelete="CASCADE")
    category_id: UUID | None = Field(default=None, foreign_key="categories.id", ondelete="SET NULL", index=True)
    external_id: str | None = Field(default=None, max_length=100)
    posted_on: date
    amount_minor: int = Field(sa_type=BigInteger)
    description: str = Field(max_length=200)
    created_at: datetime = Field(sa_type=UtcDateTime)

    # Loading on access is not possible in async code: whoever needs the category asks for it in the query.
    category: Category | None = Relationship(sa_relationship_kwargs={"lazy": "raise"})
