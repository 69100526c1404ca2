"""Name what can go wrong with people and their sessions."""

from uuid import UUID

from app.problems import BadRequest, Conflict, Forbidden, NotFound, Unauthenticated


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

    def __init__(self, detail: str, *, user_id: UUID) -> None:
        """Keep whose session it was, for the audit log; the answer does not tell."""
        super().__init__(detail)
        self.user_id = user_id


class SessionEnded(Unauthenticated):
    """Refuse an access token whose session or person is no longer active."""

    name = "session-ended"


class SessionNotFound(NotFound):
    """Refuse a session that is not the caller's or not alive."""

    name = "session-not-found"


class BadMailedToken(BadRequest):
    """Refuse a mailed token that is unknown, used, expired or for another purpose."""

    name = "bad-mailed-token"


class EmailNotVerified(Forbidden):
    """Refuse what needs a verified address."""

    name = "email-not-verified"


class PermissionDenied(Forbidden):
    """Refuse what the caller's role does not include."""

    name = "permission-denied"


class UserNotFound(NotFound):
    """Refuse a person who does not exist."""

    name = "user-not-found"
