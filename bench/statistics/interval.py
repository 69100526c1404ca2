"""Point estimates and intervals on the log scale."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from bench.statistics.fewest import RANK_SLACK, checked, fewest_blocks
from bench.statistics.log_ratio import Floats, as_log_ratios
from bench.statistics.subset import is_enumerated, subset_means


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A two-sided interval in the unit of the numbers it was made from."""

    low: float
    high: float
    confidence: float
    method: str

    def __contains__(self, number: float) -> bool:
        """Tell whether `number` lies in the closed interval."""
        return self.low <= number <= self.high

    @property
    def length(self) -> float:
        """Return `high - low`."""
        return self.high - self.low


def hodges_lehmann(block_log_ratios: ArrayLike) -> float:
    """Return the median of all pairwise means (i <= j) of the log-ratios of one campaign.

    J. L. Hodges, E. L. Lehmann (1963), "Estimates of location based on rank tests", Ann. Math. Statist.
    34(2), 598-611.
    """
    ratios = as_log_ratios(block_log_ratios)
    first, second = np.triu_indices(ratios.size)
    return float(np.median((ratios[first] + ratios[second]) / 2))


def mean_and_sd(block_log_ratios: ArrayLike) -> tuple[float, float | None]:
    """Return the mean and the sample standard deviation: None for one block, 0 for equal blocks."""
    ratios = as_log_ratios(block_log_ratios)
    # Rounding can push the mean of equal numbers one unit in the last place beyond them.
    mean = float(np.clip(ratios.mean(), ratios.min(), ratios.max()))
    if ratios.size < 2:
        return mean, None
    return mean, float(ratios.std(ddof=1)) if np.ptp(ratios) > 0 else 0.0


def subset_mean_interval(block_log_ratios: ArrayLike, *, confidence: float) -> Interval | None:
    """Return the exact inversion of the sign-flip test for one campaign; see `bench.statistics.subset`.

    None if there are fewer than `fewest_blocks(confidence)` blocks: no subset mean is then far enough out.
    """
    ratios = as_log_ratios(block_log_ratios)
    if ratios.size < fewest_blocks(confidence):
        return None
    return interval_of_means(subset_means(ratios), blocks=ratios.size, confidence=confidence)


def interval_of_means(means: Floats, *, blocks: int, confidence: float) -> Interval | None:
    """Return the interval from the k-th smallest to the k-th largest of the sorted subset means.

    With N means, k = floor(alpha / 2 * (N + 1)); None where that is zero. Several confidences can share the
    means.
    """
    rank = rank_of_bound(means.size, confidence=confidence)
    if rank < 1:
        return None
    subsets = f"all {means.size:,} subsets" if is_enumerated(blocks) else f"{means.size:,} seeded subsets"
    return Interval(
        low=float(means[rank - 1]),
        high=float(means[means.size - rank]),
        confidence=confidence,
        method=f"inverted sign-flip test, {subsets} of {blocks} blocks",
    )


def rank_of_bound(subsets: int, *, confidence: float) -> int:
    """Return k, the rank of the lower bound among the sorted means, counted from 1; 0 if there is none."""
    return math.floor((1 - checked(confidence)) / 2 * (subsets + 1) + RANK_SLACK)


def t_interval(block_log_ratios: ArrayLike, *, confidence: float) -> Interval | None:
    """Return Student's interval of the mean log-ratio; None without spread (one block, or equal blocks).

    A cross-check only: it assumes Gaussian blocks (Student 1908, "The probable error of a mean", Biometrika
    6(1), 1-25).
    """
    ratios = as_log_ratios(block_log_ratios)
    mean, sd = mean_and_sd(ratios)
    if not sd:
        return None
    half = t_quantile((1 - checked(confidence)) / 2, blocks=ratios.size) * sd / math.sqrt(ratios.size)
    return Interval(low=mean - half, high=mean + half, confidence=confidence, method="Student's t")


def t_quantile(tail: float, *, blocks: int) -> float:
    """Return the number that Student's t with `blocks - 1` degrees of freedom exceeds with probability `tail`."""
    # scipy.stats.t takes a hundred times as long to come to the same function.
    return -float(special.stdtrit(blocks - 1, tail))
