"""What was counted of each cell."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.model import Style


@dataclass(frozen=True, slots=True, kw_only=True)
class ExercisedFinding:
    """What a cell really exercised, counted in its one counting trial, which is never timed.

    `connections` counts database connections by driver, `threads` started threads by the module whose work they
    do. `portal_calls_per_request` are calls through TestClient's portal. `outside_share` is the share of the tests'
    time in which no request was inside the application and no call inside a database driver: client, fixtures and
    assertions. `floor_ns` is the least time that the same requests took inside the application, from the ASGI call
    to its return, in any contender that runs the application's own driver: no client, no fixture and no assertion
    is in it. `floor_ratio` is the cell's median wall time over it. One trial gives it, so it is rough.
    `sentences` say what is not exercised here and is elsewhere.
    """

    cell: str
    contender: str
    title: str
    style: Style
    backend: str
    requests: int
    connections: Mapping[str, int]
    event_loops: int
    threads: Mapping[str, int]
    portal_calls_per_request: float | None
    handed_across_threads: int
    application_ns: int
    database_ns: int
    outside_share: float | None
    floor_ns: int | None
    floor_ratio: float | None
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingFinding:
    """What each compared cell exercised."""

    cells: tuple[ExercisedFinding, ...]

    def cell(self, contender: str | None, backend: str) -> ExercisedFinding | None:
        """Find what a contender really exercised on a backend."""
        return next((e for e in self.cells if (e.contender, e.backend) == (contender, backend)), None)
