"""Define the table of connections to providers."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel, UniqueConstraint

from app.columns import UtcDateTime, text_enum


class ConnectionStatus(StrEnum):
    """Say whether a connection can be used."""

    ACTIVE = "active"
    EXPIRED = "expired"
    DISCONNECTED = "disconnected"


class Connection(SQLModel, table=True):
    """A person's consent at a provider, with the tokens that prove it, encrypted."""

    __tablename__: ClassVar[str] = "connections"
    __table_args__ = (UniqueConstraint("user_id", "provider", "label"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    provider: str = Field(max_length=50)
    label: str = Field(max_length=100)
    status: ConnectionStatus = Field(default=ConnectionStatus.ACTIVE, sa_type=text_enum(ConnectionStatus))
    encrypted_access_token: str | None = Field(default=None)
    encrypted_refresh_token: str | None = Field(default=None)
    token_expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class Consent(SQLModel, table=True):
    """A consent that a person has begun to give at a provider and may finish once."""

    __tablename__: ClassVar[str] = "consents"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    state_digest: str = Field(max_length=64, unique=True)
    provider: str = Field(max_length=50)
    label: str = Field(max_length=100)
    encrypted_verifier: str = Field(repr=False)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
