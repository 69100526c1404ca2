"""Put work into the outbox."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from app.middleware.request_id import current_request_id
from app.outbox.models import OutboxMessage
from app.security.encryption import SecretCipher


def promise(
    session: AsyncSession, kind: str, payload: Mapping[str, Any], *, cipher: SecretCipher, now: datetime
) -> None:
    """Add work to the session's transaction; the caller commits, and only then is it done."""
    session.add(
        OutboxMessage(
            kind=kind,
            sealed_payload=cipher.encrypt(json.dumps(payload)),
            request_id=current_request_id.get(),
            created_at=now,
            due_at=now,
        )
    )


def read_payload(message: OutboxMessage, *, cipher: SecretCipher) -> dict[str, Any]:
    """Return what promise was given."""
    payload: dict[str, Any] = json.loads(cipher.decrypt(message.sealed_payload))
    return payload
