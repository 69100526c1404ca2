"""Define what all request and response bodies have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
# Far inside 64 bits, so that sums over many rows still fit.
MinorUnits = Annotated[int, Field(ge=-(10**15), le=10**15)]


class Input(BaseModel):
    """Refuse unknown members, so that a misspelt one is an error and not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Output(BaseModel):
    """Read the members from a model's attributes."""

    model_config = ConfigDict(from_attributes=True)
