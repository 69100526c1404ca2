"""Read the service's configuration from the environment."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

DEVELOPMENT_JWT_SECRET = "development-only-secret-development-only-secret"  # noqa: S105  # refused in production
DEVELOPMENT_OAUTH_SECRET = "development-only-oauth-secret"  # noqa: S105  # refused in production
DEVELOPMENT_ENCRYPTION_KEY = "ZGV2ZWxvcG1lbnQtb25seS1rZXktMzItYnl0ZXMtISE="


class Settings(BaseSettings):
    """Hold every setting; each is an environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    environment: Literal["development", "production"] = "development"

    database_url: str = "sqlite:///accounts.db"
    database_pool: Literal["pooled", "null"] = "pooled"
    database_create_schema: bool = False

    jwt_secret: SecretStr = SecretStr(DEVELOPMENT_JWT_SECRET)
    access_token_lifetime_seconds: int = Field(default=900, gt=0)
    refresh_token_lifetime_seconds: int = Field(default=30 * 24 * 3600, gt=0)

    # Newest first: the first key encrypts, all of them decrypt.
    encryption_keys: Annotated[tuple[SecretStr, ...], NoDecode] = (SecretStr(DEVELOPMENT_ENCRYPTION_KEY),)

    password_time_cost: int = Field(default=3, ge=1)
    password_memory_cost_kib: int = Field(default=65_536, ge=8)
    password_parallelism: int = Field(default=4, ge=1)

    # How this service is known to providers, and where they send people back to.
    oauth_client_id: str = "accounts"
    oauth_client_secret: SecretStr = SecretStr(DEVELOPMENT_OAUTH_SECRET)
    public_url: str = "http://localhost:8000"

    # Without a gateway, mail is written to the log instead.
    mail_gateway_url: str = ""
    outbound_timeout_seconds: float = Field(default=10.0, gt=0)
    import_concurrency: int = Field(default=4, ge=1)

    # 0 switches the worker off: another process delivers, or a test does.
    outbox_poll_seconds: float = Field(default=0.5, ge=0)
    outbox_lease_seconds: int = Field(default=300, gt=0)
    shutdown_grace_seconds: float = Field(default=5.0, gt=0)
    events_heartbeat_seconds: float = Field(default=15.0, gt=0)

    attempts_per_minute: int = Field(default=20, ge=0)  # 0: no limit
    slow_request_seconds: float = Field(default=1.0, gt=0)

    @field_validator("encryption_keys", mode="before")
    @classmethod
    def _split_keys(cls, keys: Any) -> Any:
        """Accept the keys as one comma-separated variable."""
        if isinstance(keys, str):
            return tuple(key.strip() for key in keys.split(",") if key.strip())
        return keys

    @model_validator(mode="after")
    def _refuse_unsafe_keys(self) -> Self:
        """Refuse to start without keys, or in production with those that anyone can read here."""
        if not self.encryption_keys:
            raise ValueError("ENCRYPTION_KEYS must hold at least one key")
        if self.environment == "production":
            known = {DEVELOPMENT_JWT_SECRET, DEVELOPMENT_OAUTH_SECRET, DEVELOPMENT_ENCRYPTION_KEY}
            signing, oauth = self.jwt_secret.get_secret_value(), self.oauth_client_secret.get_secret_value()
            if known & {signing, oauth, *self.encryption_key_values}:
                raise ValueError("production needs its own JWT_SECRET, OAUTH_CLIENT_SECRET and ENCRYPTION_KEYS")
        return self

    @property
    def encryption_key_values(self) -> tuple[str, ...]:
        """Return the encryption keys in the clear, newest first."""
        return tuple(key.get_secret_value() for key in self.encryption_keys)

    @property
    def outbox_lease(self) -> timedelta:
        """Return for how long a worker may keep a message to itself."""
        return timedelta(seconds=self.outbox_lease_seconds)

    @property
    def access_token_lifetime(self) -> timedelta:
        """Return how long an access token is good for."""
        return timedelta(seconds=self.access_token_lifetime_seconds)

    @property
    def refresh_token_lifetime(self) -> timedelta:
        """Return how long a refresh token is good for."""
        return timedelta(seconds=self.refresh_token_lifetime_seconds)
