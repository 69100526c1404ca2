"""Hold what belongs to one event loop: it begins and ends with the running application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from app.clock import Clock
from app.imports.importer import Importer
from app.imports.progress import ProgressBoard
from app.imports.service import RUN_IMPORT
from app.mail import SEND_MAIL, Mailer
from app.outbound import httpx, open_client
from app.outbox.relay import Relay
from app.providers.client import ProviderClient
from app.providers.keeper import TokenKeeper
from app.providers.revocation import Revocation
from app.providers.service import REVOKE_CONSENT
from app.security.encryption import SecretCipher
from app.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """What endpoints and the background worker share."""

    provider_client: ProviderClient
    token_keeper: TokenKeeper
    progress_board: ProgressBoard
    relay: Relay


@asynccontextmanager
async def open_runtime(
    settings: Settings, *, clock: Clock, cipher: SecretCipher, transport: httpx.AsyncBaseTransport | None
) -> AsyncIterator[Runtime]:
    """Open the HTTP client and build on it; what is under way may end before the client closes."""
    async with open_client(settings, transport) as http:
        client = ProviderClient(http, settings)
        keeper = TokenKeeper(client, cipher=cipher, clock=clock)
        board = ProgressBoard()
        importer = Importer(client, keeper, board, clock=clock, concurrency=settings.import_concurrency)
        handlers = {
            SEND_MAIL: Mailer(http, gateway_url=settings.mail_gateway_url).send,
            REVOKE_CONSENT: Revocation(client).run,
            RUN_IMPORT: importer.run,
        }
        relay = Relay(handlers, cipher=cipher, clock=clock, lease=settings.outbox_lease)
        yield Runtime(provider_client=client, token_keeper=keeper, progress_board=board, relay=relay)
        await keeper.flights.land()
