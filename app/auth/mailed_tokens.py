"""Take back what letters gave out: verify addresses and reset passwords.

Each function that changes something ends with its one commit.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import sessions
from app.auth.letters import Post
from app.auth.models import MailedToken, Purpose, User
from app.auth.problems import BadMailedToken
from app.auth.schemas import PasswordReset
from app.security.passwords import Passwords
from app.security.tokens import digest


async def verify_email(session: AsyncSession, token: str, *, now: datetime) -> None:
    """Note that the person reads mail at their address; raise BadMailedToken."""
    user = await session.get_one(User, await _use_up(session, token, Purpose.VERIFY_EMAIL, now=now))
    user.verified_at = now
    session.add(user)
    await session.commit()


async def resend_verification(session: AsyncSession, user: User, *, post: Post, now: datetime) -> None:
    """Promise the letter again, unless the address is verified."""
    if user.verified_at is None:
        post.verification(session, user, now=now)
        await session.commit()


async def request_reset(session: AsyncSession, email: str, *, post: Post, now: datetime) -> None:
    """Promise a letter if someone has that address; the caller learns nothing either way."""
    result = await session.exec(select(User).where(col(User.email) == email, col(User.is_active).is_(True)))
    user = result.one_or_none()
    if user is not None:
        post.password_reset(session, user, now=now)
        await session.commit()


async def reset_password(session: AsyncSession, reset: PasswordReset, *, passwords: Passwords, now: datetime) -> UUID:
    """Set the new password, end all sessions and all other letters' power; return whose; raise BadMailedToken."""
    # First, because it takes long: the row lock that follows is held no longer than it must be.
    password_hash = await passwords.hash(reset.new_password.get_secret_value())
    user_id = await _use_up(session, reset.token, Purpose.RESET_PASSWORD, now=now)
    user = await session.get_one(User, user_id)
    user.password_hash = password_hash
    # The letter reached them, so the address is theirs.
    user.verified_at = user.verified_at or now
    session.add(user)
    await sessions.revoke_all(session, user_id, now=now)
    theirs = (col(MailedToken.user_id) == user_id, col(MailedToken.used_at).is_(None))
    await session.exec(update(MailedToken).where(*theirs).values(used_at=now))
    await session.commit()
    return user_id


async def _use_up(session: AsyncSession, token: str, purpose: Purpose, *, now: datetime) -> UUID:
    """Mark a token used and return whose it is: of two requests at once, one gets it."""
    good = (
        col(MailedToken.digest) == digest(token),
        col(MailedToken.purpose) == purpose,
        col(MailedToken.used_at).is_(None),
        col(MailedToken.expires_at) > now,
    )
    used = await session.exec(update(MailedToken).where(*good).values(used_at=now).returning(col(MailedToken.user_id)))
    user_id: UUID | None = used.scalar_one_or_none()
    if user_id is None:
        raise BadMailedToken("The token of this letter is not valid, or not any more.")
    return user_id
