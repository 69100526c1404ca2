"""From block log-ratios to a verdict on "is the contender faster, slower or the same?"."""

import math
from bisect import bisect_left
from dataclasses import dataclass, replace
from enum import StrEnum

from numpy.typing import ArrayLike

from bench.statistics.estimation import Estimate, estimate_of_means
from bench.statistics.fewest import fewest_blocks
from bench.statistics.interval import Interval, interval_of_means, rank_of_bound, t_quantile
from bench.statistics.log_ratio import LARGEST_LOG_RATIO, as_log_ratios
from bench.statistics.subset import subset_means

POWER = 0.8
# A plan longer than this is no plan; the cap also bounds the search.
MOST_BLOCKS = 1_000_000
_SMALLEST_MARGIN = 1e-6


class ComparisonVerdict(StrEnum):
    """What the blocks say of the contender against the baseline, strongest statement first."""

    MATERIALLY_FASTER = "materially faster"
    MATERIALLY_SLOWER = "materially slower"
    EQUIVALENT = "equivalent"
    FASTER = "faster, size unresolved"
    SLOWER = "slower, size unresolved"
    INCONCLUSIVE = "inconclusive"
    TOO_FEW_BLOCKS = "too few blocks"

    @property
    def is_different(self) -> bool:
        """Tell whether the verdict asserts a difference of any size."""
        return self in _DIFFERENT

    @property
    def is_resolved(self) -> bool:
        """Tell whether more blocks have nothing to add: the size is known against the margin."""
        return self in _RESOLVED


