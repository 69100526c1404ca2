"""Write the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlmodel.ext.asyncio.session import AsyncSession

from app.audit.models import Action, AuditEntry
from app.database import SessionDep, SessionFactory, WritersDep
from app.dependencies import NowDep
from app.middleware.request_id import current_request_id


class AuditLog:
    """Commit each entry in a transaction of its own: what was refused and rolled back is remembered too.

    Record when the request's transaction is over: on SQLite it would wait for it in vain.
    """

    def __init__(self, sessions: SessionFactory, request_session: AsyncSession, now: datetime) -> None:
        """Write through the sessions, at the time of the request."""
        self._sessions = sessions
        self._request_session = request_session
        self._now = now

    async def record(self, action: Action, actor_id: UUID | None, subject: str | None = None) -> None:
        """Commit one entry."""
        assert not self._request_session.in_transaction(), "end the request's transaction before recording"
        entry = AuditEntry(
            at=self._now, action=action, actor_id=actor_id, subject=subject, request_id=current_request_id.get()
        )
        async with self._sessions() as session:
            session.add(entry)
            await session.commit()


async def get_audit_log(sessions: WritersDep, session: SessionDep, now: NowDep) -> AuditLog:
    """Return the log for this request."""
    return AuditLog(sessions, session, now)


AuditDep = Annotated[AuditLog, Depends(get_audit_log)]
