"""A fault: one small change of an application, known to be damage because a witness on a real server says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

CONTROL: Final = "control"
EVERY_ARM: Final = "all"

CLASS_TITLES: Final[Mapping[str, str]] = {
    "one-request": "One request, either style",
    "another-session": "Another session must look",
    "production-session": "Production-like session",
    "resources": "Resources",
    "two-requests": "Two requests in flight",
    "cancelled": "Cancelled, left, late",
    "life-cycle": "Life cycle",
    "only-a-server": "Only a server",
    "only-the-clock": "Only the clock",
    CONTROL: "Controls: correct changes",
}
RACES: Final = frozenset({"two-requests", "cancelled"})
"""Classes whose runs are repeated under seeded delays."""


class Layer(StrEnum):
    """A part of a suite, in the order in which teams add them; `NOBODY` is the prediction of a fault that survives."""

    TWINS = "twins"
    FLOWS = "flows"
    CONCURRENCY = "concurrency"
    ORACLES = "oracles"
    NOBODY = "nobody"

    @property
    def rank(self) -> int:
        """Order layers: what sees a fault at one layer sees it at all later ones."""
        return list(Layer).index(self)


LAYERS: Final = (Layer.TWINS, Layer.FLOWS, Layer.CONCURRENCY, Layer.ORACLES)
SUITE: Final = Layer.CONCURRENCY
"""All that a suite has of its own: the last layer of tests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Text of one file that is exchanged; the anchor occurs exactly once there."""

    file: str
    anchor: str
    replacement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One row of a fault set.

    `predictions` maps an arm, or `all`, to the first layer expected to see the fault. `wild` names where a fault was
    found that nobody put there; `why` explains the prediction. A control is no fault: nothing may fail on it.
    """

    id: str
    title: str
    kind: str
    changes: tuple[Change, ...]
    backends: tuple[str, ...]
    witness: str
    predictions: Mapping[str, Layer]
    why: str = ""
    wild: str = ""
    repeats: int = 0

    @property
    def is_control(self) -> bool:
        """Tell a correct change from a bug."""
        return self.kind == CONTROL

    @property
    def is_race(self) -> bool:
        """Tell whether delays may decide if it shows."""
        return self.repeats > 0

    @property
    def files(self) -> tuple[str, ...]:
        """Name the changed files, each once."""
        return tuple(dict.fromkeys(change.file for change in self.changes))

    def prediction(self, arm: str) -> Layer | None:
        """Return the layer at which an arm was expected to see it; None where nobody said."""
        return self.predictions.get(arm, self.predictions.get(EVERY_ARM))


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultSet:
    """The faults of one application.

    `application` is the folder, or single file, that is copied and changed; its name is what suites import.
    `environment` is added wherever a witness runs.
    """

    title: str
    folder: Path
    application: Path
    faults: tuple[Fault, ...]
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def bugs(self) -> tuple[Fault, ...]:
        """Return the faults without the controls."""
        return tuple(fault for fault in self.faults if not fault.is_control)

    @property
    def controls(self) -> tuple[Fault, ...]:
        """Return the correct changes."""
        return tuple(fault for fault in self.faults if fault.is_control)

    def fault(self, fault_id: str) -> Fault:
        """Return the fault of that name; raise KeyError."""
        return {fault.id: fault for fault in self.faults}[fault_id]


def class_title(kind: str) -> str:
    """Name a class for a reader; a class that a user invented is its own title."""
    return CLASS_TITLES.get(kind, kind)
