"""One cost per benchmark: the median over processes of the benchmark's own median. Never mixed with suite times."""

from collections.abc import Mapping, Sequence
from typing import Any

from bench.campaign.frame import Frame
from bench.experiments.contract import Background
from bench.experiments.micro.finding import MicroCost, MicroFinding
from bench.experiments.micro.study import NAME, Study
from bench.model import Outcome, Style, Trial
from bench.storage import frames


def analyse(frame: Frame, study: Study, trials: Sequence[Trial], background: Background) -> MicroFinding:  # noqa: ARG001 - the shape of every analysis
    """Sum up each benchmark over its processes, and name the processes that failed."""
    ran = [trial for trial in trials if trial.experiment == NAME]
    return MicroFinding(costs=costs(ran), failures=failures(ran))


def costs(trials: Sequence[Trial]) -> tuple[MicroCost, ...]:
    """Sum up each benchmark over its processes."""
    found = frames.micro(trials).groupby(["backend", "group", "name"], as_index=False, sort=True)
    summed = found.agg(
        title=("title", "first"),
        style=("style", "first"),
        median_ns=("median_ns", "median"),
        low_ns=("median_ns", "min"),
        high_ns=("median_ns", "max"),
        processes=("median_ns", "size"),
        rounds=("rounds", "sum"),
    )
    return tuple(_cost(row) for row in summed.to_dict("records"))


def failures(trials: Sequence[Trial]) -> tuple[str, ...]:
    """Say which micro-benchmark processes failed."""
    return tuple(
        f"the micro-benchmarks on {trial.cell.backend} failed ({trial.outcome.value})"
        for trial in trials
        if trial.outcome is not Outcome.PASSED
    )


def _cost(row: Mapping[Any, Any]) -> MicroCost:
    return MicroCost(
        name=row["title"],
        group=row["group"],
        style=_style(row["style"]),
        backend=row["backend"],
        median_ns=float(row["median_ns"]),
        low_ns=float(row["low_ns"]),
        high_ns=float(row["high_ns"]),
        processes=int(row["processes"]),
        rounds=int(row["rounds"]),
    )


def _style(name: str) -> Style:
    match name:
        case "sync":
            return "sync"
        case "async":
            return "async"
        case _:
            return "other"
