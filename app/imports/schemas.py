"""Define what the import endpoints give."""

from datetime import datetime
from uuid import UUID

from app.imports.models import ImportStatus
from app.schemas import Output


class ImportOut(Output):
    """Show how far an import has come."""

    id: UUID
    connection_id: UUID
    status: ImportStatus
    pages_done: int
    pages_total: int
    transaction_count: int
    error: str | None
    created_at: datetime
    finished_at: datetime | None
