"""Laws of promised work."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlmodel import select
from wiring import Session, Call
from world import NOON, Maker, ManualClock, Person

from app.auth.letters import Post
from app.mail import Mailer
from app.outbox.models import OutboxMessage
from app.security.encryption import SecretCipher
from suites.outside import Outside


@pytest.fixture
def letter(db: Session, alice: Person, cipher: SecretCipher) -> OutboxMessage:
    """Return the message that promises a letter to alice."""
    Post(public_url="https://accounts.example", cipher=cipher).password_reset(db, alice.user, now=NOON)
    db.commit()
    result = db.exec(select(OutboxMessage))
    letter = result.one()
    db.commit()
    return letter


def test_promise_that_is_rolled_back_is_none(
    db: Session, alice: Person, cipher: SecretCipher, deliver: Call
) -> None:
    Post(public_url="https://accounts.example", cipher=cipher).password_reset(db, alice.user, now=NOON)
    db.flush()
    db.rollback()
    assert deliver() == 0


def test_promise_hides_its_payload_and_forgets_it_when_done(
    make: Maker, letter: OutboxMessage, outside: Outside, deliver: Call
) -> None:
    assert "alice" not in letter.sealed_payload
    deliver()
    make.fresh(letter)
    assert (letter.sealed_payload, letter.settled_at, letter.attempts) == ("", NOON, 1)


def test_failed_delivery_is_repeated_later_and_later(
    make: Maker, letter: OutboxMessage, outside: Outside, deliver: Call, clock: ManualClock
) -> None:
    outside.instead["/letters"] = (503, {})
    pauses = []
    for _ in range(3):
        deliver()
        make.fresh(letter)
        pauses.append((letter.due_at - clock()).total_seconds())
        clock.now = letter.due_at
    assert pauses == [10, 20, 40]
    assert letter.error == "HTTPStatusError"
    del outside.instead["/letters"]
    assert deliver() == 1


def test_failed_delivery_is_given_up_in_the_end(
    make: Maker, letter: OutboxMessage, outside: Outside, deliver: Call, clock: ManualClock
) -> None:
    outside.instead["/letters"] = (503, {})
    for _ in range(6):
        deliver()
        clock.advance(hours=1)
    make.fresh(letter)
    assert (letter.attempts, letter.settled_at is None) == (5, False)


def test_one_bad_message_does_not_hold_the_others_up(
    db: Session, letter: OutboxMessage, outside: Outside, deliver: Call
) -> None:
    db.add(OutboxMessage(kind="unknown", sealed_payload="", created_at=NOON, due_at=NOON - timedelta(hours=1)))
    db.commit()
    assert deliver() == 1
    assert len(outside.letters) == 1


def test_claimed_message_is_left_alone_until_its_lease_ends(
    app: FastAPI, letter: OutboxMessage, outside: Outside, drive: Call, deliver: Call, clock: ManualClock
) -> None:
    drive(app.state.runtime.relay._claim)
    assert deliver() == 0
    clock.advance(minutes=5)
    assert deliver() == 1


def test_delivery_carries_the_id_of_the_request_that_promised(
    db: Session, letter: OutboxMessage, outside: Outside, deliver: Call
) -> None:
    letter.request_id = "from-the-request"
    db.add(letter)
    db.commit()
    deliver()
    assert outside.request_ids == ["from-the-request"]


def test_mail_without_a_gateway_is_only_logged(
    app: FastAPI, drive: Call, outside: Outside, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "app.mail")
    letter = {"to": "alice@example.com", "subject": "Hello", "text": "https://accounts.example/verify#secret"}
    drive(Mailer(app.state.runtime.provider_client._http, gateway_url="").send, letter)
    assert outside.requests == []
    assert "Hello" in caplog.text
    assert "secret" not in caplog.text
