"""Which cells of the grid are run, on which databases."""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.campaign.frame import Frame
from bench.experiments.contract import Request
from bench.experiments.failure_modes.cells import controls, existing, standard_part
from bench.model import BACKEND_TITLES, NO_BACKEND
from bench.text import listing

NAME = "failure_modes"
# A batch shares its imports, and its end is on the disk before the next one begins.
BATCH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """The ids of the cells, which run on each of `backends` in each of `dependency_sets`, after the controls.

    Each runs `repeats` times: more than once tells a cell that does not always end alike.
    """

    contender: str
    dependency_sets: tuple[str, ...]
    backends: tuple[str, ...]
    cells: tuple[str, ...]
    repeats: int = 3

    def batches(self, backend: str) -> tuple[tuple[str, ...], ...]:
        """Return the cells of a backend in batches, the controls first."""
        first = [wiring.id for wiring in controls(backend).values()]
        ordered = tuple(dict.fromkeys((*first, *self.cells)))
        return tuple(ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH))


def plan(request: Request) -> Study | None:
    """Run the cells that the ADR describes and a balanced part in standard campaigns, the whole grid in full ones."""
    frame = request.frame
    baseline = frame.contender(frame.baseline)
    sets = frame.dependency_sets or ((baseline.dependency_set,) if baseline.dependency_set else ())
    backends = tuple(backend for backend in frame.backends if backend != NO_BACKEND)
    if request.alone or request.size not in ("standard", "full") or not sets or not backends:
        return None
    cells = existing() if request.size == "full" else standard_part()
    return Study(
        contender=baseline.id,
        dependency_sets=tuple(sets),
        backends=backends,
        cells=tuple(wiring.id for wiring in cells),
        repeats=3 if request.size == "full" else 1,
    )


def announce(frame: Frame, study: Study) -> Iterator[str]:  # noqa: ARG001 - one shape for all experiments
    """Say how many cells there are."""
    places = listing([BACKEND_TITLES[backend] for backend in study.backends])
    yield f"{len(study.cells)} wirings of loop, engine, pool, session and client, each tried on {places}, not timed"
