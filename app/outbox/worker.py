"""Keep delivering while the application runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy.exc import SQLAlchemyError

from app.database import SessionFactory
from app.outbox.relay import Relay

logger = logging.getLogger(__name__)


async def deliver_until(stop: asyncio.Event, relay: Relay, sessions: SessionFactory, *, poll_seconds: float) -> None:
    """Deliver what is due, look again after each pause, and stop between two messages."""
    while not stop.is_set():
        delivered = None
        try:
            delivered = await relay.deliver_next(sessions)
        except (SQLAlchemyError, OSError) as error:
            # asyncpg lets a refused connection through as OSError. The database will come back.
            logger.warning("the outbox cannot be read: %r", error)
        if delivered is None:
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), poll_seconds)


@asynccontextmanager
async def running_worker(
    relay: Relay, sessions: SessionFactory, *, poll_seconds: float, grace_seconds: float
) -> AsyncIterator[None]:
    """Deliver in the background; 0 seconds between looks means not at all.

    Leaving waits for the message at hand. What takes longer than the grace is cancelled, and delivered again when
    its lease has run out.
    """
    if not poll_seconds:
        yield
        return
    stop = asyncio.Event()
    task = asyncio.create_task(deliver_until(stop, relay, sessions, poll_seconds=poll_seconds), name="outbox worker")
    try:
        yield
    finally:
        stop.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(task, grace_seconds)
