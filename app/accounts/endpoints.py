"""Serve the caller's accounts."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from app.accounts import service
from app.accounts.models import Account
from app.accounts.schemas import AccountChange, AccountFilter, AccountOut, NetWorth, NewAccount
from app.auth.dependencies import CurrentUserDep
from app.database import SessionDep
from app.dependencies import NowDep
from app.pagination import Page
from app.problems import problems

router = APIRouter(prefix="/accounts", tags=["accounts"], responses=problems(HTTPStatus.UNAUTHORIZED))

NOT_FOUND = problems(HTTPStatus.NOT_FOUND)


async def get_account(account_id: UUID, user: CurrentUserDep, session: SessionDep) -> Account:
    """Return the caller's account of the path."""
    return await service.get_account(session, user.id, account_id)


AccountDep = Annotated[Account, Depends(get_account)]


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model=AccountOut,
    responses=problems(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
async def open_account(new: NewAccount, user: CurrentUserDep, session: SessionDep, now: NowDep) -> Account:
    """Open an account."""
    return await service.open_account(session, user.id, new, now=now)


@router.get("", response_model=Page[AccountOut], responses=problems(HTTPStatus.BAD_REQUEST))
async def list_accounts(
    wanted: Annotated[AccountFilter, Query()], user: CurrentUserDep, session: SessionDep
) -> dict[str, object]:
    """List the caller's accounts, the oldest first."""
    items, next_cursor = await service.list_accounts(session, user.id, wanted)
    return {"items": items, "next_cursor": next_cursor}


@router.get("/net-worth")
async def read_net_worth(user: CurrentUserDep, session: SessionDep) -> Sequence[NetWorth]:
    """Add the caller's balances up by currency."""
    return await service.net_worth(session, user.id)


@router.get("/{account_id}", response_model=AccountOut, responses=NOT_FOUND)
async def read_account(account: AccountDep) -> Account:
    """Show one of the caller's accounts."""
    return account


@router.patch("/{account_id}", response_model=AccountOut, responses=NOT_FOUND)
async def change_account(change: AccountChange, account: AccountDep, session: SessionDep) -> Account:
    """Change an account's name or kind."""
    return await service.change_account(session, account, change)


@router.delete("/{account_id}", status_code=HTTPStatus.NO_CONTENT, responses=NOT_FOUND)
async def close_account(account: AccountDep, session: SessionDep) -> None:
    """Delete an account with all its transactions."""
    await service.close_account(session, account)
