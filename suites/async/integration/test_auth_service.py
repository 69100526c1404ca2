"""Laws of registering and recognising people."""

import pytest
from argon2 import PasswordHasher
from sqlmodel import func, select
from wiring import AsyncSession, Call
from world import NOON, PASSWORD, Maker, Person

from app.auth import service, sessions
from app.auth.letters import Post
from app.auth.models import AuthSession, User
from app.auth.problems import BadCredentials, EmailTaken, SessionEnded
from app.auth.schemas import Credentials, PasswordChange, ProfileChange, Registration
from app.security.encryption import SecretCipher
from app.security.passwords import Passwords
from app.security.tokens import AccessClaims

REGISTRATION = Registration(email="carol@example.com", password="a long enough one", full_name="Carol")


@pytest.fixture
def post(cipher: SecretCipher) -> Post:
    """Return what promises letters."""
    return Post(public_url="https://accounts.example", cipher=cipher)


async def test_register_stores_no_password(call: Call, db: AsyncSession, passwords: Passwords, post: Post) -> None:
    await call(service.register, REGISTRATION, passwords=passwords, post=post, now=NOON)
    result = await db.exec(select(User))
    user = result.one()
    assert user.password_hash.startswith("$argon2id$")
    assert "a long enough one" not in repr(user)
    assert (user.email, user.created_at, user.is_active) == ("carol@example.com", NOON, True)


async def test_register_refuses_a_taken_address_and_changes_nothing(
    call: Call, db: AsyncSession, passwords: Passwords, post: Post
) -> None:
    await call(service.register, REGISTRATION, passwords=passwords, post=post, now=NOON)
    with pytest.raises(EmailTaken):
        await call(service.register, REGISTRATION, passwords=passwords, post=post, now=NOON)
    result = await db.exec(select(func.count()).select_from(User))
    assert result.one() == 1


async def test_same_password_never_makes_the_same_hash(call: Call, passwords: Passwords, post: Post) -> None:
    first = await call(service.register, REGISTRATION, passwords=passwords, post=post, now=NOON)
    other = REGISTRATION.model_copy(update={"email": "dave@example.com"})
    second = await call(service.register, other, passwords=passwords, post=post, now=NOON)
    assert first.password_hash != second.password_hash


async def test_authenticate_returns_the_person(call: Call, make: Maker, passwords: Passwords) -> None:
    user = await make.user("carol")
    credentials = Credentials(email="carol@example.com", password=PASSWORD)
    found = await call(service.authenticate, credentials, passwords=passwords)
    assert found.id == user.id


@pytest.mark.parametrize("password", ["", PASSWORD.upper(), PASSWORD + " ", PASSWORD[:-1]])
async def test_authenticate_takes_the_exact_password_only(
    call: Call, make: Maker, passwords: Passwords, password: str
) -> None:
    await make.user("carol")
    credentials = Credentials(email="carol@example.com", password=password)
    with pytest.raises(BadCredentials):
        await call(service.authenticate, credentials, passwords=passwords)


async def test_authenticate_survives_a_damaged_hash(call: Call, make: Maker, passwords: Passwords) -> None:
    await make.user("carol", password_hash="not a hash")
    credentials = Credentials(email="carol@example.com", password=PASSWORD)
    with pytest.raises(BadCredentials):
        await call(service.authenticate, credentials, passwords=passwords)


async def test_authenticate_never_accepts_the_decoy(call: Call, passwords: Passwords) -> None:
    credentials = Credentials(email="nobody@example.com", password="no account has this password")
    with pytest.raises(BadCredentials):
        await call(service.authenticate, credentials, passwords=passwords)


async def test_authenticate_renews_a_hash_of_another_cost(call: Call, make: Maker, passwords: Passwords) -> None:
    old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    await make.user("carol", password_hash=old)
    credentials = Credentials(email="carol@example.com", password=PASSWORD)
    user = await call(service.authenticate, credentials, passwords=passwords)
    assert user.password_hash != old
    assert not passwords.needs_rehash(user.password_hash)


async def test_identify_returns_who_is_calling(call: Call, alice: Person) -> None:
    claims = AccessClaims(user_id=alice.id, session_id=alice.session_id)
    identity = await call(service.identify, claims)
    assert (identity.user.email, identity.session_id) == ("alice@example.com", alice.session_id)


async def test_identify_refuses_a_session_of_somebody_else(call: Call, alice: Person, bob: Person) -> None:
    claims = AccessClaims(user_id=alice.id, session_id=bob.session_id)
    with pytest.raises(SessionEnded):
        await call(service.identify, claims)


async def test_identify_refuses_a_revoked_session(call: Call, alice: Person) -> None:
    await call(sessions.end, alice.id, alice.session_id, now=NOON)
    with pytest.raises(SessionEnded):
        await call(service.identify, AccessClaims(user_id=alice.id, session_id=alice.session_id))


async def test_change_profile_is_stored(call: Call, db: AsyncSession, alice: Person) -> None:
    claims = AccessClaims(user_id=alice.id, session_id=alice.session_id)
    identity = await call(service.identify, claims)
    await call(service.change_profile, identity.user, ProfileChange(full_name="Alice B."))
    await db.refresh(alice.user)
    assert alice.user.full_name == "Alice B."


async def test_change_password_keeps_only_the_current_session(
    call: Call, make: Maker, passwords: Passwords, alice: Person
) -> None:
    await make.session(alice.user)
    claims = AccessClaims(user_id=alice.id, session_id=alice.session_id)
    identity = await call(service.identify, claims)
    change = PasswordChange(current_password=PASSWORD, new_password="another good password")
    await call(service.change_password, identity, change, passwords=passwords, now=NOON)
    active = await call(sessions.list_active, alice.id)
    assert [session.id for session in active] == [alice.session_id]


async def test_change_password_loses_to_a_reset_that_came_first(
    call: Call, make: Maker, db: AsyncSession, passwords: Passwords, alice: Person
) -> None:
    claims = AccessClaims(user_id=alice.id, session_id=alice.session_id)
    identity = await call(service.identify, claims)
    alice.user.password_hash = "the hash that a reset has stored"
    await db.commit()
    change = PasswordChange(current_password=PASSWORD, new_password="another good password")
    with pytest.raises(BadCredentials):
        await call(service.change_password, identity, change, passwords=passwords, now=NOON)
    await make.fresh(alice.user)
    assert alice.user.password_hash == "the hash that a reset has stored"


async def test_deleting_a_person_deletes_their_sessions(db: AsyncSession, alice: Person, bob: Person) -> None:
    await db.delete(alice.user)
    await db.commit()
    result = await db.exec(select(AuthSession.user_id))
    assert result.all() == [bob.id]
