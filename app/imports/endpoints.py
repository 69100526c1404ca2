"""Serve imports and their progress."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from app.auth.dependencies import CurrentUserDep
from app.database import SessionDep, SessionsDep
from app.dependencies import CipherDep, NowDep, ProgressBoardDep, SettingsDep
from app.imports import service
from app.imports.models import ImportJob
from app.imports.progress import event_stream
from app.imports.schemas import ImportOut
from app.problems import problems
from app.providers.endpoints import ConnectionDep
from app.streaming import GeneratorResponse

router = APIRouter(tags=["imports"], responses=problems(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND))


async def get_job(job_id: UUID, user: CurrentUserDep, session: SessionDep) -> ImportJob:
    """Return the caller's import of the path."""
    return await service.get_job(session, user.id, job_id)


JobDep = Annotated[ImportJob, Depends(get_job)]


@router.post(
    "/connections/{connection_id}/imports",
    status_code=HTTPStatus.ACCEPTED,
    response_model=ImportOut,
    responses=problems(HTTPStatus.CONFLICT),
)
async def start_import(connection: ConnectionDep, session: SessionDep, cipher: CipherDep, now: NowDep) -> ImportJob:
    """Start to import a connection's accounts and transactions in the background."""
    return await service.start(session, connection, cipher=cipher, now=now)


@router.get("/imports/{job_id}", response_model=ImportOut)
async def read_import(job: JobDep) -> ImportJob:
    """Show how far one of the caller's imports has come."""
    return job


@router.get(
    "/imports/{job_id}/events",
    status_code=HTTPStatus.OK,
    response_class=GeneratorResponse,
    responses={HTTPStatus.OK.value: {"content": {"text/event-stream": {}}, "description": "Progress until the end"}},
)
async def watch_import(
    job: JobDep, session: SessionDep, sessions: SessionsDep, board: ProgressBoardDep, settings: SettingsDep
) -> GeneratorResponse:
    """Stream an import's progress as server-sent events until it is finished."""
    # The request's session lives as long as the stream; its connection must not.
    await session.close()
    return GeneratorResponse(
        event_stream(sessions, board, job, heartbeat_seconds=settings.events_heartbeat_seconds),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store"},
    )
