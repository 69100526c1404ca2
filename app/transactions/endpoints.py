"""Serve what moved on the caller's accounts."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from app.accounts.endpoints import AccountDep
from app.auth.dependencies import CurrentUserDep
from app.database import SessionDep, SessionsDep
from app.dependencies import NowDep
from app.pagination import Page
from app.problems import problems
from app.streaming import GeneratorResponse
from app.transactions import categories, export, service
from app.transactions.models import Transaction
from app.transactions.schemas import (
    CashFlow,
    CategoryOut,
    NewTransaction,
    TransactionChange,
    TransactionFilter,
    TransactionOut,
)

router = APIRouter(tags=["transactions"], responses=problems(HTTPStatus.UNAUTHORIZED))

NOT_FOUND = problems(HTTPStatus.NOT_FOUND)


async def get_transaction(transaction_id: UUID, user: CurrentUserDep, session: SessionDep) -> Transaction:
    """Return the caller's transaction of the path."""
    return await service.get_transaction(session, user.id, transaction_id)


TransactionDep = Annotated[Transaction, Depends(get_transaction)]
FilterDep = Annotated[TransactionFilter, Query()]


@router.post(
    "/accounts/{account_id}/transactions",
    status_code=HTTPStatus.CREATED,
    response_model=TransactionOut,
    responses=problems(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
async def record_transaction(new: NewTransaction, account: AccountDep, session: SessionDep, now: NowDep) -> Transaction:
    """Record a transaction and move the account's balance."""
    return await service.record(session, account, new, now=now)


@router.get("/transactions", response_model=Page[TransactionOut], responses=problems(HTTPStatus.BAD_REQUEST))
async def list_transactions(wanted: FilterDep, user: CurrentUserDep, session: SessionDep) -> dict[str, object]:
    """List the caller's transactions, the newest first."""
    items, next_cursor = await service.list_transactions(session, user.id, wanted)
    return {"items": items, "next_cursor": next_cursor}


@router.get("/transactions/cash-flow")
async def read_cash_flow(wanted: FilterDep, user: CurrentUserDep, session: SessionDep) -> list[CashFlow]:
    """Add up what came in and went out by currency."""
    return await service.cash_flow(session, user.id, wanted)


@router.get(
    "/transactions/export",
    status_code=HTTPStatus.OK,
    response_class=GeneratorResponse,
    responses={HTTPStatus.OK.value: {"content": {"text/csv": {}}, "description": "All that the filter finds, as CSV"}},
)
async def export_transactions(
    wanted: FilterDep, user: CurrentUserDep, session: SessionDep, sessions: SessionsDep
) -> GeneratorResponse:
    """Stream the caller's transactions as CSV, the newest first."""
    # The request's session lives until the last byte is sent; its connection is not needed any more.
    await session.close()
    return GeneratorResponse(
        export.csv_lines(sessions, user.id, wanted),
        media_type="text/csv",
        headers={"Content-Disposition": 'attachment; filename="transactions.csv"'},
    )


@router.get("/transactions/{transaction_id}", response_model=TransactionOut, responses=NOT_FOUND)
async def read_transaction(transaction: TransactionDep) -> Transaction:
    """Show one of the caller's transactions."""
    return transaction


@router.patch("/transactions/{transaction_id}", response_model=TransactionOut, responses=NOT_FOUND)
async def change_transaction(
    change: TransactionChange, transaction: TransactionDep, user: CurrentUserDep, session: SessionDep
) -> Transaction:
    """Change a transaction's description or category."""
    return await service.change_transaction(session, user.id, transaction, change)


@router.delete("/transactions/{transaction_id}", status_code=HTTPStatus.NO_CONTENT, responses=NOT_FOUND)
async def delete_transaction(transaction: TransactionDep, session: SessionDep) -> None:
    """Delete a transaction and take its amount off the balance."""
    await service.delete_transaction(session, transaction)


@router.get("/categories")
async def list_categories(user: CurrentUserDep, session: SessionDep) -> Sequence[CategoryOut]:
    """List the caller's categories by name."""
    return await categories.list_categories(session, user.id)
