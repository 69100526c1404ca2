"""Store what providers know: whatever is there already is updated, so that doing it twice changes nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.accounts.models import Account
from app.database import insert_for
from app.providers.models import Connection
from app.providers.schemas import RemoteAccount, RemoteTransaction
from app.transactions.models import Transaction


async def store_accounts(
    session: AsyncSession, connection: Connection, remote: Sequence[RemoteAccount], *, now: datetime
) -> Mapping[str, UUID]:
    """Store a connection's accounts and return their ids by the provider's; the caller commits."""
    rows = [
        {
            "id": uuid4(),
            "user_id": connection.user_id,
            "connection_id": connection.id,
            "external_id": account.id,
            "created_at": now,
            **account.model_dump(exclude={"id"}),
        }
        for account in remote
    ]
    # Its name stays: the person may have changed it.
    await _upsert(session, Account, rows, key=("connection_id", "external_id"), changing=("balance_minor",))
    ids = select(Account.external_id, Account.id).where(col(Account.connection_id) == connection.id)
    return {external_id: account_id for external_id, account_id in await session.exec(ids) if external_id}


async def store_transactions(
    session: AsyncSession, account_id: UUID, remote: Sequence[RemoteTransaction], *, now: datetime
) -> None:
    """Store an account's transactions; their categories stay, and so does the balance; the caller commits."""
    rows = [
        {
            "id": uuid4(),
            "account_id": account_id,
            "external_id": transaction.id,
            "created_at": now,
            **transaction.model_dump(exclude={"id"}),
        }
        for transaction in remote
    ]
    changing = ("posted_on", "amount_minor", "description")
    await _upsert(session, Transaction, rows, key=("account_id", "external_id"), changing=changing)


async def _upsert(
    session: AsyncSession,
    model: type[SQLModel],
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str],
    changing: Sequence[str],
) -> None:
    if not rows:
        return
    table = SQLModel.metadata.tables[str(model.__tablename__)]
    insert = insert_for(session, table)
    upsert = insert.on_conflict_do_update(
        index_elements=key, set_={column: insert.excluded[column] for column in changing}
    )
    # Row by row for the database, in one call for the driver: a page that names a row twice is no error.
    await session.exec(upsert, params=list(rows))
