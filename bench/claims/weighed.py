"""What weighing a claim gives."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What the evidence says of one claim."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    EQUIVALENT = "equivalent"
    DEPENDS = "depends"
    INCONCLUSIVE = "inconclusive"
    INVALID = "invalid"
    NOT_MEASURED = "not measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A verdict with its evidence in words, its reason, and what would turn it.

    `p_value` is set where the verdict rests on a test of "no difference"; it is already adjusted for the
    planned looks, and Holm's correction still has to be applied. `more_blocks` is what to run if that
    correction withdraws the verdict. `depends_on` names, after "depends", what the verdict turns on beside the style.
    """

    verdict: Verdict
    numbers: str
    reason: str
    would_flip: str
    margin: float | None = None
    p_value: float | None = None
    more_blocks: int | None = None
    depends_on: str = ""


def not_measured(reason: str) -> Weighed:
    """Say that there is nothing to weigh."""
    return Weighed(verdict=Verdict.NOT_MEASURED, numbers="", reason=reason, would_flip="a run that measures it")
