"""Define what all request and response bodies have in common."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
# Far inside 64 bits, so that sums over many rows still fit.
MinorUnits = Annotated[int, Field(ge=-(10**15), le=10**15)]


class Storable(BaseModel):
    """Refuse text that one of the databases cannot keep: PostgreSQL has no NUL, SQLite has."""

    @field_validator("*")
    @classmethod
    def _refuse_nul(cls, given: Any) -> Any:
        if isinstance(given, str) and "\0" in given:
            raise ValueError("a text cannot hold the character NUL")
        return given


class Input(Storable):
    """Refuse unknown members, so that a misspelt one is an error and not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Output(BaseModel):
    """Read the members from a model's attributes."""

    model_config = ConfigDict(from_attributes=True)
