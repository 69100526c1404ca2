"""Failures among trials with what they bound: exact intervals, and never "not flaky"."""

from collections.abc import Sequence
from dataclasses import replace

from bench.flakiness.conditions import PLAIN
from bench.flakiness.findings import ConditionCount
from bench.statistics import clopper_pearson, fisher_p, holm, upper_bound


def count(condition: str, failures: int, trials: int) -> ConditionCount:
    """Count failures under a condition, with exact bounds; none without a trial."""
    interval = clopper_pearson(failures, trials) if trials else None
    return ConditionCount(
        condition=condition,
        failures=failures,
        trials=trials,
        low=None if interval is None else interval.low,
        high=None if interval is None else interval.high,
        upper=upper_bound(failures, trials) if trials else None,
        p_value=None,
    )


def grid(outcomes: Sequence[tuple[tuple[str, ...], bool]]) -> tuple[ConditionCount, ...]:
    """Count (conditions, failed) by condition, plain first; a trial with several conditions counts under each.

    Each condition is tested against the trials without it, Holm over all.
    """
    names = sorted({name for names, _ in outcomes for name in names}, key=lambda name: (name != PLAIN, name))
    counts = [count(name, *_tally([bad for names, bad in outcomes if name in names])) for name in names]
    others = [each for each in counts if each.condition != PLAIN]
    without = [_tally([bad for names, bad in outcomes if each.condition not in names]) for each in others]
    tested = [
        (each, fisher_p((each.failures, failures), (each.trials, trials)))
        for each, (failures, trials) in zip(others, without, strict=True)
        if trials
    ]
    adjusted = dict(zip((each.condition for each, _ in tested), holm([p for _, p in tested]), strict=True))
    return tuple(replace(each, p_value=adjusted.get(each.condition)) for each in counts)


def bound_words(failures: int, trials: int) -> str:
    """Write a count as the reader meets it: "0/59, at most 5 %"."""
    if not trials:
        return "not run"
    return f"{failures}/{trials}, at most {percent(upper_bound(failures, trials))}"


def percent(share: float) -> str:
    """Write a share with two digits, and one that rounds to all of it as that."""
    return "100 %" if share >= 0.995 else f"{share * 100:.2g} %"


def _tally(outcomes: Sequence[bool]) -> tuple[int, int]:
    return sum(outcomes), len(outcomes)
