"""One cost per benchmark: the median over processes of the benchmark's own median. Never mixed with suite times."""

import statistics
from collections.abc import Mapping, Sequence

from bench.campaign.frame import Frame
from bench.experiments.contract import Background
from bench.experiments.micro.finding import MicroCost, MicroFinding
from bench.experiments.micro.study import NAME, Study
from bench.model import Json, Outcome, Style, Trial


def analyse(frame: Frame, study: Study, trials: Sequence[Trial], background: Background) -> MicroFinding:  # noqa: ARG001 - the shape of every analysis
    """Sum up each benchmark over its processes, and name the processes that failed."""
    ran = [trial for trial in trials if trial.experiment == NAME]
    return MicroFinding(costs=costs(ran), failures=failures(ran))


def costs(trials: Sequence[Trial]) -> tuple[MicroCost, ...]:
    """Sum up each benchmark over its processes."""
    rows: dict[tuple[str, str, str], list[Mapping[str, Json]]] = {}
    for trial in trials:
        if trial.outcome is Outcome.PASSED:
            for benchmark in trial.benchmarks:
                key = (trial.cell.backend, benchmark["group"], benchmark["name"])
                rows.setdefault(key, []).append(benchmark)
    return tuple(_cost(*key, benchmarks) for key, benchmarks in sorted(rows.items()))


def failures(trials: Sequence[Trial]) -> tuple[str, ...]:
    """Say which micro-benchmark processes failed."""
    return tuple(
        f"the micro-benchmarks on {trial.cell.backend} failed ({trial.outcome.value})"
        for trial in trials
        if trial.outcome is not Outcome.PASSED
    )


def _cost(backend: str, group: str, name: str, benchmarks: Sequence[Mapping[str, Json]]) -> MicroCost:
    medians = [benchmark["stats"]["median"] * 1e9 for benchmark in benchmarks]
    extra = benchmarks[0]["extra"]
    return MicroCost(
        name=str(extra.get("title", name)),
        group=group,
        style=_style(extra.get("style")),
        backend=backend,
        median_ns=statistics.median(medians),
        low_ns=min(medians),
        high_ns=max(medians),
        processes=len(medians),
        rounds=sum(int(benchmark["stats"]["rounds"]) for benchmark in benchmarks),
    )


def _style(name: Json) -> Style:
    match name:
        case "sync":
            return "sync"
        case "async":
            return "async"
        case _:
            return "other"
