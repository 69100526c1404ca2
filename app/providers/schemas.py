"""Define what the provider endpoints take and give; no answer ever holds a token."""

from datetime import datetime
from uuid import UUID

from pydantic import Field, SecretStr

from app.providers.models import ConnectionStatus
from app.schemas import Input, Name, Output


class ProviderOut(Output):
    """Show an institution."""

    slug: str
    name: str
    country: str
    scopes: tuple[str, ...]


class ProviderTokens(Input):
    """Hold what a provider gave out for a person."""

    access_token: SecretStr = Field(min_length=1, max_length=4096)
    refresh_token: SecretStr | None = Field(default=None, min_length=1, max_length=4096)
    expires_in: int = Field(gt=0, le=366 * 24 * 3600)


class NewConnection(ProviderTokens):
    """Connect to a provider with tokens that were obtained there."""

    provider: str = Field(max_length=50)
    label: Name


class ConnectionChange(Input):
    """Give a connection another label."""

    label: Name


class ConnectionOut(Output):
    """Show a connection to its owner."""

    id: UUID
    provider: str
    label: str
    status: ConnectionStatus
    token_expires_at: datetime | None
    created_at: datetime
