"""Send mail through a gateway."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

from app.database import SessionFactory
from app.outbound import httpx

SEND_MAIL: Final = "send-mail"

logger = logging.getLogger(__name__)


class Mailer:
    """Hand letters to the gateway."""

    def __init__(self, http: httpx.AsyncClient, *, gateway_url: str) -> None:
        """Send through the client; without a gateway, only log that there was a letter."""
        self._http = http
        self._gateway_url = gateway_url

    async def send(self, sessions: SessionFactory, letter: Mapping[str, Any]) -> None:  # noqa: ARG002  # a Handler
        """Deliver one letter; raise httpx.HTTPError if the gateway does not take it."""
        if not self._gateway_url:
            logger.info("no mail gateway is set; not sent: %s", letter["subject"])
            return
        answer = await self._http.post(self._gateway_url, json=dict(letter))
        answer.raise_for_status()
