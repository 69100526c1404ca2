"""Name what can go wrong with people and their sessions."""

from app.problems import Conflict, NotFound, Unauthenticated


class EmailTaken(Conflict):
    """Refuse a second account for one address."""

    name = "email-taken"


class BadCredentials(Unauthenticated):
    """Refuse a login without telling whether the address is known."""

    name = "bad-credentials"


class BadRefreshToken(Unauthenticated):
    """Refuse a refresh token that is unknown, expired or of a revoked session."""

    name = "bad-refresh-token"


class RefreshTokenReused(BadRefreshToken):
    """Refuse a refresh token for the second time; its session is revoked."""

    name = "refresh-token-reused"


class SessionEnded(Unauthenticated):
    """Refuse an access token whose session or person is no longer active."""

    name = "session-ended"


class SessionNotFound(NotFound):
    """Refuse a session that is not the caller's or not alive."""

    name = "session-not-found"
