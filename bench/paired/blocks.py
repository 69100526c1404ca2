"""Trials grouped into blocks, the unit of pairing."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from bench.model import Cell, Trial
from bench.paired.steady import is_as_ever, steadily_failing
from bench.statistics import block_log_ratios

RUNS_PER_BLOCK = 2


def timed(trials: Sequence[Trial], cell: Cell) -> list[Trial]:
    """Give the trials of `cell` that a timing may rest on: not of the warm block, and passed or failed as ever."""
    always = steadily_failing(trials, cell)
    return [
        trial
        for trial in trials
        if trial.cell == cell and not trial.warmup and not trial.counting and is_as_ever(trial, always)
    ]


def whole_blocks(trials: Sequence[Trial], first: Cell, second: Cell) -> list[int]:
    """Give the blocks, ascending, in which both cells ran twice and passed."""
    counts = [_runs_by_block(timed(trials, cell)) for cell in (first, second)]
    return sorted(block for block, runs in counts[0].items() if runs == RUNS_PER_BLOCK == counts[1].get(block))


def log_ratios(
    trials: Sequence[Trial], baseline: Cell, rival: Cell, *, measure: Callable[[Trial], int]
) -> NDArray[np.float64]:
    """Return the block log-ratios, shape (blocks,), of rival over baseline; `measure` reads nanoseconds.

    A block in which a clock measured nothing has no logarithm and is left out.
    """
    return np.array(list(ratios_by_block(trials, baseline, rival, measure).values()))


def change_log_ratios(
    trials: Sequence[Trial],
    before: tuple[Cell, Cell],
    after: tuple[Cell, Cell],
    *,
    measure: Callable[[Trial], int],
) -> NDArray[np.float64]:
    """Return the change of the log-ratio inside each block, shape (blocks,): that of `after` less that of `before`.

    Each pair is (baseline, rival). Only blocks that hold both pairs whole count: whatever slowed all trials of a
    block, or one dependency set as a whole, cancels out.
    """
    first, second = (ratios_by_block(trials, *pair, measure) for pair in (before, after))
    return np.array([second[block] - first[block] for block in first if block in second])


def ratios_by_block(
    trials: Sequence[Trial], baseline: Cell, rival: Cell, measure: Callable[[Trial], int]
) -> dict[int, float]:
    """Map each whole block, ascending, to its log-ratio."""
    blocks = whole_blocks(trials, baseline, rival)
    first, second = (_durations(timed(trials, cell), blocks, measure) for cell in (baseline, rival))
    pairs = zip(blocks, first, second, strict=True)
    measured = {block: (own, other) for block, own, other in pairs if min(*own, *other) > 0}
    if not measured:
        return {}
    return dict(zip(measured, block_log_ratios(*zip(*measured.values(), strict=True)).tolist(), strict=True))


def _durations(trials: Sequence[Trial], blocks: Sequence[int], measure: Callable[[Trial], int]) -> list[list[int]]:
    by_block: dict[int, list[int]] = {block: [] for block in blocks}
    for trial in trials:
        if trial.block in by_block:
            by_block[trial.block].append(measure(trial))
    return [by_block[block] for block in blocks]


def _runs_by_block(trials: Sequence[Trial]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for trial in trials:
        counts[trial.block] = counts.get(trial.block, 0) + 1
    return counts
