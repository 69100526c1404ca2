"""Define what the transfer endpoints take and give."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.schemas import Input, Output
from app.transactions.schemas import Description


class NewTransfer(Input):
    """Move money from one of the caller's accounts to another."""

    from_account_id: UUID
    to_account_id: UUID
    amount_minor: Annotated[int, Field(gt=0, le=10**15)]
    description: Description = "Transfer"


class TransferOut(Output):
    """Show a transfer to the owner of both accounts."""

    id: UUID
    from_account_id: UUID
    to_account_id: UUID
    amount_minor: int
    description: str
    created_at: datetime
