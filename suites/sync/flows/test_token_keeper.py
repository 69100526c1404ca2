"""Laws of keeping access tokens fresh."""

from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlmodel import select
from wiring import Session, Call
from world import NOON, Maker, ManualClock, Person

from app.providers.keeper import TokenKeeper, _load, _replace
from app.providers.models import Connection, ConnectionStatus
from app.providers.problems import ConnectionNotFound, ConsentExpired, Disconnected
from app.providers.schemas import ProviderTokens
from app.providers.service import read_tokens, token_columns
from app.security.encryption import SecretCipher
from suites.outside import Outside


@pytest.fixture
def keeper(app: FastAPI, drive: Call) -> TokenKeeper:
    """Return the running application's keeper."""
    keeper: TokenKeeper = app.state.runtime.token_keeper
    return keeper


def test_keeper_gives_a_good_token_without_asking(
    make: Maker, alice: Person, keeper: TokenKeeper, drive: Call, outside: Outside
) -> None:
    connection = make.connection(alice)
    assert drive(keeper.access_token, connection.id) == "access-of-Main"
    assert outside.requests == []


@pytest.mark.parametrize(("seconds_left", "asked"), [(31, 0), (30, 1)])
def test_keeper_renews_a_token_shortly_before_its_end(
    make: Maker,
    alice: Person,
    keeper: TokenKeeper,
    drive: Call,
    outside: Outside,
    clock: ManualClock,
    seconds_left: int,
    asked: int,
) -> None:
    connection = make.connection(alice)
    outside.refresh_tokens.add("refresh-of-Main")
    clock.advance(seconds=3600 - seconds_left)
    drive(keeper.access_token, connection.id)
    assert outside.grants == asked


def test_keeper_keeps_the_refresh_token_of_a_provider_that_does_not_rotate(
    make: Maker,
    alice: Person,
    keeper: TokenKeeper,
    drive: Call,
    outside: Outside,
    clock: ManualClock,
    cipher: SecretCipher,
) -> None:
    connection = make.connection(alice)
    outside.instead["/oauth/token"] = (200, {"access_token": "renewed", "expires_in": 60})
    clock.advance(hours=2)
    assert drive(keeper.access_token, connection.id) == "renewed"
    stored = read_tokens(drive(_load, connection.id), cipher=cipher)
    assert (stored.access_token, stored.refresh_token) == ("renewed", "refresh-of-Main")


def test_keeper_cannot_renew_without_a_refresh_token(
    make: Maker, alice: Person, keeper: TokenKeeper, drive: Call, outside: Outside, clock: ManualClock
) -> None:
    connection = make.connection(alice, encrypted_refresh_token=None)
    clock.advance(hours=2)
    with pytest.raises(ConsentExpired):
        drive(keeper.access_token, connection.id)
    assert outside.requests == []


def test_keeper_refuses_a_disconnected_connection(
    make: Maker, alice: Person, keeper: TokenKeeper, drive: Call
) -> None:
    connection = make.connection(alice, encrypted_access_token=None)
    with pytest.raises(Disconnected):
        drive(keeper.access_token, connection.id)


def test_keeper_refuses_a_connection_that_is_gone(keeper: TokenKeeper, drive: Call) -> None:
    with pytest.raises(ConnectionNotFound):
        drive(keeper.access_token, UUID(int=7))


@pytest.mark.parametrize("path", ["_store", "_after_refusal"])
def test_keeper_takes_what_another_process_has_stored_meanwhile(
    make: Maker, alice: Person, keeper: TokenKeeper, drive: Call, cipher: SecretCipher, path: str
) -> None:
    made = make.connection(alice)
    seen = drive(_load, made.id)
    theirs = ProviderTokens(access_token="theirs", refresh_token="next", expires_in=60)
    drive(_replace, seen, token_columns(theirs, cipher=cipher, now=NOON))
    ours = ProviderTokens(access_token="ours", refresh_token="lost", expires_in=60)
    arguments = [seen, ours] if path == "_store" else [seen]
    assert drive(getattr(keeper, path), *arguments) == "theirs"
    kept = drive(_load, made.id)
    assert kept.status is ConnectionStatus.ACTIVE


def test_keeper_leaves_nothing_in_the_air(
    make: Maker, alice: Person, keeper: TokenKeeper, drive: Call, clock: ManualClock, db: Session
) -> None:
    connection = make.connection(alice)
    clock.advance(hours=2)
    with pytest.raises(ConsentExpired):
        drive(keeper.access_token, connection.id)
    assert len(keeper.flights) == 0
    result = db.exec(select(Connection.status))
    assert result.one() is ConnectionStatus.EXPIRED
