"""Define the table of import jobs."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID, uuid4

from sqlmodel import Field, Index, SQLModel, text

from app.columns import UtcDateTime, text_enum

UNFINISHED = text("finished_at IS NULL")


class ImportStatus(StrEnum):
    """Say how far an import has come."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class ImportJob(SQLModel, table=True):
    """One import of all accounts of one connection."""

    __tablename__: ClassVar[str] = "import_jobs"
    __table_args__ = (
        # One at a time: two would fetch everything twice.
        Index(
            "uq_import_jobs_unfinished",
            "connection_id",
            unique=True,
            sqlite_where=UNFINISHED,
            postgresql_where=UNFINISHED,
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    connection_id: UUID = Field(foreign_key="connections.id", ondelete="CASCADE")
    status: ImportStatus = Field(default=ImportStatus.QUEUED, sa_type=text_enum(ImportStatus))
    pages_done: int = 0
    pages_total: int = 0
    transaction_count: int = 0
    error: str | None = Field(default=None, max_length=50)
    created_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
