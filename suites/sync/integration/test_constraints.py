"""Laws that the database itself enforces, the same on both backends."""

from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import func, select
from wiring import Session
from world import NOON, Maker, Person

from app.accounts.models import Account, AccountKind
from app.auth.models import User
from app.transactions.models import Category, Transaction

NOBODY = UUID(int=9)


def test_two_people_cannot_share_an_address(make: Maker) -> None:
    make.user("carol")
    with pytest.raises(IntegrityError):
        make.user("carol")


def test_two_transactions_cannot_share_an_external_id(make: Maker, alice: Person) -> None:
    account = make.account(alice)
    make.transaction(account, external_id="tx-1")
    with pytest.raises(IntegrityError):
        make.transaction(account, external_id="tx-1")


def test_transactions_without_external_id_do_not_collide(make: Maker, alice: Person) -> None:
    account = make.account(alice)
    first = make.transaction(account)
    second = make.transaction(account)
    assert first.id != second.id


@pytest.mark.parametrize(
    "orphan",
    [
        Account(user_id=NOBODY, name="x", kind=AccountKind.SAVINGS, currency="EUR", created_at=NOON),
        Category(user_id=NOBODY, name="x"),
    ],
    ids=["account", "category"],
)
def test_foreign_keys_are_enforced(db: Session, orphan: Account | Category) -> None:
    db.add(orphan.model_copy())
    with pytest.raises(IntegrityError):
        db.commit()


def test_rollback_leaves_the_session_usable(db: Session, make: Maker) -> None:
    make.user("carol")
    with pytest.raises(IntegrityError):
        make.user("carol")
    db.rollback()
    make.user("dave")
    result = db.exec(select(User.email).order_by(User.email))
    assert result.all() == ["carol@example.com", "dave@example.com"]


def test_deleting_a_category_keeps_its_transactions(db: Session, make: Maker, alice: Person) -> None:
    category = make.category(alice, "rent")
    transaction = make.transaction(make.account(alice), category_id=category.id)
    db.delete(category)
    db.commit()
    db.refresh(transaction)
    assert transaction.category_id is None


def test_deleting_a_person_deletes_all_they_had(db: Session, make: Maker, alice: Person) -> None:
    connection = make.connection(alice)
    make.transaction(make.account(alice, connection_id=connection.id))
    make.category(alice, "rent")
    db.delete(alice.user)
    db.commit()
    for model in (Account, Transaction, Category):
        result = db.exec(select(func.count()).select_from(model))
        assert result.one() == 0


def test_enumerations_are_stored_as_readable_text(db: Session, make: Maker, alice: Person) -> None:
    account = make.account(alice, kind=AccountKind.CREDIT)
    db.refresh(account)
    assert account.kind is AccountKind.CREDIT
    result = db.exec(select(func.lower(Account.kind)))
    assert result.one() == "credit"


def test_times_come_back_in_utc_to_the_microsecond(db: Session, make: Maker, alice: Person) -> None:
    moment = NOON.replace(microsecond=123456)
    account = make.account(alice, created_at=moment)
    db.refresh(account)
    assert account.created_at == moment
    assert account.created_at.utcoffset() == NOON.utcoffset()


@pytest.mark.parametrize("attempt", [1, 2])
def test_every_test_starts_with_an_empty_database(db: Session, make: Maker, attempt: int) -> None:
    result = db.exec(select(func.count()).select_from(User))
    assert result.one() == 0
    make.user(f"left by {attempt}".replace(" ", "-"))
