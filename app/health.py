"""Tell an orchestrator whether the process lives and whether it can work."""

from http import HTTPStatus

from fastapi import APIRouter
from sqlalchemy import text

from app.database import SessionDep

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live", status_code=HTTPStatus.NO_CONTENT)
async def live() -> None:
    """Answer if the process can answer at all."""


@router.get("/ready", status_code=HTTPStatus.NO_CONTENT)
async def ready(session: SessionDep) -> None:
    """Answer if the database does."""
    await session.scalar(text("SELECT 1"))
