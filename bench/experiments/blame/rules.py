"""How an investigation decides; declared before the first trial, part of the plan."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Thresholds and block counts. `threshold` 0.05: a change of less than 5 % is not worth blaming.

    Only `alpha` and `placebo_alpha` bear on validity. The others steer: their defaults are those of the simulation in
    `bench.calibration.blame`, which prints what they cost and find.
    """

    threshold: float = 0.05
    alpha: float = 0.05
    placebo_alpha: float = 0.01
    budget_seconds: float = 3600.0
    detection_blocks: tuple[int, ...] = (6, 8, 12)
    search_blocks: tuple[int, ...] = (4, 6, 8)
    search_confidence: float = 0.75
    share_worth_following: float = 1 / 3
    most_units: int = 3
    confirmation_blocks: tuple[int, int] = (10, 12)

    @property
    def log_threshold(self) -> float:
        """Return the smallest change worth blaming, as a log-ratio."""
        return math.log1p(self.threshold)

    def worth(self, change: float) -> float:
        """Return the effect (a log-ratio) below which a half is left, given the whole change."""
        return max(self.log_threshold, self.share_worth_following * abs(change))
