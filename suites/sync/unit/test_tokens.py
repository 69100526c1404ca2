"""Laws of access and opaque tokens."""

from datetime import timedelta
from uuid import UUID

import jwt
import pytest
from world import NOON

from app.security.tokens import AccessClaims, AccessTokens, BadAccessToken, digest, new_opaque_token

SECRET = "a secret that is long enough to sign with"
CLAIMS = AccessClaims(user_id=UUID(int=1), session_id=UUID(int=2))


@pytest.fixture
def tokens() -> AccessTokens:
    """Return tokens that are good for ten minutes."""
    return AccessTokens(SECRET, lifetime=timedelta(minutes=10))


def test_access_token_gives_back_its_claims(tokens: AccessTokens) -> None:
    assert tokens.read(tokens.issue(CLAIMS, now=NOON), now=NOON) == CLAIMS


def test_access_token_is_good_until_the_last_second(tokens: AccessTokens) -> None:
    token = tokens.issue(CLAIMS, now=NOON)
    assert tokens.read(token, now=NOON + timedelta(minutes=9, seconds=59)) == CLAIMS


def test_access_token_ends_with_its_lifetime(tokens: AccessTokens) -> None:
    token = tokens.issue(CLAIMS, now=NOON)
    with pytest.raises(BadAccessToken, match="expired"):
        tokens.read(token, now=NOON + timedelta(minutes=10))


def test_access_token_of_another_secret_is_refused(tokens: AccessTokens) -> None:
    other = AccessTokens(SECRET[::-1], lifetime=timedelta(minutes=10))
    with pytest.raises(BadAccessToken):
        tokens.read(other.issue(CLAIMS, now=NOON), now=NOON)


def test_access_token_without_signature_is_refused(tokens: AccessTokens) -> None:
    payload = jwt.decode(tokens.issue(CLAIMS, now=NOON), options={"verify_signature": False})
    with pytest.raises(BadAccessToken):
        tokens.read(jwt.encode(payload, "", algorithm="none"), now=NOON)


@pytest.mark.parametrize("missing", ["sub", "sid", "iat", "exp"])
def test_access_token_needs_every_claim(tokens: AccessTokens, missing: str) -> None:
    payload = jwt.decode(tokens.issue(CLAIMS, now=NOON), options={"verify_signature": False})
    del payload[missing]
    with pytest.raises(BadAccessToken):
        tokens.read(jwt.encode(payload, SECRET, algorithm="HS256"), now=NOON)


@pytest.mark.parametrize("sub", ["", "alice", "1"])
def test_access_token_with_a_malformed_subject_is_refused(tokens: AccessTokens, sub: str) -> None:
    payload = jwt.decode(tokens.issue(CLAIMS, now=NOON), options={"verify_signature": False})
    forged = jwt.encode({**payload, "sub": sub}, SECRET, algorithm="HS256")
    with pytest.raises(BadAccessToken):
        tokens.read(forged, now=NOON)


@pytest.mark.parametrize("garbage", ["", "a.b.c", "not a token", "é"])
def test_garbage_is_no_access_token(tokens: AccessTokens, garbage: str) -> None:
    with pytest.raises(BadAccessToken):
        tokens.read(garbage, now=NOON)


def test_opaque_tokens_are_long_and_differ() -> None:
    made = {new_opaque_token() for _ in range(50)}
    assert len(made) == 50
    assert min(map(len, made)) >= 43


def test_digest_is_stable_and_hides_the_token() -> None:
    assert digest("token") == digest("token") != digest("Token")
    assert "token" not in digest("token")
    assert len(digest("token")) == 64
