"""Define what the audit endpoints take and give."""

from datetime import datetime
from uuid import UUID

from app.audit.models import Action
from app.pagination import PageQuery
from app.schemas import Output


class AuditFilter(PageQuery):
    """Choose among audit entries."""

    action: Action | None = None
    actor_id: UUID | None = None


class AuditEntryOut(Output):
    """Show one thing that happened."""

    id: UUID
    at: datetime
    action: Action
    actor_id: UUID | None
    subject: str | None
    request_id: str | None
