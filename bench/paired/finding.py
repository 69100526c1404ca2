"""What two cells compared in blocks give."""

from dataclasses import dataclass
from typing import Literal

from bench.model import Style
from bench.statistics import Comparison, ComparisonVerdict, Estimate

Metric = Literal["wall", "cpu", "setup", "tests"]
"""`tests` adds up the three phases of all tests: what is left of `wall` without start, collection and exit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonFinding:
    """A candidate cell against the baseline of its backend, in one metric.

    `words` is the verdict as the reader meets it ("materially faster", "equivalent within ±5 %",
    "inconclusive: about 14 more blocks", "invalid: ..."). `comparison` is None when the comparison is
    invalid or holds no whole block. `is_noise_floor` marks the A/A comparison.
    """

    id: str
    backend: str
    baseline: str
    baseline_contender: str
    rival: str
    rival_contender: str
    rival_title: str
    rival_style: Style
    metric: Metric
    is_noise_floor: bool
    margin: float
    alpha: float
    looks: int
    comparison: Comparison | None
    words: str
    invalid_because: tuple[str, ...]
    blocks: int
    block_log_ratios: tuple[float, ...]

    @property
    def estimate(self) -> Estimate | None:
        """Return the ratio with its interval."""
        return None if self.comparison is None else self.comparison.estimate

    @property
    def verdict(self) -> ComparisonVerdict | None:
        """Return the verdict of the blocks."""
        return None if self.comparison is None else self.comparison.verdict

    @property
    def blocks_needed(self) -> int | None:
        """Return how many more blocks would resolve it, None where none are needed or nothing is known."""
        return None if self.comparison is None else self.comparison.blocks_needed

    @property
    def detectable_ratio(self) -> float | None:
        """Return the smallest ratio that would have been seen with 80 % power."""
        return None if self.comparison is None else self.comparison.detectable_ratio

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what travels with the number."""
        return () if self.comparison is None else self.comparison.estimate.warnings
