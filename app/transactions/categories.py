"""Find a person's categories, making those that are new."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.database import insert_for
from app.transactions.models import Category, Transaction
from app.transactions.schemas import CategoryOut


async def get_or_create(session: AsyncSession, user_id: UUID, name: str) -> Category:
    """Return the person's category of that name; the caller commits.

    Two requests that make the same category at once both get the one row: the database decides.
    """
    found = await _find(session, user_id, name)
    if found is not None:
        return found
    await session.exec(
        insert_for(session, Category).values(id=uuid4(), user_id=user_id, name=name).on_conflict_do_nothing()
    )
    made = await _find(session, user_id, name)
    assert made is not None, "an insert that met a conflict left no row"
    return made


async def list_categories(session: AsyncSession, user_id: UUID) -> Sequence[CategoryOut]:
    """Return a person's categories by name, each with the number of its transactions."""
    result = await session.exec(
        select(Category, func.count(col(Transaction.id)))
        .join(Transaction, col(Transaction.category_id) == col(Category.id), isouter=True)
        .where(col(Category.user_id) == user_id)
        .group_by(col(Category.id))
        .order_by(col(Category.name))
    )
    return [CategoryOut(id=item.id, name=item.name, transaction_count=count) for item, count in result.all()]


async def _find(session: AsyncSession, user_id: UUID, name: str) -> Category | None:
    result = await session.exec(select(Category).where(col(Category.user_id) == user_id, col(Category.name) == name))
    return result.one_or_none()
