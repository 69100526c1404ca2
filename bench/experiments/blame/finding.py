"""What an investigation found, as plain values that become JSON."""

from dataclasses import dataclass
from typing import Literal

import msgspec

SCHEMA = "blame/1"
Kind = Literal["time", "failure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageRow:
    """A package with its exact versions, '' where a set does not have it."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """Packages that move together; `needs` are the units that must have moved, too, `because` why units were merged."""

    name: str
    packages: tuple[PackageRow, ...]
    never_loaded: bool
    needs: tuple[str, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One half of a split: the units that move in it, what they change, and what followed.

    Ratios are later over earlier, None for a failure, for which `counts` says how often it showed.
    """

    units: tuple[str, ...]
    ratio: float | None
    low: float | None
    high: float | None
    blocks: int
    counts: str
    decided: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContrastRow:
    """One line of the confirmation; bounds at 1 - alpha, the p-value after Holm over all units and contexts."""

    unit: str
    context: str
    ratio: float | None
    low: float | None
    high: float | None
    counts: str
    adjusted_p: float | None
    shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRow:
    """A command that the reader can run, and what it is for."""

    purpose: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlameFinding:
    """Which package changed it. `what` is the question in words, `blame` the verdict, `sentence` the whole answer."""

    kind: Kind
    what: str
    before: str
    after: str
    threshold: float
    alpha: float
    blame: str
    sentence: str
    named: tuple[str, ...]
    roles: dict[str, str]
    change: ContrastRow | None
    placebo: ContrastRow | None
    units: tuple[UnitRow, ...]
    steps: tuple[StepRow, ...]
    confirmation: tuple[ContrastRow, ...]
    commands: tuple[CommandRow, ...]
    notes: tuple[str, ...]
    blocks: int
    trials: int
    minutes: float

    @property
    def leads_to_doubt(self) -> bool:
        """Return whether there was a change that nobody could be named for: `--fail-on` exits with 4."""
        return self.blame in {"spread out", "not confirmed", "unfinished"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BlameFindings:
    """Every question of a run, in the order in which they were asked."""

    questions: tuple[BlameFinding, ...]


def json_schema() -> dict[str, object]:
    """Return the JSON schema of a run's findings, made from the code."""
    return {"$id": SCHEMA, **msgspec.json.schema(BlameFindings)}
