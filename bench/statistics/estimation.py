"""A ratio with its interval, cross-check and warnings."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from bench.statistics.fewest import fewest_blocks
from bench.statistics.interval import (
    Interval,
    hodges_lehmann,
    interval_of_means,
    mean_and_sd,
    t_interval,
)
from bench.statistics.log_ratio import LARGEST_LOG_RATIO, Floats, as_log_ratios
from bench.statistics.subset import p_of_means, subset_means

# In 2,000 simulated Gaussian campaigns of 6 to 32 blocks the two centres never were a quarter of the interval
# apart; with 5 % of spiky blocks they were in up to a third of the campaigns.
_CENTRES_DISAGREE = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """How many times as long the contender takes as the baseline; all numbers are finite.

    `low` and `high` are None where the blocks are too few, `t_low` and `t_high` where the blocks have no
    spread (or the bounds no finite ratio), `log_sd`, the standard deviation of the block log-ratios, where
    there is only one block.
    """

    ratio: float
    low: float | None
    high: float | None
    confidence: float
    method: str
    mean_ratio: float
    t_low: float | None
    t_high: float | None
    p_value: float
    blocks: int
    log_sd: float | None
    warnings: tuple[str, ...]


def estimate(block_log_ratios: ArrayLike, *, confidence: float = 0.95) -> Estimate:
    """Return the Hodges-Lehmann ratio of one campaign with its subset-mean interval.

    `block_log_ratios` has shape (blocks,); see `block_log_ratios()` for how to make it.
    Raises ValueError if it is empty or holds a number that is not finite.
    """
    ratios = as_log_ratios(block_log_ratios)
    return estimate_of_means(ratios, subset_means(ratios), confidence=confidence)


def estimate_of_means(ratios: Floats, means: Floats, *, confidence: float) -> Estimate:
    """Return the estimate where the sorted subset means of `ratios` are at hand already."""
    interval = interval_of_means(means, blocks=ratios.size, confidence=confidence)
    check = t_interval(ratios, confidence=confidence)
    mean, sd = mean_and_sd(ratios)
    low, high = _as_ratios(interval)
    t_low, t_high = _as_ratios(check)
    return Estimate(
        ratio=math.exp(hodges_lehmann(ratios)),
        low=low,
        high=high,
        confidence=confidence,
        method="Hodges-Lehmann; " + (interval.method if interval else "no interval"),
        mean_ratio=math.exp(mean),
        t_low=t_low,
        t_high=t_high,
        p_value=p_of_means(means),
        blocks=ratios.size,
        log_sd=sd,
        warnings=tuple(_warnings(ratios, interval, check, confidence=confidence)),
    )


def _as_ratios(interval: Interval | None) -> tuple[float, float] | tuple[None, None]:
    # Student's interval of two or three wild blocks can reach beyond what exp() can express.
    if interval is None or max(abs(interval.low), abs(interval.high)) > 10 * LARGEST_LOG_RATIO:
        return None, None
    return math.exp(interval.low), math.exp(interval.high)


def _warnings(ratios: Floats, interval: Interval | None, check: Interval | None, *, confidence: float) -> Iterator[str]:
    blocks, level = ratios.size, f"{100 * confidence:.4g} %"
    if interval is None:
        needed = fewest_blocks(confidence)
        yield f"{blocks} blocks cannot give a {level} interval: at least {needed} are needed"
    if blocks > 1 and np.ptp(ratios) == 0:
        yield f"all {blocks} blocks gave the same log-ratio: there is no spread to judge them by"
    if interval and check and (0 in interval) != (0 in check):
        yield "the t interval and the subset-mean interval disagree on whether there is a difference"
    if interval and _centres_disagree(ratios, interval):
        yield "a few blocks stand apart: they carry the mean and widen the interval"


def _centres_disagree(ratios: Floats, interval: Interval) -> bool:
    apart = abs(mean_and_sd(ratios)[0] - hodges_lehmann(ratios))
    return apart > _CENTRES_DISAGREE * interval.length
