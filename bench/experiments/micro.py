"""What do the small operations cost that every test is made of?

The plan: a few processes per backend that run the micro-benchmarks with pytest-benchmark in the
subject environment. The analysis: one cost per benchmark, the median over processes of the
benchmark's own median. Never mixed with whole-suite times.
"""

import statistics
from collections.abc import Mapping, Sequence

from bench.campaign.plan import Plan
from bench.findings import MicroCost
from bench.model import Cell, Json, Outcome, Style, Trial, TrialSpec
from bench.statistics import draw_block

NAME = "micro"


def next_block(plan: Plan, trials: Sequence[Trial]) -> tuple[TrialSpec, ...]:
    """Return the next round, one process per backend; () when all rounds are done or none is planned."""
    if plan.micro is None:
        return ()
    measured = {trial.key for trial in trials if trial.experiment == NAME}
    backends = [backend for backend in plan.backends if backend in plan.micro.backends]
    backends = backends[:1] if plan.size == "smoke" else backends
    for index in range(plan.micro_processes):
        block = tuple(_spec(plan, backend, index) for backend in backends)
        if not all(spec.key in measured for spec in block):
            return block
    return ()


def costs(trials: Sequence[Trial]) -> tuple[MicroCost, ...]:
    """Sum up each benchmark over its processes."""
    rows: dict[tuple[str, str, str], list[Mapping[str, Json]]] = {}
    for trial in trials:
        if trial.experiment == NAME and trial.outcome is Outcome.PASSED:
            for benchmark in trial.benchmarks:
                key = (trial.cell.backend, benchmark["group"], benchmark["name"])
                rows.setdefault(key, []).append(benchmark)
    return tuple(_cost(*key, benchmarks) for key, benchmarks in sorted(rows.items()))


def failures(trials: Sequence[Trial]) -> tuple[str, ...]:
    """Say which micro-benchmark processes failed."""
    return tuple(
        f"the micro-benchmarks on {trial.cell.backend} failed ({trial.outcome.value})"
        for trial in trials
        if trial.experiment == NAME and trial.outcome is not Outcome.PASSED
    )


def _spec(plan: Plan, backend: str, index: int) -> TrialSpec:
    assert plan.micro is not None
    cell = Cell(contender=plan.micro.id, dependency_set=plan.micro.dependency_set or "own", backend=backend)
    draw = draw_block((cell,), seed=plan.seed, group=f"{NAME}/{backend}", index=index)
    return TrialSpec(
        experiment=NAME,
        cell=cell,
        block=index,
        position=0,
        warmup=False,
        hash_seed=draw.hash_seed,
        padding_bytes=draw.padding_bytes,
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
