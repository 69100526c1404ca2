"""Register people and check who they are.

Each function that changes something ends with its one commit.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import sessions
from app.auth.letters import Post
from app.auth.models import AuthSession, User
from app.auth.problems import BadCredentials, EmailTaken, SessionEnded
from app.auth.schemas import Credentials, PasswordChange, ProfileChange, Registration
from app.database import end_reading
from app.security.passwords import Passwords
from app.security.tokens import AccessClaims


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Say who is calling, and through which of their sessions."""

    user: User
    session_id: UUID


async def register(
    session: AsyncSession, registration: Registration, *, passwords: Passwords, post: Post, now: datetime
) -> User:
    """Create a person and promise the letter that verifies the address; raise EmailTaken if it has an account."""
    user = User(
        email=registration.email,
        full_name=registration.full_name,
        password_hash=await passwords.hash(registration.password.get_secret_value()),
        created_at=now,
    )
    session.add(user)
    try:
        # The unique constraint decides: a look beforehand would let two requests through.
        await session.flush()
    except IntegrityError as error:
        await session.rollback()
        raise EmailTaken("This address has an account already.") from error
    post.verification(session, user, now=now)
    await session.commit()
    return user


async def authenticate(session: AsyncSession, credentials: Credentials, *, passwords: Passwords) -> User:
    """Return the person, locked until the caller's commit; raise BadCredentials for a wrong pair or a closed account.

    A password that is reset while the old one is being checked wins: that login is refused, or its session is among
    those that the reset ends.
    """
    result = await session.exec(select(User).where(col(User.email) == credentials.email))
    user = result.one_or_none()
    await end_reading(session)
    password = credentials.password.get_secret_value()
    matches = await passwords.verify(password, user.password_hash if user else None)
    if user is None or not matches or not user.is_active:
        raise BadCredentials("The address or the password is wrong.")
    rehashed = await passwords.hash(password) if passwords.needs_rehash(user.password_hash) else user.password_hash
    if not await _store_password(session, user, rehashed):
        raise BadCredentials("The address or the password is wrong.")
    return user


async def identify(session: AsyncSession, claims: AccessClaims) -> Identity:
    """Return who the claims stand for; raise SessionEnded after logout or when the account was closed."""
    result = await session.exec(
        select(User)
        .join(AuthSession, col(AuthSession.user_id) == col(User.id))
        .where(
            col(AuthSession.id) == claims.session_id,
            col(AuthSession.revoked_at).is_(None),
            col(User.id) == claims.user_id,
            col(User.is_active).is_(True),
        )
    )
    user = result.one_or_none()
    if user is None:
        raise SessionEnded("This session has ended.")
    return Identity(user=user, session_id=claims.session_id)


async def change_profile(session: AsyncSession, user: User, change: ProfileChange) -> User:
    """Set the person's name."""
    user.full_name = change.full_name
    session.add(user)
    await session.commit()
    return user


async def change_password(
    session: AsyncSession, identity: Identity, change: PasswordChange, *, passwords: Passwords, now: datetime
) -> None:
    """Replace the password and end every other session; raise BadCredentials for a wrong present one."""
    user = identity.user
    await end_reading(session)
    if not await passwords.verify(change.current_password.get_secret_value(), user.password_hash):
        raise BadCredentials("The current password is wrong.")
    if not await _store_password(session, user, await passwords.hash(change.new_password.get_secret_value())):
        raise BadCredentials("The current password is wrong.")
    await sessions.revoke_all(session, user.id, now=now, keep=identity.session_id)
    await session.commit()


async def _store_password(session: AsyncSession, user: User, password_hash: str) -> bool:
    """Store the hash if the one that was checked is still there and the account open, and tell whether it was."""
    checked = (col(User.id) == user.id, col(User.password_hash) == user.password_hash, col(User.is_active))
    stored = await session.exec(update(User).where(*checked).values(password_hash=password_hash))
    return stored.rowcount == 1
