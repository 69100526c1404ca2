"""Define what the transaction endpoints take and give."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AliasPath, Field, StringConstraints, model_validator

from app.pagination import PageQuery
from app.schemas import Input, MinorUnits, Output

CategoryName = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, min_length=1, max_length=50)]
Description = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class NewTransaction(Input):
    """Record what moved on an account."""

    posted_on: date
    amount_minor: MinorUnits
    description: Description
    category: CategoryName | None = None
    external_id: str | None = Field(default=None, min_length=1, max_length=100)


class TransactionChange(Input):
    """Change what a person may say of a transaction; what is left out stays, a null category is removed."""

    description: Description | None = None
    category: CategoryName | None = None


class TransactionFilter(PageQuery):
    """Choose among the caller's transactions; both ends of each range belong to it."""

    account_id: UUID | None = None
    category: CategoryName | None = None
    posted_from: date | None = None
    posted_to: date | None = None
    min_amount_minor: MinorUnits | None = None
    max_amount_minor: MinorUnits | None = None
    text: str | None = Field(default=None, min_length=1, max_length=100)

    @model_validator(mode="after")
    def _refuse_empty_ranges(self) -> Self:
        if self.posted_from and self.posted_to and self.posted_from > self.posted_to:
            raise ValueError("posted_from is after posted_to")
        if (
            self.min_amount_minor is not None
            and self.max_amount_minor is not None
            and self.min_amount_minor > self.max_amount_minor
        ):
            raise ValueError("min_amount_minor is above max_amount_minor")
        return self


class TransactionOut(Output):
    """Show a transaction to its owner."""

    id: UUID
    account_id: UUID
    external_id: str | None
    posted_on: date
    amount_minor: int
    description: str
    category: str | None = Field(default=None, validation_alias=AliasPath("category", "name"))
    created_at: datetime


class CategoryOut(Output):
    """Show a category with the number of its transactions."""

    id: UUID
    name: str
    transaction_count: int


class CashFlow(Output):
    """Hold what came in and went out in one currency."""

    currency: str
    inflow_minor: int
    outflow_minor: int
    transaction_count: int
