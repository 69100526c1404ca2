"""Single tests: twins compared between contenders, and the slowest test of each layer."""

import statistics
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from bench.campaign.frame import Frame
from bench.experiments.speed.finding import LayerFinding, TwinFinding
from bench.model import Cell, Trial
from bench.paired.blocks import timed, whole_blocks
from bench.paired.equal_work import LAYERS, are_twins, layer, twin_id
from bench.paired.mirrored import Pair
from bench.statistics import benjamini_hochberg, hodges_lehmann, median_interval

FEWEST_BLOCKS = 6


def twins(frame: Frame, pairs: Sequence[Pair], timing: Sequence[Trial]) -> tuple[TwinFinding, ...]:
    """Compare each test of a baseline with its twin in every candidate of the same family."""
    return tuple(
        finding
        for baseline, candidate in pairs
        if not candidate.copy and are_twins(frame.contender(baseline.contender), frame.contender(candidate.contender))
        for finding in _pair(timing, baseline, candidate)
    )


def layers(listed: Sequence[Cell], timing: Sequence[Trial]) -> tuple[LayerFinding, ...]:
    """Find the slowest test of each layer in every listed cell, with the interval of its median."""
    return tuple(finding for cell in listed for finding in _layers(cell, timed(timing, cell)))


def durations(trials: Sequence[Trial]) -> Mapping[str, list[int]]:
    """Give each passed test's nanoseconds (all three phases) over the trials, by the name twins share."""
    by_test: dict[str, list[int]] = {}
    for trial in trials:
        for test in trial.tests:
            if test.outcome == "passed":
                by_test.setdefault(twin_id(test.id), []).append(test.total_ns)
    return by_test


def _pair(trials: Sequence[Trial], baseline: Cell, rival: Cell) -> list[TwinFinding]:
    first, second = (durations(timed(trials, cell)) for cell in (baseline, rival))
    common = sorted(first.keys() & second.keys())
    ratios = _ratios(trials, baseline, rival, common)
    q_values = _q_values(ratios) if len(ratios) >= FEWEST_BLOCKS else [None] * len(common)
    return [
        TwinFinding(
            test=test,
            layer=layer(test),
            backend=rival.backend,
            rival_contender=rival.contender,
            baseline_ns=round(statistics.median(first[test])),
            rival_ns=round(statistics.median(second[test])),
            ratio=_ratio(ratios[:, column]),
            q_value=q_values[column],
        )
        for column, test in enumerate(common)
    ]


def _ratio(log_ratios: NDArray[np.float64]) -> float | None:
    return float(np.exp(hodges_lehmann(log_ratios))) if log_ratios.size and np.isfinite(log_ratios).all() else None


def _ratios(trials: Sequence[Trial], baseline: Cell, rival: Cell, tests: Sequence[str]) -> NDArray[np.float64]:
    """Return the log-ratios of the whole blocks, shape (blocks, tests); NaN where a trial lacks the test."""
    blocks = whole_blocks(trials, baseline, rival)
    means = [_log_means(timed(trials, cell), blocks, tests) for cell in (baseline, rival)]
    difference: NDArray[np.float64] = means[1] - means[0]
    return difference


def _log_means(trials: Sequence[Trial], blocks: Sequence[int], tests: Sequence[str]) -> NDArray[np.float64]:
    """Return the mean log duration of each test in each block, shape (blocks, tests); NaN without the test."""
    columns = {test: column for column, test in enumerate(tests)}
    rows = {block: row for row, block in enumerate(blocks)}
    sums = np.zeros((len(blocks), len(tests)))
    counts = np.zeros(len(blocks))
    for trial in trials:
        if trial.block in rows:
            totals = np.full(len(tests), np.nan)
            for test in trial.tests:
                column = columns.get(twin_id(test.id))
                if column is not None and test.outcome == "passed":
                    totals[column] = max(test.total_ns, 1)
            sums[rows[trial.block]] += np.log(totals)
            counts[rows[trial.block]] += 1
    means: NDArray[np.float64] = sums / np.maximum(counts, 1)[:, np.newaxis]
    return means


def _q_values(ratios: NDArray[np.float64]) -> list[float | None]:
    """Return a q-value for each test, None where there is no ratio."""
    whole = np.atleast_1d(np.isfinite(ratios).all(axis=0))
    moved = whole & np.any(ratios != 0, axis=0)
    p_values = np.ones(ratios.shape[1])
    if moved.any():
        p_values[moved] = stats.wilcoxon(ratios[:, moved], axis=0).pvalue
    adjusted = iter(benjamini_hochberg(p_values[whole].tolist()) if whole.any() else ())
    return [next(adjusted) if is_whole else None for is_whole in whole]


def _layers(cell: Cell, trials: Sequence[Trial]) -> list[LayerFinding]:
    by_test = durations(trials)
    found = []
    for name in LAYERS:
        medians = {test: statistics.median(times) for test, times in by_test.items() if layer(test) == name}
        if not medians:
            continue
        slowest = max(medians, key=lambda test: medians[test])
        interval = median_interval(by_test[slowest])
        found.append(
            LayerFinding(
                cell=cell.id,
                contender=cell.contender,
                backend=cell.backend,
                layer=name,
                tests=len(medians),
                median_ns=round(statistics.median(medians.values())),
                slowest_test=slowest,
                slowest_ns=round(medians[slowest]),
                slowest_low_ns=None if interval is None else round(interval.low),
                slowest_high_ns=None if interval is None else round(interval.high),
            )
        )
    return found
