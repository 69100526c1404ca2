"""How much of the budget the search for flakes takes."""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.campaign.frame import Frame
from bench.experiments.contract import Request
from bench.model import Cell
from bench.text import long_duration

NAME = "flakiness"
SHARE = 1 / 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """The search takes at most `seconds`, with `jobs` trials at once.

    `alone` says that no timing trials are there to serve as plain ones. With `suite_runs` one suite is searched by at
    most that many runs of it, until no more than the share `until` of runs can flake; in `copies` of its folder.
    `packages` are the installed ones that conditions need.
    """

    seconds: float
    alone: bool = False
    suite_runs: int = 0
    jobs: int = 1
    until: float | None = None
    copies: bool = False
    packages: tuple[str, ...] = ()


def plan(request: Request) -> Study | None:
    """Search in standard and full campaigns with a third of the budget, of two dependency sets with a sixth."""
    budget, cores = request.frame.budget_seconds, request.cores
    if request.alone:
        return Study(seconds=budget, alone=True, jobs=cores)
    if request.size not in ("standard", "full"):
        return None
    return Study(seconds=budget * SHARE / (2 if request.frame.dependency_sets else 1), jobs=cores)


def searched(frame: Frame, backend: str) -> tuple[Cell, ...]:
    """List the suites that are searched on a backend, the baseline first: all, where none of them is to be."""
    suites = frame.suites(backend)
    return tuple(cell for cell in suites if frame.contender(cell.contender).searched) or suites


def announce(frame: Frame, study: Study) -> Iterator[str]:
    """Say how long the search may take."""
    if study.alone:
        yield f"search for flakes in {', '.join(contender.id for contender in frame.contenders)}"
    else:
        yield f"at most {long_duration(study.seconds)} of it to search for flakes"
