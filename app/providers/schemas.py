"""Define what the provider endpoints take and give; no answer ever holds a token."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field, SecretStr

from app.accounts.models import AccountKind
from app.providers.models import ConnectionStatus
from app.schemas import Currency, Input, MinorUnits, Name, Output, Storable


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


class NewConsent(Input):
    """Begin to connect to a provider by asking the person there."""

    provider: str = Field(max_length=50)
    label: Name


class ConsentOut(Output):
    """Say where the person has to go, and what they will come back with."""

    authorization_url: str
    state: str


class FinishedConsent(Input):
    """Hold what the provider sent the person back with."""

    state: str = Field(max_length=128)
    code: str = Field(min_length=1, max_length=512)


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


class OAuthError(BaseModel):
    """Why a provider's OAuth endpoint refuses."""

    error: str


class RemoteAccount(Storable):
    """An account as its provider tells of it; members we do not know are ignored."""

    id: str = Field(pattern=r"^[A-Za-z0-9-]{1,100}$")  # it becomes part of an address
    name: Name
    kind: AccountKind
    currency: Currency
    balance_minor: MinorUnits


class RemoteAccounts(BaseModel):
    """All of a person's accounts at a provider."""

    accounts: tuple[RemoteAccount, ...]


class RemoteTransaction(Storable):
    """A transaction as its provider tells of it."""

    id: str = Field(min_length=1, max_length=100)
    posted_on: date
    amount_minor: MinorUnits
    description: str = Field(max_length=200)


class RemotePage(BaseModel):
    """One page of an account's transactions, and how many there are."""

    pages: int = Field(ge=0, le=1000)
    transactions: tuple[RemoteTransaction, ...]
