"""Does another block fit what is left of the budget?"""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bench.model import Cell, Trial, TrialSpec, spent_seconds

RECENT: Final = 4  # trials of a cell that say what the next one will cost


def is_affordable(block: Sequence[TrialSpec], trials: Sequence[Trial], *, seconds: float) -> bool:
    """Tell whether the block ends within `seconds` of the campaign, by what its cells cost lately.

    A block that was begun is finished.
    """
    begun = {trial.key for trial in trials} & {spec.key for spec in block}
    expected = expected_seconds([spec for spec in block if spec.key not in begun], trials)
    return bool(begun) or spent_seconds(trials) + expected <= seconds


def expected_seconds(block: Sequence[TrialSpec], trials: Sequence[Trial]) -> float:
    """Add up what the trials of the block will typically cost."""
    typical = typical_costs(trials)
    return sum(typical.get(replace(spec.cell, copy=0), 0.0) for spec in block)


def typical_costs(trials: Sequence[Trial]) -> Mapping[Cell, float]:
    """Return the median cost of each cell's latest trials in seconds: timed ones, or those that counted before any.

    A cell's copy costs what the cell costs.
    """
    costs: dict[Cell, list[float]] = {}
    counted: dict[Cell, float] = {}
    for trial in trials:
        cell = replace(trial.cell, copy=0)
        if trial.counting:
            counted[cell] = trial.cost_ns / 1e9
        else:
            costs.setdefault(cell, []).append(trial.cost_ns / 1e9)
    return counted | {cell: statistics.median(known[-RECENT:]) for cell, known in costs.items()}
