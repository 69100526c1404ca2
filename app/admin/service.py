"""Look after other people's accounts.

Each function that changes something ends with its one commit.
"""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.admin.problems import OwnAccount
from app.admin.schemas import UserFilter
from app.auth import sessions
from app.auth.models import Role, User
from app.auth.problems import UserNotFound
from app.pagination import after, cut_page, decode_cursor, encode_cursor, utc_time


async def list_users(session: AsyncSession, wanted: UserFilter) -> tuple[list[User], str | None]:
    """Return one page of all people, the oldest first, and the cursor of the next."""
    statement = select(User)
    if wanted.role is not None:
        statement = statement.where(col(User.role) == wanted.role)
    if wanted.is_active is not None:
        statement = statement.where(col(User.is_active).is_(wanted.is_active))
    if wanted.cursor is not None:
        place = decode_cursor(wanted.cursor, utc_time)
        statement = statement.where(after(col(User.created_at), col(User.id), place, descending=False))
    statement = statement.order_by(col(User.created_at), col(User.id)).limit(wanted.limit + 1)
    rows = (await session.exec(statement)).all()
    return cut_page(rows, wanted.limit, lambda row: encode_cursor(row.created_at, row.id))


async def change_role(session: AsyncSession, actor: User, user_id: UUID, role: Role) -> User:
    """Give another person a role; raise OwnAccount or UserNotFound."""
    user = await _another(session, actor, user_id)
    user.role = role
    session.add(user)
    await session.commit()
    return user


async def close(session: AsyncSession, actor: User, user_id: UUID, *, now: datetime) -> User:
    """Close another person's account and end their sessions; raise OwnAccount or UserNotFound."""
    user = await _another(session, actor, user_id)
    user.is_active = False
    session.add(user)
    await sessions.revoke_all(session, user.id, now=now)
    await session.commit()
    return user


async def _another(session: AsyncSession, actor: User, user_id: UUID) -> User:
    if user_id == actor.id:
        raise OwnAccount("Somebody else has to do this to your account.")
    user = await session.get(User, user_id)
    if user is None:
        raise UserNotFound("There is no such person.")
    return user
