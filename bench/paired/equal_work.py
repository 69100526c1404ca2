"""Equal work: before any time counts, rivals must have executed the same tests and sent the same requests."""

from collections import Counter
from collections.abc import Sequence
from functools import cache

from bench.model import Cell, Contender, Outcome, Trial
from bench.paired.steady import is_as_ever, steadily_failing

NAMED = 3
LAYERS = ("unit", "integration", "api")


def differences(trials: Sequence[Trial], baseline: Cell, rival: Cell, *, twins: bool) -> tuple[str, ...]:
    """Say why the two cells cannot be compared; () when they did equal work, with no failure but those of every trial.

    Outcomes are compared in every trial, requests per route and status in the counted warm block.
    Without `twins` the tests have no common names, so only failures can be looked at. A cell that was not
    measured is not unequal: there is nothing to compare.
    """
    if not _count(trials, baseline) or not _count(trials, rival):
        return ()
    broken = [reason for cell in (baseline, rival) for reason in _failures(trials, cell) or _idle(trials, cell)]
    if broken:
        return tuple(broken)
    reasons = _unstable(trials, baseline) + _unstable(trials, rival)
    if twins:
        reasons += _different_tests(trials, baseline, rival) + _different_requests(trials, baseline, rival)
    return tuple(reasons)


def are_twins(first: Contender, second: Contender) -> bool:
    """Tell whether two contenders belong to one family of twins."""
    return first.twins is not None and first.twins == second.twins


@cache
def twin_id(test_id: str) -> str:
    """Name a test within its suite: the path after the suite's own folder, and the test.

    pytest names tests from its root folder, and twins live under different ones; the first of the
    folders unit, integration and api starts the common part.
    """
    path, separator, name = test_id.partition("::")
    parts = path.split("/")
    starts = [index for index, part in enumerate(parts) if part in LAYERS]
    return "/".join(parts[starts[0] :] if starts else parts) + separator + name


def layer(test_id: str) -> str:
    """Name the layer a test belongs to, '' for a suite without layers."""
    first = twin_id(test_id).partition("/")[0]
    return first if first in LAYERS else ""


def failed(trials: Sequence[Trial]) -> list[Trial]:
    """Give the trials that did not pass, the warm block's too."""
    return [trial for trial in trials if trial.outcome is not Outcome.PASSED]


def _failures(trials: Sequence[Trial], cell: Cell) -> list[str]:
    always = steadily_failing(trials, cell)
    bad = [trial for trial in failed(trials) if trial.cell == cell and not is_as_ever(trial, always)]
    if not bad:
        return []
    first = bad[0]
    tests = [test.id for test in first.tests if test.outcome in ("failed", "error")]
    named = f": {_listed(tests)}" if tests else ""
    return [f"{cell.id} failed in {len(bad)} of {_count(trials, cell)} trials ({first.outcome.value}{named})"]


def _idle(trials: Sequence[Trial], cell: Cell) -> list[str]:
    """Say that a suite skips all its tests, for instance because it did not find its database."""
    own = [trial for trial in trials if trial.cell == cell]
    if all(any(test.outcome == "passed" for test in trial.tests) for trial in own):
        return []
    return [f"{cell.id} has trials in which no test passed"]


def _count(trials: Sequence[Trial], cell: Cell) -> int:
    return sum(trial.cell == cell for trial in trials)


def _work(trial: Trial) -> Counter[tuple[str, str]]:
    return Counter((twin_id(test.id), test.outcome) for test in trial.tests)


def _unstable(trials: Sequence[Trial], cell: Cell) -> list[str]:
    own = [sorted(test[:2] for test in trial.tests) for trial in trials if trial.cell == cell]
    if all(work == own[0] for work in own):
        return []
    return [f"{cell.id} did not execute the same tests in each of its trials"]


def _different_tests(trials: Sequence[Trial], baseline: Cell, rival: Cell) -> list[str]:
    first, second = (next((_work(t) for t in trials if t.cell == cell), Counter()) for cell in (baseline, rival))
    only = [(baseline, first - second), (rival, second - first)]
    return [
        f"only {cell.id} executed {_listed([f'{test} ({outcome})' for test, outcome in sorted(work)])}"
        for cell, work in only
        if work
    ]


def _different_requests(trials: Sequence[Trial], baseline: Cell, rival: Cell) -> list[str]:
    counted = [_requests(trials, cell) for cell in (baseline, rival)]
    if counted[0] is None or counted[1] is None:
        return []
    routes = sorted(route for route in counted[0].keys() | counted[1].keys() if counted[0][route] != counted[1][route])
    if not routes:
        return []
    shown = _listed([f"{route} ({counted[0][route]} against {counted[1][route]})" for route in routes])
    return [f"{baseline.id} and {rival.id} sent different requests: {shown}"]


def _requests(trials: Sequence[Trial], cell: Cell) -> Counter[str] | None:
    for trial in trials:
        if trial.cell == cell and "requests" in trial.facts:
            return Counter(trial.facts["requests"])
    return None


def _listed(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")
