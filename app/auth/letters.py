"""Write the letters that people get about their accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.models import MailedToken, Purpose, User
from app.mail import SEND_MAIL
from app.outbox.outbox import promise
from app.security.encryption import SecretCipher
from app.security.tokens import digest, new_opaque_token

VERIFICATION_LIFETIME: Final = timedelta(days=2)
RESET_LIFETIME: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Promise letters with links to the service's pages; they leave once the caller has committed."""

    public_url: str
    cipher: SecretCipher

    def verification(self, session: AsyncSession, user: User, *, now: datetime) -> None:
        """Write the letter that verifies an address."""
        token = _add_token(session, user, Purpose.VERIFY_EMAIL, expires_at=now + VERIFICATION_LIFETIME)
        link = f"{self.public_url}/verify#{token}"
        self._promise(session, user, "Verify your address", link, now=now)

    def password_reset(self, session: AsyncSession, user: User, *, now: datetime) -> None:
        """Write the letter that lets a person choose a new password."""
        token = _add_token(session, user, Purpose.RESET_PASSWORD, expires_at=now + RESET_LIFETIME)
        link = f"{self.public_url}/reset-password#{token}"
        self._promise(session, user, "Choose a new password", link, now=now)

    def _promise(self, session: AsyncSession, user: User, subject: str, link: str, *, now: datetime) -> None:
        # The token is in the fragment, which browsers send to no server and no log.
        letter = {"to": user.email, "subject": subject, "text": f"Hello {user.full_name},\n\n{link}\n"}
        promise(session, SEND_MAIL, letter, cipher=self.cipher, now=now)


def _add_token(session: AsyncSession, user: User, purpose: Purpose, *, expires_at: datetime) -> str:
    token = new_opaque_token()
    session.add(MailedToken(user_id=user.id, purpose=purpose, digest=digest(token), expires_at=expires_at))
    return token
