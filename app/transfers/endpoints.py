"""Serve transfers between the caller's accounts."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Response

from app.audit.log import AuditDep
from app.audit.models import Action
from app.auth.dependencies import CurrentUserDep
from app.auth.permissions import VerifiedUserDep
from app.database import SessionDep
from app.dependencies import NowDep
from app.problems import problems
from app.transfers import service
from app.transfers.models import Transfer
from app.transfers.schemas import NewTransfer, TransferOut

router = APIRouter(prefix="/transfers", tags=["transfers"], responses=problems(HTTPStatus.UNAUTHORIZED))

IdempotencyKey = Annotated[str, Header(min_length=8, max_length=64, description="The same key moves money once.")]


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model=TransferOut,
    responses={
        HTTPStatus.OK.value: {"model": TransferOut, "description": "This key's transfer, made before"},
        **problems(HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
    },
)
async def transfer(
    *,
    new: NewTransfer,
    idempotency_key: IdempotencyKey,
    user: VerifiedUserDep,
    session: SessionDep,
    audit: AuditDep,
    now: NowDep,
    response: Response,
) -> Transfer:
    """Move money between two of the caller's accounts."""
    moved, is_new = await service.transfer(session, user.id, new, idempotency_key=idempotency_key, now=now)
    if is_new:
        await audit.record(Action.TRANSFERRED, user.id, str(moved.id))
    else:
        response.status_code = HTTPStatus.OK
    return moved


@router.get("", response_model=list[TransferOut])
async def list_transfers(user: CurrentUserDep, session: SessionDep) -> list[Transfer]:
    """List the caller's latest transfers, the newest first."""
    return await service.list_transfers(session, user.id)
