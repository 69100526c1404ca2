"""Run imports."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import aclosing
from typing import Any
from uuid import UUID

from app.bounded import as_found
from app.clock import Clock
from app.database import SessionFactory
from app.imports.models import ImportJob, ImportStatus
from app.imports.progress import ProgressBoard
from app.imports.store import store_accounts, store_transactions
from app.problems import Problem
from app.providers.client import ProviderClient
from app.providers.keeper import TokenKeeper
from app.providers.models import Connection
from app.providers.schemas import RemotePage
from app.providers.service import find_provider

# A page of an account: its provider's id and a number from 1.
Place = tuple[str, int]

logger = logging.getLogger(__name__)


class Importer:
    """Fetch all pages of all accounts of a connection, several at a time, and store them one by one.

    An import that is run again, after a crash, begins anew and finds its rows there already.
    """

    def __init__(
        self, client: ProviderClient, keeper: TokenKeeper, board: ProgressBoard, *, clock: Clock, concurrency: int
    ) -> None:
        """Have at most so many requests to a provider at a time, for one import."""
        self._client = client
        self._keeper = keeper
        self._board = board
        self._clock = clock
        self._concurrency = concurrency

    async def run(self, sessions: SessionFactory, payload: Mapping[str, Any]) -> None:
        """Run the import of an outbox message, unless it is finished or gone."""
        async with sessions() as session:
            job = await session.get(ImportJob, UUID(payload["job_id"]))
            connection = await session.get(Connection, job.connection_id) if job else None
        if job is None or connection is None or job.finished_at is not None:
            return
        status, error = ImportStatus.SUCCEEDED, None
        try:
            await self._import(sessions, job, connection)
        except Problem as problem:
            status, error = ImportStatus.FAILED, problem.name
        except Exception:
            logger.exception("the import %s failed", job.id)
            status, error = ImportStatus.FAILED, Problem.name
        job.status, job.error, job.finished_at = status, error, self._clock()
        await self._note(sessions, job)

    async def _import(self, sessions: SessionFactory, job: ImportJob, connection: Connection) -> None:
        job.status, job.pages_done, job.pages_total, job.transaction_count = ImportStatus.RUNNING, 0, 0, 0
        await self._note(sessions, job)
        access_token = await self._keeper.access_token(sessions, connection.id)
        provider = find_provider(connection.provider)
        remote = await self._client.accounts(provider, access_token)
        async with sessions() as session:
            account_ids = await store_accounts(session, connection, remote.accounts, now=self._clock())
            await session.commit()

        async def fetch(place: Place) -> tuple[str, RemotePage]:
            external_id, number = place
            return external_id, await self._client.transactions(provider, access_token, external_id, page=number)

        async def fetch_and_store(places: list[Place]) -> dict[str, int]:
            """Return how many pages each account has."""
            job.pages_total += len(places)
            page_counts = {}
            async with aclosing(as_found(places, fetch, limit=self._concurrency)) as pages:
                async for external_id, page in pages:
                    await self._store(sessions, job, account_ids[external_id], page)
                    page_counts[external_id] = page.pages
            return page_counts

        # How many pages there are is only known from each account's first one.
        page_counts = await fetch_and_store([(account.id, 1) for account in remote.accounts])
        await fetch_and_store([(id_, number) for id_, count in page_counts.items() for number in range(2, count + 1)])

    async def _store(self, sessions: SessionFactory, job: ImportJob, account_id: UUID, page: RemotePage) -> None:
        job.pages_done += 1
        job.transaction_count += len(page.transactions)
        async with sessions() as session:
            await store_transactions(session, account_id, page.transactions, now=self._clock())
            session.add(job)
            await session.commit()
        self._board.publish(job)

    async def _note(self, sessions: SessionFactory, job: ImportJob) -> None:
        async with sessions() as session:
            session.add(job)
            await session.commit()
        self._board.publish(job)
