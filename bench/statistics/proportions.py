"""Failures out of trials: exact bounds and exact tests, never a normal approximation of a rare event."""

from typing import Literal, TypeAlias

import numpy as np
from scipy import stats

from bench.statistics.interval import Interval

Alternative: TypeAlias = Literal["two-sided", "greater"]


def clopper_pearson(failures: int, trials: int, *, confidence: float = 0.95) -> Interval:
    """Return the exact two-sided interval of a failure probability.

    C. J. Clopper, E. S. Pearson (1934), "The use of confidence or fiducial limits", Biometrika 26(4),
    404-413.
    """
    return _interval(failures, trials, confidence, method="exact")


def upper_bound(failures: int, trials: int, *, confidence: float = 0.95) -> float:
    """Return the exact one-sided upper bound of a failure probability: 0 of 59 is "at most 4.95 %"."""
    _check(failures, trials)
    bound = stats.binomtest(failures, trials, alternative="less").proportion_ci(confidence, method="exact")
    return float(bound.high)


def wilson(failures: int, trials: int, *, confidence: float = 0.95) -> Interval:
    """Return the score interval, for proportions that are not rare.

    E. B. Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA
    22(158), 209-212.
    """
    return _interval(failures, trials, confidence, method="wilson")


def fisher_p(failures: tuple[int, int], trials: tuple[int, int], *, alternative: Alternative = "two-sided") -> float:
    """Return Fisher's exact p-value of two failure counts; "greater" asks whether the first fails more often.

    R. A. Fisher (1935), "The logic of inductive inference", J. R. Stat. Soc. 98(1), 39-82.
    """
    for failed, run in zip(failures, trials, strict=True):
        _check(failed, run)
    table = np.array([failures, np.subtract(trials, failures)])
    return float(stats.fisher_exact(table, alternative=alternative).pvalue)


def fewest_detectable_failures(
    trials: int, *, against: int, alpha: float = 0.05, alternative: Alternative = "greater"
) -> int | None:
    """Return how many failures in `trials` are significant beside 0 in `against`; None if even all are not.

    With 300 trials each, 5 against 0 (one-sided) is the smallest difference that could have been seen.
    """
    counts = range(1, trials + 1)
    seen = (k for k in counts if fisher_p((k, 0), (trials, against), alternative=alternative) <= alpha)
    return next(seen, None)


def mcnemar_p(only_first: int, only_second: int) -> float:
    """Return the exact two-sided p-value of paired outcomes, from the pairs on which the two arms differ.

    Q. McNemar (1947), "Note on the sampling error of the difference between correlated proportions",
    Psychometrika 12, 153-157; exact as a sign test on the discordant pairs. Without any such pair it is 1.
    """
    if min(only_first, only_second) < 0:
        raise ValueError(f"counts of pairs cannot be negative: {only_first}, {only_second}")
    discordant = only_first + only_second
    return float(stats.binomtest(only_first, discordant).pvalue) if discordant else 1.0


def _interval(failures: int, trials: int, confidence: float, *, method: Literal["exact", "wilson"]) -> Interval:
    _check(failures, trials)
    bounds = stats.binomtest(failures, trials).proportion_ci(confidence, method=method)
    name = {"exact": "Clopper-Pearson", "wilson": "Wilson"}[method]
    # Wilson's lower bound for 0 of n comes out of scipy as 1e-18 or -1e-18.
    low = 0.0 if failures == 0 else float(bounds.low)
    high = 1.0 if failures == trials else float(bounds.high)
    return Interval(low=low, high=high, confidence=confidence, method=name)


def _check(failures: int, trials: int) -> None:
    if trials < 1 or not 0 <= failures <= trials:
        raise ValueError(f"{failures} failures in {trials} trials is not a possible count")
