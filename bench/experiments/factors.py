"""How much of the time does one factor explain: a client's scope, isolation, overrides, the pool, the loop?

The plan: one warm block that counts the work, then mirrored random blocks in which every varied contender runs
as it is and with each one thing changed, so that all pairs share their blocks. The analysis: per factor, backend
and metric the paired ratio of the changed over the unchanged contender. The A/A copy is of the first contender.
"""

from collections.abc import Sequence
from dataclasses import replace

from bench.campaign.plan import Plan, contender_cell, variation_cell
from bench.experiments import speed
from bench.findings import ComparisonFinding, FactorFinding, Metric
from bench.model import Cell, Contender, Trial, TrialSpec, Variation
from bench.statistics import draw_block

NAME = "factors"
METRICS: tuple[Metric, ...] = ("wall", "cpu")


def next_block(plan: Plan, trials: Sequence[Trial]) -> tuple[TrialSpec, ...]:
    """Return the next block; () when the planned blocks are done, the budget is spent or no factor is planned."""
    own = _own(trials)
    measured = {trial.key for trial in own}
    for index in range(plan.looks[-1] + 1 if plan.factors else 0):
        for backend in plan.backends:
            block = _block(plan, own, backend=backend, index=index)
            if not all(spec.key in measured for spec in block):
                return block if index == 0 or speed.affordable(plan, trials, block) else ()
    return ()


def findings(plan: Plan, trials: Sequence[Trial]) -> tuple[FactorFinding, ...]:
    """Compare every varied contender with itself as it is, in wall and in CPU time."""
    own = _own(trials)
    return tuple(
        _finding(plan, own, factor=factor, backend=backend, metric=metric)
        for backend in plan.backends
        for factor in _offered(plan, backend)
        for metric in METRICS
    )


def noise_floor(plan: Plan, trials: Sequence[Trial]) -> tuple[ComparisonFinding, ...]:
    """Compare the A/A pair of each backend."""
    own = _own(trials)
    return tuple(
        _compared(plan, own, baseline=contender_cell(first, backend), rival=_copy(first, backend), metric=metric)
        for backend in plan.backends
        for first in _varied(plan, backend)[:1]
        for metric in METRICS
    )


def _own(trials: Sequence[Trial]) -> list[Trial]:
    return [trial for trial in trials if trial.experiment == NAME]


def _offered(plan: Plan, backend: str) -> tuple[Variation, ...]:
    return tuple(factor for factor in plan.factors if backend in plan.contender(factor.contender).backends)


def _varied(plan: Plan, backend: str) -> tuple[Contender, ...]:
    """List the contenders that a factor changes, the baseline first."""
    names = {factor.contender for factor in _offered(plan, backend)}
    varied = [contender for contender in plan.contenders if contender.id in names]
    return tuple(sorted(varied, key=lambda contender: contender.id != plan.baseline))


def _copy(contender: Contender, backend: str) -> Cell:
    return contender_cell(contender, backend, copy=1)


def _block(plan: Plan, own: Sequence[Trial], *, backend: str, index: int) -> tuple[TrialSpec, ...]:
    varied = _varied(plan, backend)
    offered = _offered(plan, backend)
    changes = {variation_cell(factor, plan.contender(factor.contender), backend): factor for factor in offered}
    copies = tuple(_copy(contender, backend) for contender in varied[:1] if index)
    cells = (*(contender_cell(contender, backend) for contender in varied), *changes, *copies)
    earlier = [trial for trial in own if trial.block < index]
    open_cells = tuple(cell for cell in cells if not speed.has_failed(earlier, cell))
    draw = draw_block(open_cells, seed=plan.seed, group=f"{NAME}/{backend}", index=index)
    order = draw.order if index else draw.order[: len(open_cells)]
    plain = [
        TrialSpec(
            experiment=NAME,
            cell=cell,
            block=index,
            position=position,
            warmup=index == 0,
            counting=index == 0,
            hash_seed=draw.hash_seed,
            padding_bytes=draw.padding_bytes,
        )
        for position, cell in enumerate(order)
    ]
    return tuple(_changed(spec, changes.get(spec.cell)) for spec in plain)


def _changed(spec: TrialSpec, factor: Variation | None) -> TrialSpec:
    if factor is None:
        return spec
    return replace(spec, arguments=factor.pytest_args, environment=factor.environment)


def _compared(plan: Plan, own: Sequence[Trial], *, baseline: Cell, rival: Cell, metric: Metric) -> ComparisonFinding:
    unequal = speed.unequal_because(plan, own, baseline=baseline, rival=rival)
    return speed.finding(plan, own, baseline=baseline, rival=rival, metric=metric, unequal=unequal)


def _finding(plan: Plan, own: Sequence[Trial], *, factor: Variation, backend: str, metric: Metric) -> FactorFinding:
    contender = plan.contender(factor.contender)
    compared = _compared(
        plan,
        own,
        baseline=contender_cell(contender, backend),
        rival=variation_cell(factor, contender, backend),
        metric=metric,
    )
    estimate = compared.estimate
    return FactorFinding(
        factor=factor.id,
        title=factor.title,
        contender=contender.id,
        backend=backend,
        metric=metric,
        change=None if estimate is None else estimate.ratio - 1,
        change_low=None if estimate is None or estimate.low is None else estimate.low - 1,
        change_high=None if estimate is None or estimate.high is None else estimate.high - 1,
        comparison=replace(compared, rival_title=factor.title, rival_contender=f"{contender.id}+{factor.id}"),
    )
