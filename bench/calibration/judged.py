"""Campaigns as this project judges them, with the very functions that judge real ones."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bench.calibration.campaign import Campaigns
from bench.statistics import ComparisonVerdict, Interval, Looks
from bench.statistics.comparison import classify
from bench.statistics.interval import interval_of_means
from bench.statistics.log_ratio import Floats
from bench.statistics.subset import subset_means

COVERAGE_BLOCKS = (6, 8, 12, 16, 32)
LOOKS = Looks()
MARGIN = 0.05
ALPHA = 0.05
_CHUNK = 32  # campaigns whose 65,536 subset means are in memory at once: 16 MiB

Pair = tuple[Interval | None, Interval | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Intervals of every campaign of a batch without a true difference: (1 - alpha, 1 - 2 alpha) by (blocks, alpha).

    A true difference moves every block log-ratio, and so both intervals, by its logarithm; a quieter machine shrinks
    both towards the truth. One pass over the subsets therefore answers every question.
    """

    campaigns: Campaigns
    pairs: dict[tuple[int, float], list[Pair]]

    def verdicts(
        self, blocks: int, *, alpha: float = ALPHA, difference: float = 1.0, quieter: float = 1.0
    ) -> list[ComparisonVerdict]:
        """Return the verdict on each campaign at this many blocks, were B `difference` times as slow as A."""
        shift = math.log(difference)
        return [
            classify(_moved(wide, shift, quieter), _moved(narrow, shift, quieter), margin=MARGIN)
            for wide, narrow in self.pairs[blocks, alpha]
        ]

    def verdicts_at_looks(
        self, *, difference: float = 1.0, quieter: float = 1.0
    ) -> list[tuple[ComparisonVerdict, ...]]:
        """Return the verdicts on each campaign at all planned looks, whether or not it would have stopped early."""
        looks = (
            self.verdicts(blocks, alpha=LOOKS.alpha_per_look, difference=difference, quieter=quieter)
            for blocks in LOOKS.blocks
        )
        return list(zip(*looks, strict=True))


def judge_all(campaigns: Campaigns) -> Judged:
    """Find the intervals of every campaign at every block count and error rate that the tables ask for."""
    plan = [(blocks, _alphas(blocks)) for blocks in COVERAGE_BLOCKS]
    pairs: dict[tuple[int, float], list[Pair]] = {(blocks, alpha): [] for blocks, alphas in plan for alpha in alphas}
    for blocks, alphas in plan:
        for means in _stacked_means(campaigns.block_log_ratios[:, :blocks]):
            for alpha in alphas:
                pairs[blocks, alpha].append(_pair(means, blocks=blocks, alpha=alpha))
    return Judged(campaigns=campaigns, pairs=pairs)


def _alphas(blocks: int) -> Sequence[float]:
    return (ALPHA, LOOKS.alpha_per_look) if LOOKS.is_due(blocks) else (ALPHA,)


def _stacked_means(block_log_ratios: Floats) -> Iterator[Floats]:
    for first in range(0, len(block_log_ratios), _CHUNK):
        yield from subset_means(block_log_ratios[first : first + _CHUNK])


def _pair(means: Floats, *, blocks: int, alpha: float) -> Pair:
    return (
        interval_of_means(means, blocks=blocks, confidence=1 - alpha),
        interval_of_means(means, blocks=blocks, confidence=1 - 2 * alpha),
    )


def _moved(interval: Interval | None, shift: float, quieter: float) -> Interval | None:
    if interval is None:
        return None
    return replace(interval, low=interval.low / quieter + shift, high=interval.high / quieter + shift)
