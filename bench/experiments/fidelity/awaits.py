"""Judge the table of awaits: which work is done whenever a client returns?"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from bench.experiments.fidelity.mirror import Client
from bench.model import Json

DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """How work stood when the client returned and at last, state to count; or why that could not be observed."""

    at_return: Mapping[str, int] = msgspec.field(default_factory=dict)
    at_last: Mapping[str, int] = msgspec.field(default_factory=dict)
    why: str = ""

    @property
    def is_awaited(self) -> bool | None:
        """Tell whether it was done at every return; None where nothing was observed."""
        return None if self.why or not self.at_return else set(self.at_return) == {DONE}

    @property
    def text(self) -> str:
        """Return what the table shows."""
        if self.why:
            return f"cannot be observed here: {self.why}"
        first = _words(self.at_return)
        last = _words(self.at_last)
        return first if first == last else f"{first}, at last {last}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One kind of work that a request leaves behind."""

    id: str
    title: str
    cells: Mapping[str, Stood]


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaits:
    """The table of one dependency set."""

    packages: Mapping[str, str]
    clients: tuple[Client, ...]
    rows: tuple[Work, ...]

    def left_by(self, client: str) -> tuple[Work, ...]:
        """List the work that is not always done when the client returns."""
        return tuple(row for row in self.rows if client in row.cells and row.cells[client].is_awaited is False)

    def unobserved(self, client: str) -> tuple[Work, ...]:
        """List the work that could not be observed through the client."""
        return tuple(row for row in self.rows if client not in row.cells or row.cells[client].is_awaited is None)


def read(result: Mapping[str, Json]) -> Awaits:
    """Read what the script wrote; raise msgspec.ValidationError for anything else."""
    return msgspec.convert({name: part for name, part in result.items() if name != "schema"}, Awaits)


def _words(states: Mapping[str, int]) -> str:
    total = sum(states.values())
    if len(states) == 1:
        return next(iter(states))
    return ", ".join(f"{state} in {count} of {total}" for state, count in sorted(states.items()))
