"""Find audit entries."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.audit.models import AuditEntry
from app.audit.schemas import AuditFilter
from app.pagination import after, cut_page, decode_cursor, encode_cursor, utc_time


async def list_entries(session: AsyncSession, wanted: AuditFilter) -> tuple[list[AuditEntry], str | None]:
    """Return one page of entries, the newest first, and the cursor of the next."""
    statement = select(AuditEntry)
    if wanted.action is not None:
        statement = statement.where(col(AuditEntry.action) == wanted.action)
    if wanted.actor_id is not None:
        statement = statement.where(col(AuditEntry.actor_id) == wanted.actor_id)
    if wanted.cursor is not None:
        place = decode_cursor(wanted.cursor, utc_time)
        statement = statement.where(after(col(AuditEntry.at), col(AuditEntry.id), place, descending=True))
    statement = statement.order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc()).limit(wanted.limit + 1)
    rows = (await session.exec(statement)).all()
    return cut_page(rows, wanted.limit, lambda row: encode_cursor(row.at, row.id))
