"""Tell those who watch how far imports have come."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager, suppress
from typing import Final
from uuid import UUID

from app.database import SessionFactory
from app.imports import service
from app.imports.models import ImportJob
from app.imports.schemas import ImportOut

MAX_BEHIND: Final = 100

Updates = asyncio.Queue[ImportOut]


class ProgressBoard:
    """Pass updates from the imports that run in this process to its watchers."""

    def __init__(self) -> None:
        """Start without watchers."""
        self._watchers: defaultdict[UUID, set[Updates]] = defaultdict(set)

    def __len__(self) -> int:
        """Return how many imports are being watched."""
        return len(self._watchers)

    def publish(self, job: ImportJob) -> None:
        """Tell the import's watchers; one who is far behind loses the oldest update."""
        for updates in self._watchers.get(job.id, ()):
            if updates.full():
                updates.get_nowait()
            updates.put_nowait(ImportOut.model_validate(job))

    @contextmanager
    def watching(self, job_id: UUID) -> Iterator[Updates]:
        """Collect an import's updates for as long as this lasts."""
        updates: Updates = asyncio.Queue(MAX_BEHIND)
        self._watchers[job_id].add(updates)
        try:
            yield updates
        finally:
            self._watchers[job_id].discard(updates)
            if not self._watchers[job_id]:
                del self._watchers[job_id]


async def event_stream(
    sessions: SessionFactory, board: ProgressBoard, job: ImportJob, *, heartbeat_seconds: float
) -> AsyncGenerator[str, None]:
    """Yield an import's progress as server-sent events until it is finished.

    No session is open while it waits. The import may run in another process, so each heartbeat looks it up.
    """
    # Watching begins before reading: what happens in between is then seen twice and not missed.
    with board.watching(job.id) as updates:
        shown = await _read(sessions, job)
        yield event(shown)
        while shown.finished_at is None:
            update = None
            with suppress(TimeoutError):
                update = await asyncio.wait_for(updates.get(), heartbeat_seconds)
            latest = update or await _read(sessions, job)
            yield ": still there\n\n" if latest == shown else event(latest)
            shown = latest


def event(shown: ImportOut) -> str:
    """Return one server-sent event."""
    return f"event: {shown.status}\ndata: {shown.model_dump_json()}\n\n"


async def _read(sessions: SessionFactory, job: ImportJob) -> ImportOut:
    async with sessions() as session:
        return ImportOut.model_validate(await service.get_job(session, job.user_id, job.id))
