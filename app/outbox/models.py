"""Define the table of promised work."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID, uuid4

from sqlmodel import Field, Index, SQLModel

from app.columns import UtcDateTime


class OutboxMessage(SQLModel, table=True):
    """Work that one committed transaction promised; done at least once."""

    __tablename__: ClassVar[str] = "outbox_messages"
    __table_args__ = (Index("ix_outbox_messages_due", "settled_at", "due_at"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    kind: str = Field(max_length=50)
    # Encrypted: it may hold a link that opens an account. Emptied once the work is done.
    sealed_payload: str = Field(repr=False)
    request_id: str | None = Field(default=None, max_length=64)
    created_at: datetime = Field(sa_type=UtcDateTime)
    # While a worker is at it, this is when another one may take over.
    due_at: datetime = Field(sa_type=UtcDateTime)
    attempts: int = 0
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error: str | None = Field(default=None, max_length=200)
