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


def grid(outcomes: Sequence[tuple[str, bool]]) -> tuple[ConditionCount, ...]:
    """Count (condition, failed) by condition, plain first; each other one is tested against plain, Holm over all."""
    names = sorted({name for name, _ in outcomes}, key=lambda name: (name != PLAIN, name))
    counts = [count(name, *_tally(outcomes, name)) for name in names]
    plain = next((each for each in counts if each.condition == PLAIN), None)
    others = [each for each in counts if each.condition != PLAIN]
    if plain is None or not others:
        return tuple(counts)
    p_values = holm([fisher_p((each.failures, plain.failures), (each.trials, plain.trials)) for each in others])
    return (plain, *(replace(each, p_value=p_value) for each, p_value in zip(others, p_values, strict=True)))


def bound_words(failures: int, trials: int) -> str:
    """Write a count as the reader meets it: "0/59, at most 5 %"."""
    if not trials:
        return "not run"
    return f"{failures}/{trials}, at most {upper_bound(failures, trials) * 100:.2g} %"


def _tally(outcomes: Sequence[tuple[str, bool]], name: str) -> tuple[int, int]:
    own = [bad for condition, bad in outcomes if condition == name]
    return sum(own), len(own)
