"""Distribution-free intervals of a median, for claims about a threshold ("a test takes less than 100 ms")."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from bench.statistics.interval import Interval


def median_interval(observations: ArrayLike, *, confidence: float = 0.95) -> Interval | None:
    """Return the interval between two order statistics that covers the median at least as often as asked.

    `observations` has shape (n,) and any unit, which the interval shares; they must be independent draws,
    so give it one number per trial, not one per repetition. None if n is too small: 95 % needs six.
    Raises ValueError if there are no observations or any is not finite.

    H. A. David, H. N. Nagaraja (2003), "Order Statistics", 3rd ed., section 7.1.
    """
    ordered = np.sort(np.asarray(observations, dtype=np.float64))
    if ordered.ndim != 1 or ordered.size == 0 or not np.isfinite(ordered).all():
        raise ValueError("expected at least one observation, all of them finite")
    beyond = _outside(ordered.size, confidence=confidence)
    if beyond < 1:
        return None
    return Interval(
        low=float(ordered[beyond - 1]),
        high=float(ordered[ordered.size - beyond]),
        confidence=confidence,
        method=f"order statistics {beyond} and {ordered.size - beyond + 1} of {ordered.size}",
    )


def _outside(size: int, *, confidence: float) -> int:
    """Return the largest rank whose order statistic exceeds the median with probability at most alpha / 2."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, got {confidence}")
    tails = stats.binom.cdf(np.arange(size // 2), size, 0.5)
    return int(np.count_nonzero(tails <= (1 - confidence) / 2))
