"""Effects of two-level choices from balanced wirings, block by block.

In each block the logarithms of a cell's two times are averaged; an effect is the mean over the wirings with one level
less that over the wirings with the other, so that whatever slows a block as a whole cancels out (G. E. P. Box,
J. S. Hunter, W. G. Hunter 2005, "Statistics for Experimenters", 2nd ed., chapters 5 and 6, also for aliases).
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from bench.model import Cell, Trial
from bench.paired.blocks import RUNS_PER_BLOCK, timed

Levels = Mapping[str, str]
"""Choice to level: one wiring."""


def signs(wirings: Sequence[Levels], choice: str) -> tuple[int, ...]:
    """Return -1 where a wiring has the choice's first level, in order of appearance, and 1 where it has the other."""
    first = wirings[0][choice]
    return tuple(-1 if levels[choice] == first else 1 for levels in wirings)


def two_level_choices(wirings: Sequence[Levels]) -> tuple[str, ...]:
    """List the choices that the wirings have in two levels, equally often."""
    choices = wirings[0] if wirings else {}
    return tuple(
        choice
        for choice in choices
        if len({levels[choice] for levels in wirings}) == 2 and sum(signs(wirings, choice)) == 0
    )


def aliases(wirings: Sequence[Levels], choice: str) -> tuple[str, ...]:
    """Name the products of other choices that cannot be told from a choice in these wirings, as "a x b"."""
    own = signs(wirings, choice)
    others = [other for other in two_level_choices(wirings) if other != choice]
    columns = {other: signs(wirings, other) for other in others}
    return tuple(
        " x ".join(names)
        for size in range(1, len(others) + 1)
        for names in combinations(others, size)
        if abs(int(np.dot(own, np.prod([columns[name] for name in names], axis=0)))) == len(wirings)
    )


def block_log_times(
    trials: Sequence[Trial], cells: Sequence[Cell], measure: Callable[[Trial], int]
) -> NDArray[np.float64]:
    """Return the mean log times, shape (blocks, cells), of the blocks in which every cell ran twice and passed."""
    by_cell = []
    for cell in cells:
        blocks: dict[int, list[float]] = {}
        for trial in timed(trials, cell):
            blocks.setdefault(trial.block, []).append(float(np.log(measure(trial))))
        by_cell.append({block: times for block, times in blocks.items() if len(times) == RUNS_PER_BLOCK})
    whole = sorted(set.intersection(*(set(blocks) for blocks in by_cell))) if by_cell else []
    return np.array([[float(np.mean(blocks[block])) for blocks in by_cell] for block in whole]).reshape(
        len(whole), len(cells)
    )


def contrast(log_times: NDArray[np.float64], column: Sequence[int]) -> NDArray[np.float64]:
    """Return, block by block, the mean log time where the column is 1 less that where it is -1; shape (blocks,)."""
    where = np.asarray(column)
    changes: NDArray[np.float64] = log_times[:, where == 1].mean(axis=1) - log_times[:, where == -1].mean(axis=1)
    return changes
