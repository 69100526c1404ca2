"""Assemble the application from its settings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, FastAPI

from app import health
from app.accounts import endpoints as accounts
from app.auth import endpoints as auth
from app.clock import Clock, utc_now
from app.database import Database
from app.problems import install_problem_handlers, problems
from app.providers import endpoints as providers
from app.security.encryption import SecretCipher
from app.security.passwords import Passwords
from app.security.tokens import AccessTokens
from app.settings import Settings
from app.transactions import endpoints as transactions

ROUTERS: Final[tuple[APIRouter, ...]] = (
    health.router,
    auth.router,
    providers.providers_router,
    providers.connections_router,
    accounts.router,
    transactions.router,
)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Hold the database open while the application runs.

    The engine is made here and not at import: its connections belong to the event loop that is running now.
    """
    settings: Settings = app.state.settings
    database = Database.open(settings)
    try:
        if settings.database_create_schema:
            await database.create_schema()
        app.state.database = database
        yield
    finally:
        await database.close()


def create_app(settings: Settings, *, clock: Clock = utc_now) -> FastAPI:
    """Return an application that reads nothing but these settings and this clock."""
    app = FastAPI(
        title="Accounts",
        version="1.0.0",
        lifespan=lifespan,
        # Every route may be called wrongly; FastAPI would describe its own document for that.
        responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    )
    app.state.settings = settings
    app.state.clock = clock
    app.state.passwords = Passwords.from_settings(settings)
    app.state.access_tokens = AccessTokens.from_settings(settings)
    app.state.cipher = SecretCipher.from_settings(settings)
    install_problem_handlers(app)
    for router in ROUTERS:
        app.include_router(router)
    return app
