"""Define the table of audit entries."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID, uuid4

from sqlmodel import Field, Index, SQLModel

from app.columns import UtcDateTime, text_enum


class Action(StrEnum):
    """Name what is worth remembering."""

    LOGGED_IN = "logged-in"
    LOGIN_FAILED = "login-failed"
    REFRESH_TOKEN_REUSED = "refresh-token-reused"  # noqa: S105  # an action's name
    PASSWORD_CHANGED = "password-changed"  # noqa: S105  # an action's name
    PASSWORD_RESET = "password-reset"  # noqa: S105  # an action's name
    SESSIONS_ENDED = "sessions-ended"
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    TRANSFERRED = "transferred"
    ROLE_CHANGED = "role-changed"
    USER_CLOSED = "user-closed"
    ACCESS_DENIED = "access-denied"


class AuditEntry(SQLModel, table=True):
    """One thing that happened; no foreign key, so that it outlives what it tells of."""

    __tablename__: ClassVar[str] = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_page", "actor_id", "at", "id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    action: Action = Field(sa_type=text_enum(Action))
    actor_id: UUID | None = None
    subject: str | None = Field(default=None, max_length=320)
    request_id: str | None = Field(default=None, max_length=64)
