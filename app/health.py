"""Tell an orchestrator whether the process lives and whether it can work."""

import asyncio
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.database import SessionDep
from app.problems import ServiceUnavailable, problems

PATIENCE_S: Final = 2.0

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live", status_code=HTTPStatus.NO_CONTENT)
async def live() -> None:
    """Answer if the process can answer at all."""


@router.get("/ready", status_code=HTTPStatus.NO_CONTENT, responses=problems(HTTPStatus.SERVICE_UNAVAILABLE))
async def ready(session: SessionDep) -> None:
    """Answer if the database does, in time."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            await session.scalar(text("SELECT 1"))
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        # asyncpg lets a refused connection through as OSError.
        raise ServiceUnavailable("The database does not answer.") from error
