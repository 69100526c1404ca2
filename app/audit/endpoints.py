"""Serve the audit log."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from app.audit import service
from app.audit.schemas import AuditEntryOut, AuditFilter
from app.auth.dependencies import CurrentUserDep
from app.auth.permissions import Permission, require
from app.database import SessionDep
from app.pagination import Page, PageQuery
from app.problems import problems

router = APIRouter(prefix="/audit", tags=["audit"], responses=problems(HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED))


@router.get("/mine", response_model=Page[AuditEntryOut])
async def list_own_entries(
    wanted: Annotated[PageQuery, Query()], user: CurrentUserDep, session: SessionDep
) -> dict[str, object]:
    """List what the caller did, the newest first."""
    own = AuditFilter(actor_id=user.id, limit=wanted.limit, cursor=wanted.cursor)
    items, next_cursor = await service.list_entries(session, own)
    return {"items": items, "next_cursor": next_cursor}


@router.get(
    "",
    response_model=Page[AuditEntryOut],
    responses=problems(HTTPStatus.FORBIDDEN),
    dependencies=[Depends(require(Permission.READ_AUDIT))],
)
async def list_all_entries(wanted: Annotated[AuditFilter, Query()], session: SessionDep) -> dict[str, object]:
    """List what everybody did, the newest first."""
    items, next_cursor = await service.list_entries(session, wanted)
    return {"items": items, "next_cursor": next_cursor}
