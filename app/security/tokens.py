"""Sign access tokens and make opaque ones."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import jwt

from app.problems import Unauthenticated
from app.settings import Settings

ALGORITHM: Final = "HS256"
REQUIRED_CLAIMS: Final = ["sub", "sid", "iat", "exp"]


class BadAccessToken(Unauthenticated):
    """Refuse an access token that is forged, malformed or out of date."""

    name = "bad-access-token"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessClaims:
    """Say whom an access token stands for."""

    user_id: UUID
    session_id: UUID


class AccessTokens:
    """Issue and read signed access tokens."""

    def __init__(self, secret: str, *, lifetime: timedelta) -> None:
        """Sign with the secret, which needs 32 bytes or more."""
        self._secret = secret
        self._lifetime = lifetime

    @classmethod
    def from_settings(cls, settings: Settings) -> AccessTokens:
        """Return tokens signed with the settings' secret."""
        return cls(settings.jwt_secret.get_secret_value(), lifetime=settings.access_token_lifetime)

    @property
    def lifetime(self) -> timedelta:
        """Return how long a token is good for."""
        return self._lifetime

    def issue(self, claims: AccessClaims, *, now: datetime) -> str:
        """Return a token that is good from now for the lifetime."""
        payload = {
            "sub": str(claims.user_id),
            "sid": str(claims.session_id),
            "iat": int(now.timestamp()),
            "exp": int((now + self._lifetime).timestamp()),
        }
        return jwt.encode(payload, self._secret, algorithm=ALGORITHM)

    def read(self, token: str, *, now: datetime) -> AccessClaims:
        """Return the claims of a token that is good now; raise BadAccessToken otherwise."""
        # The library would compare with the system's clock; the application has its own.
        options = {"require": REQUIRED_CLAIMS, "verify_exp": False, "verify_iat": False}
        try:
            payload = jwt.decode(token, self._secret, algorithms=[ALGORITHM], options=options)  # type: ignore[arg-type]
            claims = AccessClaims(user_id=UUID(payload["sub"]), session_id=UUID(payload["sid"]))
            expires_at = datetime.fromtimestamp(payload["exp"], UTC)
        except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError) as error:
            raise BadAccessToken("The access token is not valid.") from error
        if now >= expires_at:
            raise BadAccessToken("The access token has expired.")
        return claims


def new_opaque_token() -> str:
    """Return an opaque token with 256 bits of randomness."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return what is stored of an opaque token, so that a stolen table opens no session."""
    return hashlib.sha256(token.encode()).hexdigest()
