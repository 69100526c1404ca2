"""Define the table of transfers."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID, uuid4

from sqlmodel import BigInteger, Field, SQLModel, UniqueConstraint

from app.columns import UtcDateTime


class Transfer(SQLModel, table=True):
    """Money that left one account and came to another in the same moment."""

    __tablename__: ClassVar[str] = "transfers"
    __table_args__ = (UniqueConstraint("user_id", "idempotency_key"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    idempotency_key: str = Field(max_length=64)
    from_account_id: UUID = Field(foreign_key="accounts.id", ondelete="CASCADE", index=True)
    to_account_id: UUID = Field(foreign_key="accounts.id", ondelete="CASCADE", index=True)
    amount_minor: int = Field(sa_type=BigInteger)
    description: str = Field(max_length=200)
    created_at: datetime = Field(sa_type=UtcDateTime)