_RESOLVED = frozenset(
    {ComparisonVerdict.MATERIALLY_FASTER, ComparisonVerdict.MATERIALLY_SLOWER, ComparisonVerdict.EQUIVALENT}
)
_DIFFERENT = frozenset(
    {
        ComparisonVerdict.MATERIALLY_FASTER,
        ComparisonVerdict.MATERIALLY_SLOWER,
        ComparisonVerdict.FASTER,
        ComparisonVerdict.SLOWER,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A verdict with the numbers it rests on. Ratios are contender over baseline.

    `estimate` carries the 1 - alpha interval, `equivalence_low` and `equivalence_high` the 1 - 2 alpha
    interval of the two one-sided tests. `blocks_needed` counts further blocks and is None once the verdict
    is neither inconclusive nor for want of blocks. `detectable_ratio` is at least 1: a slowdown by that
    factor, or a speed-up by its inverse, would have been seen with 80 % power; None where no difference
    could.
    """

    verdict: ComparisonVerdict
    estimate: Estimate
    margin: float
    alpha: float
    equivalence_low: float | None
    equivalence_high: float | None
    blocks_needed: int | None
    detectable_ratio: float | None


def judge(block_log_ratios: ArrayLike, *, margin: float, alpha: float = 0.05) -> Comparison:
    """Judge one campaign against a margin declared beforehand (0.05 means 5 %).

    `alpha` is the error rate of this one look; `Looks.alpha_per_look` splits it over several.
    Raises ValueError for a margin or alpha out of range, and for log-ratios that are missing or not finite.
    """
    ratios = as_log_ratios(block_log_ratios)
    _check(margin=margin, alpha=alpha)
    means = subset_means(ratios)
    wide = interval_of_means(means, blocks=ratios.size, confidence=1 - alpha)
    narrow = interval_of_means(means, blocks=ratios.size, confidence=1 - 2 * alpha)
    verdict = classify(wide, narrow, margin=margin)
    summary = estimate_of_means(ratios, means, confidence=1 - alpha)
    sd = summary.log_sd or 0.0
    return Comparison(
        verdict=verdict,
        estimate=summary,
        margin=margin,
        alpha=alpha,
        equivalence_low=math.exp(narrow.low) if narrow else None,
        equivalence_high=math.exp(narrow.high) if narrow else None,
        blocks_needed=_still_needed(verdict, ratios.size, sd=sd, margin=margin, alpha=alpha),
        detectable_ratio=detectable_ratio(ratios.size, sd=sd, alpha=alpha) if wide else None,
    )


def classify(wide: Interval | None, narrow: Interval | None, *, margin: float) -> ComparisonVerdict:
    """Return the verdict from the 1 - alpha and the 1 - 2 alpha interval of the log-ratio.

    Equivalence is by two one-sided tests (D. J. Schuirmann 1987, "A comparison of the two one-sided tests
    procedure and the power approach", J. Pharmacokinet. Biopharm. 15(6), 657-680), symmetrical on the log
    scale.
    """
    bound = math.log1p(margin)
    if wide is None or narrow is None:
        return ComparisonVerdict.TOO_FEW_BLOCKS
    if wide.low > bound:
        return ComparisonVerdict.MATERIALLY_SLOWER
    if wide.high < -bound:
        return ComparisonVerdict.MATERIALLY_FASTER
    if -bound < narrow.low and narrow.high < bound:
        return ComparisonVerdict.EQUIVALENT
    if 0 in wide:
        return ComparisonVerdict.INCONCLUSIVE
    return ComparisonVerdict.SLOWER if wide.low > 0 else ComparisonVerdict.FASTER


def at_margin(comparison: Comparison, *, margin: float) -> Comparison:
    """Return the same estimate judged against another margin, without a look at the blocks.

    Raises ValueError for a margin out of range.
    """
    if margin == comparison.margin:
        return comparison
    _check(margin=margin, alpha=comparison.alpha)
    estimate = comparison.estimate
    wide = _log_interval(estimate.low, estimate.high, like=1 - comparison.alpha)
    narrow = _log_interval(comparison.equivalence_low, comparison.equivalence_high, like=1 - 2 * comparison.alpha)
    verdict = classify(wide, narrow, margin=margin)
    sd = estimate.log_sd or 0.0
    needed = _still_needed(verdict, estimate.blocks, sd=sd, margin=margin, alpha=comparison.alpha)
    return replace(comparison, verdict=verdict, margin=margin, blocks_needed=needed)


def _log_interval(low: float | None, high: float | None, *, like: float) -> Interval | None:
    if low is None or high is None:
        return None
    return Interval(low=math.log(low), high=math.log(high), confidence=like, method="")


def blocks_to_resolve(sd: float, *, margin: float, alpha: float) -> int:
    """Return the number of blocks after which no verdict is inconclusive, wherever the truth lies.

    `sd` is that of the block log-ratios. An interval that reaches no further than half the margin to either
    side either excludes "no difference" or lies inside the margin; Student's interval stands in for its
    length. At least `fewest_blocks`, at most `MOST_BLOCKS`.
    """
    _check(margin=margin, alpha=alpha)
    fewest = max(2, fewest_blocks(1 - alpha))

    def shrunk_reach(blocks: int) -> float:
        return -t_quantile(alpha / 2, blocks=blocks) * sd / math.sqrt(blocks)

    return fewest + bisect_left(range(fewest, MOST_BLOCKS), -math.log1p(margin) / 2, key=shrunk_reach)


def detectable_ratio(blocks: int, *, sd: float, alpha: float) -> float | None:
    """Return the smallest ratio (at least 1) that this many blocks see with 80 % power, if there is one.

    Power of the paired t test with the error rate that so few sign flips can attain (2 k / 2^n, not alpha),
    by the usual sum of the two quantiles (S. A. Julious 2004, "Sample sizes for clinical trials with Normal
    data", Stat. Med. 23, 1921-1986); the simulation in `bench.calibration` checks that the promise is kept.
    """
    if blocks < max(2, fewest_blocks(1 - alpha)):
        return None
    attained = attained_alpha(blocks, alpha=alpha)
    quantiles = t_quantile(attained / 2, blocks=blocks) + t_quantile(1 - POWER, blocks=blocks)
    exponent = quantiles * sd / math.sqrt(blocks)
    return math.exp(exponent) if exponent < LARGEST_LOG_RATIO else None


def attained_alpha(blocks: int, *, alpha: float) -> float:
    """Return the true error rate of the sign-flip test: the largest multiple of 2 / 2^n up to alpha."""
    assignments = float(2 ** min(blocks, 50))
    return 2 * rank_of_bound(int(assignments) - 1, confidence=1 - alpha) / assignments


def _still_needed(verdict: ComparisonVerdict, blocks: int, *, sd: float, margin: float, alpha: float) -> int | None:
    match verdict:
        case ComparisonVerdict.TOO_FEW_BLOCKS:
            return fewest_blocks(1 - alpha) - blocks
        case ComparisonVerdict.INCONCLUSIVE:
            return max(1, blocks_to_resolve(sd, margin=margin, alpha=alpha) - blocks)
        case _:
            return None


def _check(*, margin: float, alpha: float) -> None:
    if not _SMALLEST_MARGIN <= margin <= 1:
        raise ValueError(f"the margin must lie between {_SMALLEST_MARGIN:g} and 1 (1 means 100 %), got {margin}")
    if not 0 < alpha < 0.5:
        raise ValueError(f"alpha must lie between 0 and 0.5, got {alpha}")
