"""Open, continue and end login sessions.

A session is a chain of refresh tokens, each good for one use. Whoever presents a used one, the thief or the
victim, shows that the chain was copied: the whole session ends.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.models import AuthSession, RefreshToken
from app.auth.problems import BadRefreshToken, RefreshTokenReused, SessionNotFound
from app.security.tokens import digest, new_opaque_token


async def start(
    session: AsyncSession, user_id: UUID, *, user_agent: str | None, now: datetime, lifetime: timedelta
) -> tuple[AuthSession, str]:
    """Open a session for a person and return it with its first refresh token."""
    agent = user_agent[:200] if user_agent else None
    auth_session = AuthSession(user_id=user_id, user_agent=agent, created_at=now, last_used_at=now)
    session.add(auth_session)
    # Without a relationship the unit of work does not know that tokens come after their session.
    await session.flush()
    token = _add_token(session, auth_session.id, expires_at=now + lifetime)
    await session.commit()
    return auth_session, token


async def rotate(session: AsyncSession, token: str, *, now: datetime, lifetime: timedelta) -> tuple[AuthSession, str]:
    """Use up a refresh token and return its session with the next one.

    Raises BadRefreshToken, or RefreshTokenReused after having revoked the session.
    """
    stored, auth_session = await _find(session, token)
    if not await _use_up(session, stored.id, now=now):
        await _revoke(session, col(AuthSession.id) == auth_session.id, now=now)
        await session.commit()
        raise RefreshTokenReused(
            "This refresh token was used before; its session has been ended.", user_id=auth_session.user_id
        )
    if auth_session.revoked_at is not None or now >= stored.expires_at:
        raise BadRefreshToken("The refresh token is not valid any more.")
    auth_session.last_used_at = now
    session.add(auth_session)
    next_token = _add_token(session, auth_session.id, expires_at=now + lifetime)
    await session.commit()
    return auth_session, next_token


async def list_active(session: AsyncSession, user_id: UUID) -> list[AuthSession]:
    """Return a person's sessions that are alive, the latest used first."""
    result = await session.exec(
        select(AuthSession)
        .where(col(AuthSession.user_id) == user_id, col(AuthSession.revoked_at).is_(None))
        .order_by(col(AuthSession.last_used_at).desc(), col(AuthSession.id))
    )
    return list(result.all())


async def end(session: AsyncSession, user_id: UUID, session_id: UUID, *, now: datetime) -> None:
    """Revoke one session of a person; raise SessionNotFound if it is not theirs or not alive."""
    theirs = (col(AuthSession.id) == session_id) & (col(AuthSession.user_id) == user_id)
    if await _revoke(session, theirs, now=now) == 0:
        raise SessionNotFound("There is no such session.")
    await session.commit()


async def end_others(session: AsyncSession, user_id: UUID, *, now: datetime, keep: UUID) -> int:
    """Revoke a person's sessions but one and return how many."""
    ended = await revoke_all(session, user_id, now=now, keep=keep)
    await session.commit()
    return ended


async def revoke_all(session: AsyncSession, user_id: UUID, *, now: datetime, keep: UUID | None = None) -> int:
    """Revoke a person's sessions, but for one to keep, and return how many; the caller commits."""
    which = col(AuthSession.user_id) == user_id
    if keep is not None:
        which &= col(AuthSession.id) != keep
    return await _revoke(session, which, now=now)


def _add_token(session: AsyncSession, session_id: UUID, *, expires_at: datetime) -> str:
    token = new_opaque_token()
    session.add(RefreshToken(session_id=session_id, digest=digest(token), expires_at=expires_at))
    return token


async def _find(session: AsyncSession, token: str) -> tuple[RefreshToken, AuthSession]:
    result = await session.exec(
        select(RefreshToken, AuthSession)
        .join(AuthSession, col(AuthSession.id) == col(RefreshToken.session_id))
        .where(col(RefreshToken.digest) == digest(token))
    )
    found = result.one_or_none()
    if found is None:
        raise BadRefreshToken("The refresh token is not known.")
    return found


async def _use_up(session: AsyncSession, token_id: UUID, *, now: datetime) -> bool:
    """Mark a token used and tell whether this call did it: of two at once, one wins."""
    unused = (col(RefreshToken.id) == token_id) & col(RefreshToken.used_at).is_(None)
    used = await session.exec(update(RefreshToken).where(unused).values(used_at=now))
    return used.rowcount == 1


async def _revoke(session: AsyncSession, which: ColumnElement[bool], *, now: datetime) -> int:
    """Revoke the sessions that are alive among these and return how many; the caller commits."""
    alive = col(AuthSession.revoked_at).is_(None)
    revoked = await session.exec(update(AuthSession).where(which, alive).values(revoked_at=now))
    return revoked.rowcount
