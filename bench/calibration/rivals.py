"""The decision rules of well-known tools, re-stated from their documentation, each on whole stacks of campaigns.

Every rule takes the times (not logarithms) of two arms, shape (campaigns, runs per arm), in the order "all of A, then
all of B" in which these tools run by default, and tells for each campaign whether the tool would report that B differs
from A. None of them can say "equal".
"""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from bench.statistics.log_ratio import Floats

Flags: TypeAlias = NDArray[np.bool_]
Rule: TypeAlias = Callable[[Floats, Floats], Flags]

ALPHA = 0.05
ASV_P_THRESHOLD = 0.002
ASV_FACTOR = 1.1
CRITERION_NOISE_THRESHOLD = 0.02
CRITERION_RESAMPLES = 1000  # the tool draws 100,000; its p-value then has a smaller rounding error, not a smaller size
_RESAMPLE_SEED = 20_251_018


def pyperf(times_a: Floats, times_b: Floats) -> Flags:
    """Apply Student's two-sample two-tailed t test at 95 %.

    pyperf documentation, "pyperf commands", section "compare_to"; `--min-speed` is left at its default of 0 %.
    """
    return np.asarray(stats.ttest_ind(times_a, times_b, axis=1).pvalue < ALPHA)


def pytest_benchmark_mean(times_a: Floats, times_b: Floats) -> Flags:
    """Fail if the mean is more than 10 % slower: `--benchmark-compare-fail=mean:10%`.

    pytest-benchmark documentation, "Comparing past runs". It looks in one direction only, so a fair coin's worth of its
    false alarms goes unseen here.
    """
    return np.asarray(times_b.mean(axis=1) > 1.10 * times_a.mean(axis=1))


def pytest_benchmark_min(times_a: Floats, times_b: Floats) -> Flags:
    """Fail if the minimum is more than 5 % slower: `--benchmark-compare-fail=min:5%`, the example of the same page."""
    return np.asarray(times_b.min(axis=1) > 1.05 * times_a.min(axis=1))


def hyperfine(times_a: Floats, times_b: Floats) -> Flags:
    """Apply Welch's t test at 5 %.

    hyperfine's summary gives a ratio with a standard deviation and no decision; its README of "scripts" offers
    `welch_ttest.py` for one, which is the rule used here.
    """
    return np.asarray(stats.ttest_ind(times_a, times_b, axis=1, equal_var=False).pvalue < ALPHA)


def asv(times_a: Floats, times_b: Floats) -> Flags:
    """Require a Mann-Whitney U test at 0.2 % and medians apart by a factor of 1.1.

    asv documentation, "Commands", `asv compare` and `asv continuous`, option `--factor`; the test and its threshold are
    those of its module `asv.statistics`. `--interleave-rounds` is off by default.
    """
    p_values = stats.mannwhitneyu(times_a, times_b, axis=1).pvalue
    medians = np.median(times_b, axis=1) / np.median(times_a, axis=1)
    apart = (medians > ASV_FACTOR) | (medians < 1 / ASV_FACTOR)
    return np.asarray((p_values < ASV_P_THRESHOLD) & apart)


def criterion(times_a: Floats, times_b: Floats) -> Flags:
    """Require a bootstrap t test at 5 % and a 95 % interval of the change in the mean beyond 2 % either way.

    Criterion.rs book, "Analysis Process", section "Comparison", and "Command-Line Output", section "Change". The
    bootstrap of the t score draws both arms from the pooled runs; that of the change draws each arm from itself.
    """
    observed = _welch(
        times_a.mean(axis=1), times_a.var(axis=1, ddof=1), times_b.mean(axis=1), times_b.var(axis=1, ddof=1)
    )
    arm = times_a.shape[1]
    pooled = np.concatenate([times_a, times_b], axis=1)
    first, second = _resamples(2 * arm, arm, 0), _resamples(2 * arm, arm, 1)
    scores = _welch(*_moments(pooled, first), *_moments(pooled, second))
    p_values = (np.abs(scores) >= np.abs(observed)[:, np.newaxis]).mean(axis=1)
    changes = _moments(times_b, _resamples(arm, arm, 2))[0] / _moments(times_a, _resamples(arm, arm, 3))[0] - 1
    low, high = np.percentile(changes, [2.5, 97.5], axis=1)
    beyond = (low > CRITERION_NOISE_THRESHOLD) | (high < -CRITERION_NOISE_THRESHOLD)
    return np.asarray((p_values < ALPHA) & beyond)


RULES: dict[str, Rule] = {
    "pyperf": pyperf,
    "pytest-benchmark mean:10%": pytest_benchmark_mean,
    "pytest-benchmark min:5%": pytest_benchmark_min,
    "hyperfine": hyperfine,
    "asv": asv,
    "criterion": criterion,
}


def _welch(mean_a: Floats, variance_a: Floats, mean_b: Floats, variance_b: Floats) -> Floats:
    # Arms of equal size: the common factor sqrt(n) cancels in every comparison of scores.
    scores: Floats = (mean_b - mean_a) / np.sqrt(variance_a + variance_b)
    return scores


def _moments(times: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return mean and sample variance of each weighted resample, both of shape (campaigns, resamples)."""
    size = weights.sum(axis=1)
    mean = times @ weights.T / size
    variance = (times**2 @ weights.T / size - mean**2) * size / (size - 1)
    return mean, np.maximum(variance, np.finfo(np.float64).tiny)


@lru_cache(maxsize=8)
def _resamples(population: int, size: int, stream: int) -> Floats:
    """Return bootstrap weights, shape (resamples, population): how often each run is drawn."""
    rng = np.random.default_rng([_RESAMPLE_SEED, stream])
    return rng.multinomial(size, np.full(population, 1 / population), size=CRITERION_RESAMPLES).astype(np.float64)
