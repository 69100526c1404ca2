"""Laws that the database itself enforces, the same on both backends."""

from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import func, select
from wiring import AsyncSession
from world import NOON, Maker, Person

from app.accounts.models import Account, AccountKind
from app.auth.models import User
from app.transactions.models import Category, Transaction

NOBODY = UUID(int=9)


async def test_two_people_cannot_share_an_address(make: Maker) -> None:
    await make.user("carol")
    with pytest.raises(IntegrityError):
        await make.user("carol")


async def test_two_transactions_cannot_share_an_external_id(make: Maker, alice: Person) -> None:
    account = await make.account(alice)
    await make.transaction(account, external_id="tx-1")
    with pytest.raises(IntegrityError):
        await make.transaction(account, external_id="tx-1")


async def test_transactions_without_external_id_do_not_collide(make: Maker, alice: Person) -> None:
    account = await make.account(alice)
    first = await make.transaction(account)
    second = await make.transaction(account)
    assert first.id != second.id


@pytest.mark.parametrize(
    "orphan",
    [
        Account(user_id=NOBODY, name="x", kind=AccountKind.SAVINGS, currency="EUR", created_at=NOON),
        Category(user_id=NOBODY, name="x"),
    ],
    ids=["account", "category"],
)
async def test_foreign_keys_are_enforced(db: AsyncSession, orphan: Account | Category) -> None:
    db.add(orphan.model_copy())
    with pytest.raises(IntegrityError):
        await db.commit()


async def test_rollback_leaves_the_session_usable(db: AsyncSession, make: Maker) -> None:
    await make.user("carol")
    with pytest.raises(IntegrityError):
        await make.user("carol")
    await db.rollback()
    await make.user("dave")
    result = await db.exec(select(User.email).order_by(User.email))
    assert result.all() == ["carol@example.com", "dave@example.com"]


async def test_deleting_a_category_keeps_its_transactions(db: AsyncSession, make: Maker, alice: Person) -> None:
    category = await make.category(alice, "rent")
    transaction = await make.transaction(await make.account(alice), category_id=category.id)
    await db.delete(category)
    await db.commit()
    await db.refresh(transaction)
    assert transaction.category_id is None


async def test_deleting_a_person_deletes_all_they_had(db: AsyncSession, make: Maker, alice: Person) -> None:
    connection = await make.connection(alice)
    await make.transaction(await make.account(alice, connection_id=connection.id))
    await make.category(alice, "rent")
    await db.delete(alice.user)
    await db.commit()
    for model in (Account, Transaction, Category):
        result = await db.exec(select(func.count()).select_from(model))
        assert result.one() == 0


async def test_enumerations_are_stored_as_readable_text(db: AsyncSession, make: Maker, alice: Person) -> None:
    account = await make.account(alice, kind=AccountKind.CREDIT)
    await db.refresh(account)
    assert account.kind is AccountKind.CREDIT
    result = await db.exec(select(func.lower(Account.kind)))
    assert result.one() == "credit"


async def test_times_come_back_in_utc_to_the_microsecond(db: AsyncSession, make: Maker, alice: Person) -> None:
    moment = NOON.replace(microsecond=123456)
    account = await make.account(alice, created_at=moment)
    await db.refresh(account)
    assert account.created_at == moment
    assert account.created_at.utcoffset() == NOON.utcoffset()


@pytest.mark.parametrize("attempt", [1, 2])
async def test_every_test_starts_with_an_empty_database(db: AsyncSession, make: Maker, attempt: int) -> None:
    result = await db.exec(select(func.count()).select_from(User))
    assert result.one() == 0
    await make.user(f"left by {attempt}".replace(" ", "-"))
