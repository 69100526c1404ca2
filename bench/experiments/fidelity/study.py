"""In which dependency sets the clients are looked at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bench.campaign.frame import Frame
from bench.experiments.contract import Request
from bench.text import listing

NAME = "fidelity"
SCRIPTS: Final[Mapping[str, str]] = {
    "mirror": "experiments/fidelity/subject/mirror.py",
    "awaits": "experiments/fidelity/subject/awaits.py",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Each table is made once in each of `dependency_sets`, with the interpreter that runs `contender` there."""

    contender: str
    dependency_sets: tuple[str, ...]
    tables: tuple[str, ...] = tuple(SCRIPTS)


def plan(request: Request) -> Study | None:
    """Look at the clients in standard and full campaigns, where the baseline runs on a dependency set of ours."""
    frame = request.frame
    baseline = frame.contender(frame.baseline)
    sets = frame.dependency_sets or ((baseline.dependency_set,) if baseline.dependency_set else ())
    if request.alone or request.size not in ("standard", "full") or not sets:
        return None
    return Study(contender=baseline.id, dependency_sets=tuple(sets))


def announce(frame: Frame, study: Study) -> Iterator[str]:  # noqa: ARG001 - one shape for all experiments
    """Name the sets."""
    yield f"clients beside a real server, not timed, under {listing(study.dependency_sets)}"
