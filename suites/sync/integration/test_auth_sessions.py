"""Laws of login sessions and their chains of refresh tokens."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select
from wiring import Session, Call
from world import NOON, Maker, ManualClock, Person

from app.auth import sessions
from app.auth.models import AuthSession, RefreshToken
from app.auth.problems import BadRefreshToken, RefreshTokenReused, SessionNotFound
from app.security.tokens import digest

MONTH = timedelta(days=30)


def test_start_stores_only_the_digest(call: Call, db: Session, make: Maker) -> None:
    user = make.user()
    _, token = call(sessions.start, user.id, user_agent=None, now=NOON, lifetime=MONTH)
    result = db.exec(select(RefreshToken))
    stored = result.one()
    assert stored.digest == digest(token)
    assert token not in repr(stored)


def test_start_cuts_a_long_user_agent(call: Call, make: Maker) -> None:
    user = make.user()
    session, _ = call(sessions.start, user.id, user_agent="x" * 500, now=NOON, lifetime=MONTH)
    assert session.user_agent == "x" * 200


def test_rotate_keeps_the_session_and_changes_the_token(call: Call, make: Maker) -> None:
    user = make.user()
    session, first = call(sessions.start, user.id, user_agent=None, now=NOON, lifetime=MONTH)
    rotated, second = call(sessions.rotate, first, now=NOON, lifetime=MONTH)
    assert rotated.id == session.id
    assert second != first


def test_rotate_notes_when_the_session_was_used(
    call: Call, db: Session, make: Maker, clock: ManualClock
) -> None:
    user = make.user()
    _, token = call(sessions.start, user.id, user_agent=None, now=clock(), lifetime=MONTH)
    later = clock.advance(days=2)
    call(sessions.rotate, token, now=later, lifetime=MONTH)
    result = db.exec(select(AuthSession))
    session = result.one()
    assert (session.created_at, session.last_used_at) == (NOON, later)


def test_rotate_prolongs_a_session_past_its_first_token(call: Call, make: Maker, clock: ManualClock) -> None:
    user = make.user()
    _, token = call(sessions.start, user.id, user_agent=None, now=clock(), lifetime=MONTH)
    _, token = call(sessions.rotate, token, now=clock.advance(days=29), lifetime=MONTH)
    _, token = call(sessions.rotate, token, now=clock.advance(days=29), lifetime=MONTH)
    assert token


def test_rotate_refuses_an_expired_token(call: Call, make: Maker) -> None:
    user = make.user()
    _, token = call(sessions.start, user.id, user_agent=None, now=NOON, lifetime=MONTH)
    with pytest.raises(BadRefreshToken, match="not valid any more"):
        call(sessions.rotate, token, now=NOON + MONTH, lifetime=MONTH)


def test_rotate_refuses_an_unknown_token(call: Call) -> None:
    with pytest.raises(BadRefreshToken, match="not known"):
        call(sessions.rotate, "made up", now=NOON, lifetime=MONTH)


def test_reuse_ends_the_session_for_thief_and_victim(call: Call, db: Session, make: Maker) -> None:
    user = make.user()
    _, first = call(sessions.start, user.id, user_agent=None, now=NOON, lifetime=MONTH)
    _, second = call(sessions.rotate, first, now=NOON, lifetime=MONTH)
    with pytest.raises(RefreshTokenReused):
        call(sessions.rotate, first, now=NOON, lifetime=MONTH)
    with pytest.raises(BadRefreshToken):
        call(sessions.rotate, second, now=NOON, lifetime=MONTH)
    result = db.exec(select(AuthSession))
    assert result.one().revoked_at == NOON


def test_reuse_leaves_the_other_sessions_alone(call: Call, make: Maker) -> None:
    user = make.user()
    _, stolen = call(sessions.start, user.id, user_agent=None, now=NOON, lifetime=MONTH)
    other, _ = call(sessions.start, user.id, user_agent=None, now=NOON, lifetime=MONTH)
    call(sessions.rotate, stolen, now=NOON, lifetime=MONTH)
    with pytest.raises(RefreshTokenReused):
        call(sessions.rotate, stolen, now=NOON, lifetime=MONTH)
    active = call(sessions.list_active, user.id)
    assert [session.id for session in active] == [other.id]


def test_list_active_puts_the_latest_used_first(call: Call, make: Maker, clock: ManualClock) -> None:
    user = make.user()
    old = make.session(user, last_used_at=NOON - timedelta(days=1))
    new = make.session(user, last_used_at=NOON)
    make.session(user, revoked_at=NOON)
    active = call(sessions.list_active, user.id)
    assert [session.id for session in active] == [new.id, old.id]


def test_end_refuses_another_persons_session(call: Call, db: Session, alice: Person, bob: Person) -> None:
    with pytest.raises(SessionNotFound):
        call(sessions.end, alice.id, bob.session_id, now=NOON)
    session = db.get_one(AuthSession, bob.session_id, populate_existing=True)
    assert session.revoked_at is None


def test_end_refuses_a_session_that_has_ended(call: Call, alice: Person) -> None:
    call(sessions.end, alice.id, alice.session_id, now=NOON)
    with pytest.raises(SessionNotFound):
        call(sessions.end, alice.id, alice.session_id, now=NOON)


def test_end_refuses_an_unknown_session(call: Call, alice: Person) -> None:
    with pytest.raises(SessionNotFound):
        call(sessions.end, alice.id, UUID(int=7), now=NOON)
