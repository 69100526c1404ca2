"""Serve people's accounts to staff."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from app.admin import service
from app.admin.schemas import ManagedUserOut, RoleChange, UserFilter
from app.audit.log import AuditDep
from app.audit.models import Action
from app.auth.models import User
from app.auth.permissions import Permission, require
from app.database import SessionDep
from app.dependencies import NowDep
from app.pagination import Page
from app.problems import problems

router = APIRouter(prefix="/users", tags=["users"], responses=problems(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN))

CHANGING = problems(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)

ManagerDep = Annotated[User, Depends(require(Permission.MANAGE_USERS))]


@router.get(
    "",
    response_model=Page[ManagedUserOut],
    responses=problems(HTTPStatus.BAD_REQUEST),
    dependencies=[Depends(require(Permission.READ_USERS))],
)
async def list_users(wanted: Annotated[UserFilter, Query()], session: SessionDep) -> dict[str, object]:
    """List all people, the oldest first."""
    items, next_cursor = await service.list_users(session, wanted)
    return {"items": items, "next_cursor": next_cursor}


@router.put("/{user_id}/role", response_model=ManagedUserOut, responses=CHANGING)
async def change_role(
    user_id: UUID, change: RoleChange, manager: ManagerDep, session: SessionDep, audit: AuditDep
) -> User:
    """Give another person a role."""
    user = await service.change_role(session, manager, user_id, change.role)
    await audit.record(Action.ROLE_CHANGED, manager.id, f"{user_id} {change.role}")
    return user


@router.post("/{user_id}/close", response_model=ManagedUserOut, responses=CHANGING)
async def close_user(user_id: UUID, manager: ManagerDep, session: SessionDep, audit: AuditDep, now: NowDep) -> User:
    """Close another person's account and end their sessions."""
    user = await service.close(session, manager, user_id, now=now)
    await audit.record(Action.USER_CLOSED, manager.id, str(user_id))
    return user
