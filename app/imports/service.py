"""Start and find imports.

Each function that changes something ends with its one commit.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from app.imports.models import ImportJob
from app.imports.problems import ImportNotFound, ImportRunning
from app.outbox.outbox import promise
from app.providers import service as providers
from app.providers.models import Connection
from app.security.encryption import SecretCipher

RUN_IMPORT: Final = "run-import"


async def start(session: AsyncSession, connection: Connection, *, cipher: SecretCipher, now: datetime) -> ImportJob:
    """Store a job and promise to run it; raise Disconnected, or ImportRunning while another one does."""
    providers.read_tokens(connection, cipher=cipher)
    job = ImportJob(user_id=connection.user_id, connection_id=connection.id, created_at=now)
    session.add(job)
    try:
        await session.flush()
    except IntegrityError as error:
        await session.rollback()
        raise ImportRunning("An import of this connection is running already.") from error
    promise(session, RUN_IMPORT, {"job_id": str(job.id)}, cipher=cipher, now=now)
    await session.commit()
    return job


async def get_job(session: AsyncSession, user_id: UUID, job_id: UUID) -> ImportJob:
    """Return a person's import; raise ImportNotFound, also if it is another person's."""
    job = await session.get(ImportJob, job_id)
    if job is None or job.user_id != user_id:
        raise ImportNotFound("There is no such import.")
    return job
