"""Do the promised work."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from sqlmodel import col, select

from app.clock import Clock
from app.database import SessionFactory
from app.middleware.request_id import as_request
from app.outbox.models import OutboxMessage
from app.outbox.outbox import read_payload
from app.security.encryption import SecretCipher

Handler = Callable[[SessionFactory, Mapping[str, Any]], Awaitable[None]]

MAX_ATTEMPTS: Final = 5
FIRST_PAUSE: Final = timedelta(seconds=10)

logger = logging.getLogger(__name__)


class Relay:
    """Hand each message to the handler of its kind, outside any transaction.

    A message is claimed for the length of the lease. If the process dies, another one takes it over after
    that, so a handler may see a message twice and must not mind.
    """

    def __init__(
        self, handlers: Mapping[str, Handler], *, cipher: SecretCipher, clock: Clock, lease: timedelta
    ) -> None:
        """Take one handler for each kind of message."""
        self._handlers = handlers
        self._cipher = cipher
        self._clock = clock
        self._lease = lease

    async def deliver_due(self, sessions: SessionFactory) -> int:
        """Work off every message that is due, the oldest first, and return how many were done."""
        delivered = 0
        while (done := await self.deliver_next(sessions)) is not None:
            delivered += done
        return delivered

    async def deliver_next(self, sessions: SessionFactory) -> bool | None:
        """Work off the oldest message that is due and tell whether it was done; None if there is none."""
        message = await self._claim(sessions)
        return None if message is None else await self._deliver(sessions, message)

    async def _claim(self, sessions: SessionFactory) -> OutboxMessage | None:
        """Take the next message for oneself; on PostgreSQL workers pass over each other's rows."""
        now = self._clock()
        due = (
            select(OutboxMessage)
            .where(col(OutboxMessage.settled_at).is_(None), col(OutboxMessage.due_at) <= now)
            .order_by(col(OutboxMessage.due_at), col(OutboxMessage.created_at), col(OutboxMessage.id))
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        async with sessions() as session:
            message = (await session.exec(due)).one_or_none()
            if message is not None:
                message.attempts += 1
                message.due_at = now + self._lease
                await session.commit()
        return message

    async def _deliver(self, sessions: SessionFactory, message: OutboxMessage) -> bool:
        with as_request(message.request_id):
            try:
                await self._handlers[message.kind](sessions, read_payload(message, cipher=self._cipher))
            except Exception as error:  # noqa: BLE001  # whatever went wrong, the other messages must not wait for it
                logger.warning("%s failed, attempt %d: %r", message.kind, message.attempts, error)
                await self._put_off(sessions, message, error)
                return False
        await self._settle(sessions, message)
        return True

    async def _settle(self, sessions: SessionFactory, message: OutboxMessage) -> None:
        message.settled_at = self._clock()
        message.sealed_payload = ""
        await _store(sessions, message)

    async def _put_off(self, sessions: SessionFactory, message: OutboxMessage, error: Exception) -> None:
        """Try again later, each time twice as late, and give up in the end."""
        now = self._clock()
        # Not its text: it may repeat the payload.
        message.error = type(error).__name__
        message.due_at = now + FIRST_PAUSE * 2 ** (message.attempts - 1)
        if message.attempts >= MAX_ATTEMPTS:
            message.settled_at = now
        await _store(sessions, message)


async def _store(sessions: SessionFactory, message: OutboxMessage) -> None:
    async with sessions() as session:
        session.add(message)
        await session.commit()
