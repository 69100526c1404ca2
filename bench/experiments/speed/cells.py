"""Each cell as it was measured."""

import statistics
from collections.abc import Callable, Iterable, Sequence

from bench.campaign.frame import Frame
from bench.experiments.speed.finding import CellFinding
from bench.model import Cell, Contender, Json, Trial
from bench.paired.blocks import timed
from bench.paired.equal_work import failed
from bench.paired.steady import steadily_failing
from bench.statistics import median_interval


def cells(frame: Frame, listed: Sequence[Cell], timing: Sequence[Trial]) -> tuple[CellFinding, ...]:
    """Sum up every listed cell over its trials."""
    return tuple(
        _cell(cell, frame.contender(cell.contender), [trial for trial in timing if trial.cell == cell])
        for cell in listed
    )


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
        wall_interval=median_interval([trial.wall_ns for trial in good]) if good else None,
        median_cpu_ns=median(lambda trial: trial.cpu_ns),
        median_peak_rss_bytes=median(lambda trial: trial.peak_rss_bytes),
        startup_ns=median(lambda trial: trial.phases.startup_ns),
        collection_ns=median(lambda trial: trial.phases.collection_ns),
        setup_ns=median(lambda trial: trial.phases.setup_ns),
        call_ns=median(lambda trial: trial.phases.call_ns),
        teardown_ns=median(lambda trial: trial.phases.teardown_ns),
        exit_ns=median(lambda trial: trial.phases.exit_ns),
        facts=_facts(next((trial for trial in trials if "requests" in trial.facts), good[0] if good else None)),
        always_failing=tuple(sorted(steadily_failing(trials, cell))),
    )


def _facts(trial: Trial | None) -> dict[str, Json]:
    """Return what the trial tells of itself; what it ran under is compared elsewhere, and long."""
    return {} if trial is None else {name: fact for name, fact in trial.facts.items() if name != "surroundings"}
