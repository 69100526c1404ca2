"""Failures that belong to a suite: the same tests fail in every trial, so each trial does the same work.

A suite with a test that always fails can be timed like any other, as long as the suite beside it does the same.
"""

from collections.abc import Sequence
from dataclasses import replace

from bench.model import Cell, Outcome, Trial

FAILING = ("failed", "error")


def failing(trial: Trial) -> frozenset[str]:
    """Return the tests that failed in a trial."""
    return frozenset(test.id for test in trial.tests if test.outcome in FAILING)


def steadily_failing(trials: Sequence[Trial], cell: Cell) -> frozenset[str]:
    """Return the tests that failed in every finished trial of the cell, its A/A copy's among them.

    None are where a trial passed, or where nothing but failures was seen.
    """
    pair = (replace(cell, copy=0), replace(cell, copy=1))
    finished = [t for t in trials if t.outcome in (Outcome.PASSED, Outcome.FAILED) and t.cell in pair]
    if not finished or any(trial.outcome is Outcome.PASSED for trial in finished):
        return frozenset()
    has_worked = all(any(test.outcome == "passed" for test in trial.tests) for trial in finished)
    return frozenset.intersection(*map(failing, finished)) if has_worked else frozenset()


def is_as_ever(trial: Trial, always: frozenset[str]) -> bool:
    """Tell whether a trial passed or, of a suite in which tests always fail, failed in just those."""
    if not always:
        return trial.outcome is Outcome.PASSED
    return trial.outcome is Outcome.FAILED and failing(trial) == always
