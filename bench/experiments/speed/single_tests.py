"""Single tests: twins compared between contenders, and the slowest test of each layer."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from bench.campaign.frame import Frame
from bench.experiments.speed.finding import LayerFinding, TwinFinding
from bench.model import Cell, Trial
from bench.paired.blocks import timed, whole_blocks
from bench.paired.equal_work import LAYERS, are_twins, layer, twin_id
from bench.paired.mirrored import Pair
from bench.statistics import benjamini_hochberg, hodges_lehmann, median_interval
from bench.storage import frames

FEWEST_BLOCKS = 6


def twins(frame: Frame, pairs: Sequence[Pair], timing: Sequence[Trial]) -> tuple[TwinFinding, ...]:
    """Compare each test of a baseline with its twin in every candidate of the same family."""
    compared = [
        (baseline, candidate)
        for baseline, candidate in pairs
        if not candidate.copy and are_twins(frame.contender(baseline.contender), frame.contender(candidate.contender))
    ]
    cells = dict.fromkeys(cell for pair in compared for cell in pair)
    by_cell = {cell: durations(timed(timing, cell)) for cell in cells}
    return tuple(finding for pair in compared for finding in _pair(timing, by_cell, *pair))


def layers(listed: Sequence[Cell], timing: Sequence[Trial]) -> tuple[LayerFinding, ...]:
    """Find the slowest test of each layer in every listed cell, with the interval of its median."""
    return tuple(finding for cell in listed for finding in _layers(cell, timed(timing, cell)))


def durations(trials: Sequence[Trial]) -> pd.DataFrame:
    """Return the passed tests of trials with `twin`, the name twins share, and `total_ns`, that of all three phases."""
    found = frames.tests(trials)
    passed = found[found["outcome"] == "passed"]
    total = passed[["setup_ns", "call_ns", "teardown_ns"]].sum(axis="columns")
    names = {test: twin_id(test) for test in passed["test"].unique()}
    return passed.assign(twin=passed["test"].map(names), total_ns=total)


def _pair(
    trials: Sequence[Trial], by_cell: Mapping[Cell, pd.DataFrame], baseline: Cell, rival: Cell
) -> list[TwinFinding]:
    first, second = by_cell[baseline], by_cell[rival]
    medians = [found.groupby("twin")["total_ns"].median() for found in (first, second)]
    common = sorted({*medians[0].index} & {*medians[1].index})
    blocks = whole_blocks(trials, baseline, rival)
    ratios = _log_means(second, blocks, common) - _log_means(first, blocks, common)
    q_values = _q_values(ratios) if len(ratios) >= FEWEST_BLOCKS else [None] * len(common)
    return [
        TwinFinding(
            test=test,
            layer=layer(test),
            backend=rival.backend,
            rival_contender=rival.contender,
            baseline_ns=round(medians[0][test]),
            rival_ns=round(medians[1][test]),
            ratio=_ratio(ratios[:, column]),
            q_value=q_values[column],
        )
        for column, test in enumerate(common)
    ]


def _ratio(log_ratios: NDArray[np.float64]) -> float | None:
    return float(np.exp(hodges_lehmann(log_ratios))) if log_ratios.size and np.isfinite(log_ratios).all() else None


def _log_means(found: pd.DataFrame, blocks: Sequence[int], tests: Sequence[str]) -> NDArray[np.float64]:
    """Return the mean log duration of each test in each block, shape (blocks, tests).

    NaN where a trial of the block lacks the test.
    """
    logs = found.assign(log=np.log(found["total_ns"].clip(lower=1)))
    cells = logs.groupby(["block", "twin"])["log"]
    trials = logs.groupby("block")["trial"].nunique()
    means = cells.mean().where(cells.size() == trials.reindex(cells.size().index, level="block"))
    table = means.unstack("twin") if len(means) else pd.DataFrame()  # noqa: PD010 - a pivot of what is grouped already
    ordered: NDArray[np.float64] = table.reindex(index=list(blocks), columns=list(tests)).to_numpy(dtype=float)
    return ordered


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
    found = durations(trials)
    medians = found.groupby("twin", sort=False)["total_ns"].median()
    names = medians.index.map(layer)
    return [
        _layer(cell, name, medians[names == name], found) for name in LAYERS if len(medians) and (names == name).any()
    ]


def _layer(cell: Cell, name: str, medians: "pd.Series[float]", found: pd.DataFrame) -> LayerFinding:
    slowest = str(medians.idxmax())
    interval = median_interval(found.loc[found["twin"] == slowest, "total_ns"].tolist())
    return LayerFinding(
        cell=cell.id,
        contender=cell.contender,
        backend=cell.backend,
        layer=name,
        tests=len(medians),
        median_ns=round(medians.median()),
        slowest_test=slowest,
        slowest_ns=round(medians[slowest]),
        slowest_low_ns=None if interval is None else round(interval.low),
        slowest_high_ns=None if interval is None else round(interval.high),
    )
