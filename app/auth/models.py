"""Define the tables of people, their sessions and their tokens."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from app.columns import UtcDateTime, text_enum


class Role(StrEnum):
    """Say what a person may do beyond their own affairs."""

    CUSTOMER = "customer"
    SUPPORT = "support"
    ADMIN = "admin"


class Purpose(StrEnum):
    """Say what a mailed token is good for."""

    VERIFY_EMAIL = "verify-email"
    RESET_PASSWORD = "reset-password"  # noqa: S105  # a purpose's name


class User(SQLModel, table=True):
    """A person with an account at this service."""

    __tablename__: ClassVar[str] = "users"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    email: str = Field(max_length=320, unique=True)
    full_name: str = Field(max_length=100)
    password_hash: str = Field(max_length=255)
    role: Role = Field(default=Role.CUSTOMER, sa_type=text_enum(Role))
    is_active: bool = True
    created_at: datetime = Field(sa_type=UtcDateTime)
    verified_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AuthSession(SQLModel, table=True):
    """One login on one device; all its refresh tokens live and die with it."""

    __tablename__: ClassVar[str] = "auth_sessions"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    user_agent: str | None = Field(default=None, max_length=200)
    created_at: datetime = Field(sa_type=UtcDateTime)
    last_used_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RefreshToken(SQLModel, table=True):
    """One link of a session's chain; it can be used once."""

    __tablename__: ClassVar[str] = "refresh_tokens"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    session_id: UUID = Field(foreign_key="auth_sessions.id", ondelete="CASCADE", index=True)
    digest: str = Field(max_length=64, unique=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class MailedToken(SQLModel, table=True):
    """What a letter's link proves: that its reader reads the person's mail."""

    __tablename__: ClassVar[str] = "mailed_tokens"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    purpose: Purpose = Field(sa_type=text_enum(Purpose))
    digest: str = Field(max_length=64, unique=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
