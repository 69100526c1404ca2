"""Read what the tiny suites did: which cells pass, which message the others show, when, where, and what mends it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import msgspec

from bench.experiments.failure_modes.cells import (
    ANOTHER_OPERATION,
    ATTEMPTS,
    FACTORS,
    GREENLET,
    MESSAGES,
    OTHER_LOOP,
    Wiring,
    changed,
    controls,
)
from bench.model import Json

Mode = Literal["passes", "greenlet", "other-loop", "another-operation", "other", "hangs", "crashes", "varies"]
MODES: Final[Mapping[str, Mode]] = {
    GREENLET: "greenlet",
    OTHER_LOOP: "other-loop",
    ANOTHER_OPERATION: "another-operation",
}
# Overlapping requests are reported beside the suite's outcome: on one connection they cannot work, in any style.
OVERLAP: Final = "test_overlap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the recorder: a test that began, or an exception in it."""

    test: str
    began: bool = False
    when: str = ""
    error: str = ""
    message: str = ""
    chain: str = ""
    line: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """One process: how it ended, and its events."""

    ending: str
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One cell as it ran."""

    id: str
    repeats: tuple[Repeat, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one script trial wrote; `why` says why nothing could be run."""

    why: str
    tests: tuple[str, ...]
    cells: tuple[Ran, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a suite ended: its mode, and the first failure with its first line of ours."""

    mode: Mode
    test: str = ""
    error: str = ""
    message: str = ""
    line: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """The one factor whose change makes a cell pass."""

    factor: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFinding:
    """One cell: how its suite ended, whether at once or later, and what mends it.

    `messages` are those of the ADR's three that any test of the cell showed, overlapping requests included.
    """

    wiring: Wiring
    backend: str
    ending: Ending
    at_once: bool
    repeats: int
    overlap: Mode
    messages: tuple[str, ...]
    mend: Mend | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """Whether the cell that must show a message showed it."""

    message: str
    wiring: Wiring
    shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The grid of one dependency set on one backend; without its controls it is invalid."""

    backend: str
    why: str
    cells: tuple[CellFinding, ...]
    controls: tuple[Control, ...]

    @property
    def valid(self) -> bool:
        """Whether every message that this backend can show was shown where it must be."""
        return not self.why and bool(self.controls) and all(control.shown for control in self.controls)

    @property
    def attempts(self) -> Mapping[str, CellFinding]:
        """Return the cells that the ADR describes, by name."""
        known = {cell.wiring: cell for cell in self.cells}
        return {attempt.id: known[attempt.wiring] for attempt in ATTEMPTS if attempt.wiring in known}


def read(results: Sequence[Mapping[str, Json]], *, backend: str) -> Grid:
    """Make the grid of what script trials on one backend wrote; raise msgspec.ValidationError for anything else."""
    batches = [msgspec.convert({key: part for key, part in each.items() if key != "schema"}, Batch) for each in results]
    cells = tuple(_cell(ran, batch.tests, backend) for batch in batches for ran in batch.cells if ran.repeats)
    showing = {cell.wiring: cell.messages for cell in cells}
    return Grid(
        backend=backend,
        why=next((batch.why for batch in batches if batch.why), ""),
        cells=tuple(replace(cell, mend=mend(cell, cells)) for cell in cells),
        controls=tuple(
            Control(message=message, wiring=wiring, shown=message in showing.get(wiring, ()))
            for message, wiring in controls(backend).items()
        ),
    )


def mend(cell: CellFinding, cells: Sequence[CellFinding]) -> Mend | None:
    """Look for a passing cell that differs in one factor; of several, the factor that comes first in FACTORS."""
    if cell.ending.mode == "passes":
        return None
    steps = ((changed(cell.wiring, other.wiring), other) for other in cells if other.ending.mode == "passes")
    found = {names[0]: other for names, other in steps if len(names) == 1}
    factor = next((name for name in FACTORS if name in found), None)
    if factor is None:
        return None
    return Mend(factor=factor, before=getattr(cell.wiring, factor), after=getattr(found[factor].wiring, factor))


def _cell(ran: Ran, tests: tuple[str, ...], backend: str) -> CellFinding:
    endings = [ending(repeat) for repeat in ran.repeats]
    modes = Counter(each.mode for each in endings)
    first = endings[0] if len(modes) == 1 else replace(endings[0], mode="varies")
    overlaps = {_overlap(repeat) for repeat in ran.repeats}
    chains = "\n".join(event.chain for repeat in ran.repeats for event in repeat.events)
    return CellFinding(
        wiring=Wiring.parse(ran.id),
        backend=backend,
        ending=first,
        at_once=first.mode != "passes" and first.test in ("", tests[0]),
        repeats=len(ran.repeats),
        overlap=overlaps.pop() if len(overlaps) == 1 else "varies",
        messages=tuple(message for message in MESSAGES if message in chains),
    )


def ending(repeat: Repeat) -> Ending:
    """Say how one process ended, leaving overlapping requests aside."""
    failures = [event for event in repeat.events if event.error and event.test != OVERLAP]
    if failures:
        return _described(failures[0])
    last = next((event.test for event in reversed(repeat.events) if event.began), "")
    if last == OVERLAP:
        return Ending(mode="passes")
    return Ending(mode="hangs" if repeat.ending == "hangs" else "crashes", test=last)


def _overlap(repeat: Repeat) -> Mode:
    failures = [event for event in repeat.events if event.error and event.test == OVERLAP]
    if failures:
        return _mode(failures[0])
    reached = any(event.began and event.test == OVERLAP for event in repeat.events)
    if reached and repeat.ending == "hangs":
        return "hangs"
    return "passes" if reached else "crashes"


def _described(event: Event) -> Ending:
    return Ending(
        mode=_mode(event),
        test=event.test,
        error=event.error,
        message=event.message,
        line=event.line,
        file=event.file,
    )


def _mode(event: Event) -> Mode:
    """Name the message that the exception, or what it was raised from, carries."""
    return next((MODES[message] for message in MESSAGES if message in f"{event.message}\n{event.chain}"), "other")
