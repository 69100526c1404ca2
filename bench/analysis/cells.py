"""Each cell as it was measured, and every trial on the time axis."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from bench.campaign.plan import Plan
from bench.experiments import factors, speed
from bench.findings import CellFinding, TrialPoint
from bench.model import Cell, Contender, Trial
from bench.paired.blocks import timed
from bench.paired.equal_work import failed

TIMED: Final = (speed.NAME, factors.NAME)  # the experiments whose blocks hold whole suites, to be compared


def cells(plan: Plan, trials: Sequence[Trial]) -> tuple[CellFinding, ...]:
    """Sum up every cell of the speed experiment, backend by backend, baseline first."""
    own = [trial for trial in trials if trial.experiment == speed.NAME]
    return tuple(
        _cell(cell, plan.contender(cell.contender), [trial for trial in own if trial.cell == cell])
        for backend in plan.backends
        for cell in plan.cells(backend)
    )


def points(plan: Plan, trials: Sequence[Trial]) -> tuple[TrialPoint, ...]:
    """Put every trial of the run on the time axis, in the order of the journal."""
    return tuple(_point(order, plan, trial) for order, trial in enumerate(trials))


def median_ns(durations: Iterable[int | None]) -> int | None:
    """Return the median in whole nanoseconds, None without any duration."""
    known = [duration for duration in durations if duration is not None]
    return round(statistics.median(known)) if known else None


def _cell(cell: Cell, contender: Contender, trials: Sequence[Trial]) -> CellFinding:
    good = timed(trials, cell)

    def median(measure: Callable[[Trial], int | None]) -> int | None:
        return median_ns(measure(trial) for trial in good)

    return CellFinding(
        cell=cell.id,
        contender=cell.contender,
        title=contender.title,
        style=contender.style,
        backend=cell.backend,
        dependency_set=cell.dependency_set,
        is_copy=bool(cell.copy),
        trials=len(good),
        failed_trials=len(failed(trials)),
        tests=len(good[0].tests) if good else 0,
        median_wall_ns=median(lambda trial: trial.wall_ns),
        median_cpu_ns=median(lambda trial: trial.cpu_ns),
        median_peak_rss_bytes=median(lambda trial: trial.peak_rss_bytes),
        startup_ns=median(lambda trial: trial.phases.startup_ns),
        collection_ns=median(lambda trial: trial.phases.collection_ns),
        setup_ns=median(lambda trial: trial.phases.setup_ns),
        call_ns=median(lambda trial: trial.phases.call_ns),
        teardown_ns=median(lambda trial: trial.phases.teardown_ns),
        exit_ns=median(lambda trial: trial.phases.exit_ns),
        facts=next((trial.facts for trial in trials if "requests" in trial.facts), good[0].facts if good else {}),
    )


def _point(order: int, plan: Plan, trial: Trial) -> TrialPoint:
    contender = next((known for known in plan.contenders if known.id == trial.cell.contender), None)
    return TrialPoint(
        order=order,
        started_unix_ns=trial.started_unix_ns,
        cell=trial.cell.id,
        contender=trial.cell.contender,
        style="other" if contender is None else contender.style,
        backend=trial.cell.backend,
        block=trial.block,
        warmup=trial.warmup,
        timed=trial.experiment in TIMED and bool(timed([trial], trial.cell)),
        outcome=trial.outcome.value,
        wall_ns=trial.wall_ns,
        cpu_ns=trial.cpu_ns,
        load_1min=trial.before.load_1min,
        message=trial.message,
    )
