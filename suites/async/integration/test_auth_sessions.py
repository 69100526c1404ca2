"""Laws of login sessions and their chains of refresh tokens."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select
from wiring import AsyncSession, Call
from world import NOON, Maker, ManualClock, Person

from app.auth import sessions
from app.auth.models import AuthSession, RefreshToken
from app.auth.problems import BadRefreshToken, RefreshTokenReused, SessionNotFound
from app.security.tokens import digest

MONTH = timedelta(days=30)


async def test_start_stores_only_the_digest(call: Call, db: AsyncSession, make: Maker) -> None:
    user = await make.user()
    _, token = await call(sessions.start, user.id, user_agent=None, now=NOON, lifetime=MONTH)
    result = await db.exec(select(RefreshToken))
    stored = result.one()
    assert stored.digest == digest(token)
    assert token not in repr(stored)


async def test_start_cuts_a_long_user_agent(call: Call, make: Maker) -> None:
    user = await make.user()
    session, _ = await call(sessions.start, user.id, user_agent="x" * 500, now=NOON, lifetime=MONTH)
    assert session.user_agent == "x" * 200


async def test_rotate_keeps_the_session_and_changes_the_token(call: Call, make: Maker) -> None:
    user = await make.user()
    session, first = await call(sessions.start, user.id, user_agent=None, now=NOON, lifetime=MONTH)
    rotated, second = await call(sessions.rotate, first, now=NOON, lifetime=MONTH)
    assert rotated.id == session.id
    assert second != first


async def test_rotate_notes_when_the_session_was_used(
    call: Call, db: AsyncSession, make: Maker, clock: ManualClock
) -> None:
    user = await make.user()
    _, token = await call(sessions.start, user.id, user_agent=None, now=clock(), lifetime=MONTH)
    later = clock.advance(days=2)
    await call(sessions.rotate, token, now=later, lifetime=MONTH)
    result = await db.exec(select(AuthSession))
    session = result.one()
    assert (session.created_at, session.last_used_at) == (NOON, later)


async def test_rotate_prolongs_a_session_past_its_first_token(call: Call, make: Maker, clock: ManualClock) -> None:
    user = await make.user()
    _, token = await call(sessions.start, user.id, user_agent=None, now=clock(), lifetime=MONTH)
    _, token = await call(sessions.rotate, token, now=clock.advance(days=29), lifetime=MONTH)
    _, token = await call(sessions.rotate, token, now=clock.advance(days=29), lifetime=MONTH)
    assert token


async def test_rotate_refuses_an_expired_token(call: Call, make: Maker) -> None:
    user = await make.user()
    _, token = await call(sessions.start, user.id, user_agent=None, now=NOON, lifetime=MONTH)
    with pytest.raises(BadRefreshToken, match="not valid any more"):
        await call(sessions.rotate, token, now=NOON + MONTH, lifetime=MONTH)


async def test_rotate_refuses_an_unknown_token(call: Call) -> None:
    with pytest.raises(BadRefreshToken, match="not known"):
        await call(sessions.rotate, "made up", now=NOON, lifetime=MONTH)


async def test_reuse_ends_the_session_for_thief_and_victim(call: Call, db: AsyncSession, make: Maker) -> None:
    user = await make.user()
    _, first = await call(sessions.start, user.id, user_agent=None, now=NOON, lifetime=MONTH)
    _, second = await call(sessions.rotate, first, now=NOON, lifetime=MONTH)
    with pytest.raises(RefreshTokenReused):
        await call(sessions.rotate, first, now=NOON, lifetime=MONTH)
    with pytest.raises(BadRefreshToken):
        await call(sessions.rotate, second, now=NOON, lifetime=MONTH)
    result = await db.exec(select(AuthSession))
    assert result.one().revoked_at == NOON


async def test_reuse_leaves_the_other_sessions_alone(call: Call, make: Maker) -> None:
    user = await make.user()
    _, stolen = await call(sessions.start, user.id, user_agent=None, now=NOON, lifetime=MONTH)
    other, _ = await call(sessions.start, user.id, user_agent=None, now=NOON, lifetime=MONTH)
    await call(sessions.rotate, stolen, now=NOON, lifetime=MONTH)
    with pytest.raises(RefreshTokenReused):
        await call(sessions.rotate, stolen, now=NOON, lifetime=MONTH)
    active = await call(sessions.list_active, user.id)
    assert [session.id for session in active] == [other.id]


async def test_list_active_puts_the_latest_used_first(call: Call, make: Maker, clock: ManualClock) -> None:
    user = await make.user()
    old = await make.session(user, last_used_at=NOON - timedelta(days=1))
    new = await make.session(user, last_used_at=NOON)
    await make.session(user, revoked_at=NOON)
    active = await call(sessions.list_active, user.id)
    assert [session.id for session in active] == [new.id, old.id]


async def test_end_refuses_another_persons_session(call: Call, db: AsyncSession, alice: Person, bob: Person) -> None:
    with pytest.raises(SessionNotFound):
        await call(sessions.end, alice.id, bob.session_id, now=NOON)
    session = await db.get_one(AuthSession, bob.session_id, populate_existing=True)
    assert session.revoked_at is None


async def test_end_refuses_a_session_that_has_ended(call: Call, alice: Person) -> None:
    await call(sessions.end, alice.id, alice.session_id, now=NOON)
    with pytest.raises(SessionNotFound):
        await call(sessions.end, alice.id, alice.session_id, now=NOON)


async def test_end_refuses_an_unknown_session(call: Call, alice: Person) -> None:
    with pytest.raises(SessionNotFound):
        await call(sessions.end, alice.id, UUID(int=7), now=NOON)
