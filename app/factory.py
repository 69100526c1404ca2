"""Assemble the application from its settings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, FastAPI

from app import health
from app.accounts import endpoints as accounts
from app.admin import endpoints as admin
from app.audit import endpoints as audit
from app.auth import endpoints as auth
from app.clock import Clock, utc_now
from app.database import Database
from app.imports import endpoints as imports
from app.middleware.request_id import RequestIdMiddleware
from app.middleware.timing import TimingMiddleware
from app.outbound import httpx
from app.outbox.worker import running_worker
from app.problems import install_problem_handlers, problems
from app.providers import endpoints as providers
from app.rate_limit import RateLimiter
from app.runtime import open_runtime
from app.security.encryption import SecretCipher
from app.security.passwords import Passwords
from app.security.tokens import AccessTokens
from app.settings import Settings
from app.transactions import endpoints as transactions
from app.transfers import endpoints as transfers

ROUTERS: Final[tuple[APIRouter, ...]] = (
    health.router,
    auth.router,
    admin.router,
    audit.router,
    providers.providers_router,
    providers.connections_router,
    imports.router,
    accounts.router,
    transactions.router,
    transfers.router,
)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Hold the database and the HTTP client open, and deliver the outbox, while the application runs.

    They are made here and not at import: their connections belong to the event loop that is running now.
    """
    state, settings = app.state, app.state.settings
    async with AsyncExitStack() as stack:
        state.database = Database.open(settings)
        stack.push_async_callback(state.database.close)
        if settings.database_create_schema:
            await state.database.create_schema()
        opening = open_runtime(settings, clock=state.clock, cipher=state.cipher, transport=state.transport)
        state.runtime = await stack.enter_async_context(opening)
        worker = running_worker(
            state.runtime.relay,
            state.database.writers,
            poll_seconds=settings.outbox_poll_seconds,
            grace_seconds=settings.shutdown_grace_seconds,
        )
        await stack.enter_async_context(worker)
        yield


def create_app(
    settings: Settings, *, clock: Clock = utc_now, transport: httpx.AsyncBaseTransport | None = None
) -> FastAPI:
    """Return an application that reads nothing but these settings and this clock.

    A transport stands in for the network through which it calls other services.
    """
    app = FastAPI(
        title="Accounts",
        version="1.0.0",
        lifespan=lifespan,
        # Every route may be called wrongly; FastAPI would describe its own document for that.
        responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    )
    app.state.settings = settings
    app.state.clock = clock
    app.state.transport = transport
    app.state.limiter = RateLimiter(limit=settings.attempts_per_minute, per=timedelta(minutes=1), clock=clock)
    app.state.passwords = Passwords.from_settings(settings)
    app.state.access_tokens = AccessTokens.from_settings(settings)
    app.state.cipher = SecretCipher.from_settings(settings)
    install_problem_handlers(app)
    # The last one added is the outermost: the warning about a slow answer carries the request's id.
    app.add_middleware(TimingMiddleware, slow_seconds=settings.slow_request_seconds)
    app.add_middleware(RequestIdMiddleware)
    for router in ROUTERS:
        app.include_router(router)
    return app
