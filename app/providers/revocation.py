"""Give tokens back to their providers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.database import SessionFactory
from app.providers.client import ProviderClient
from app.providers.problems import ConsentRefused
from app.providers.service import find_provider


class Revocation:
    """Tell providers that a consent has ended here."""

    def __init__(self, client: ProviderClient) -> None:
        """Call through the client."""
        self._client = client

    async def run(self, sessions: SessionFactory, payload: Mapping[str, Any]) -> None:  # noqa: ARG002  # a Handler
        """Revoke the token of an outbox message; a token that is refused has ended already."""
        try:
            await self._client.revoke(find_provider(payload["provider"]), payload["token"])
        except ConsentRefused:
            return
