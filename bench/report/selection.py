"""Look up findings: which cells were compared with which, and which trials belong to a cell."""

from collections.abc import Iterable, Sequence

import numpy as np

from bench.experiments.speed.finding import CellFinding
from bench.findings import TrialPoint
from bench.paired.finding import ComparisonFinding, Metric
from bench.results import Results


def backends(analysis: Results) -> tuple[str, ...]:
    """List the backends in the order in which their cells stand."""
    return tuple(dict.fromkeys(cell.backend for cell in analysis.cells))


def cells_of(analysis: Results, backend: str) -> tuple[CellFinding, ...]:
    """List the cells of one backend without the A/A copy."""
    return tuple(cell for cell in analysis.cells if cell.backend == backend and not cell.is_copy)


def comparisons(analysis: Results, metric: Metric, *, backend: str | None = None) -> tuple[ComparisonFinding, ...]:
    """List the comparisons with real rivals in one metric; the A/A comparison is not among them."""
    return tuple(
        found
        for found in analysis.comparisons
        if found.metric == metric and not found.is_noise_floor and backend in (None, found.backend)
    )


def baseline_name(analysis: Results, comparison: ComparisonFinding) -> str:
    """Name the contender that a comparison measures against."""
    named = {cell.cell: cell.contender for cell in analysis.cells}
    return named.get(comparison.baseline, comparison.baseline.partition("@")[0])


def baseline_names(analysis: Results) -> tuple[str, ...]:
    """List the contenders that serve as baselines; usually there is one."""
    return tuple(dict.fromkeys(baseline_name(analysis, found) for found in analysis.comparisons))


def baseline_cell(analysis: Results, backend: str) -> CellFinding | None:
    """Find the cell that the others of its backend are measured against."""
    baselines = {found.baseline for found in analysis.comparisons if found.backend == backend}
    return next((cell for cell in analysis.cells if cell.cell in baselines), None)


def is_failure(trial: TrialPoint) -> bool:
    """Tell whether a trial did not pass."""
    return trial.outcome != "passed"


def timed_by_cell(trials: Iterable[TrialPoint]) -> dict[str, list[TrialPoint]]:
    """Group the trials that count: timed, passed and not of the warm block."""
    grouped: dict[str, list[TrialPoint]] = {}
    for trial in trials:
        if trial.timed and not trial.warmup and not is_failure(trial):
            grouped.setdefault(trial.cell, []).append(trial)
    return grouped


def quantiles(numbers: Sequence[float], *fractions: float) -> tuple[float, ...]:
    """Return linearly interpolated quantiles of at least one number."""
    return tuple(float(found) for found in np.quantile(np.asarray(numbers, dtype=float), fractions))


def median(numbers: Sequence[float]) -> float:
    """Return the middle of at least one number."""
    return quantiles(numbers, 0.5)[0]


def relative_walls(trials: Sequence[TrialPoint]) -> dict[int, float]:
    """Map the order of each trial to its wall time over the median of its cell's timed trials."""
    middles = {
        cell: median([float(trial.wall_ns) for trial in members]) for cell, members in timed_by_cell(trials).items()
    }
    return {
        trial.order: trial.wall_ns / middles[trial.cell]
        for trial in trials
        if trial.cell in middles and middles[trial.cell] > 0 and trial.wall_ns > 0
    }
