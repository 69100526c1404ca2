"""Turn trial durations into block log-ratios, the only numbers the paired analysis works on."""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]

# exp(50) is 5e21, beyond the ratio of the longest to the shortest duration a 64-bit nanosecond counter can
# hold (9e18). A larger log-ratio is a defect upstream, and refusing it here keeps every later exp() finite.
LARGEST_LOG_RATIO = 50.0


def block_log_ratios(baseline: ArrayLike, contender: ArrayLike) -> Floats:
    """Return `mean(log contender) - mean(log baseline)` of each block; positive means a slower contender.

    Both arguments have shape (blocks, runs per block) and the same unit, any unit: it cancels. The two runs
    of a mirrored block are averaged on the log scale, so a drift that is linear over the block cancels as
    well.

    Raises ValueError if the shapes differ or any duration is not a finite positive number.
    """
    logs_a, logs_b = _logarithms(baseline), _logarithms(contender)
    if logs_a.shape != logs_b.shape:
        raise ValueError(f"the arms have different shapes: {logs_a.shape} and {logs_b.shape} (blocks, runs)")
    differences: Floats = logs_b.mean(axis=1) - logs_a.mean(axis=1)
    return differences


def as_log_ratios(block_log_ratios: ArrayLike) -> Floats:
    """Return the log-ratios as a float array of shape (blocks,), or (runs, blocks) for a stack of campaigns.

    Raises ValueError if there is no block, or if any number is not finite or is beyond `LARGEST_LOG_RATIO`.
    """
    ratios = np.asarray(block_log_ratios, dtype=np.float64)
    if ratios.ndim not in {1, 2} or ratios.shape[-1] == 0:
        raise ValueError(f"expected log-ratios of at least one block, got an array of shape {ratios.shape}")
    if not np.isfinite(ratios).all():
        broken = np.count_nonzero(~np.isfinite(ratios))
        raise ValueError(f"{broken} of {ratios.size} log-ratios are not finite")
    if np.abs(ratios).max(initial=0.0) > LARGEST_LOG_RATIO:
        raise ValueError(f"a log-ratio of {np.abs(ratios).max():g} cannot come from two measured durations")
    return ratios


def _logarithms(durations: ArrayLike) -> Floats:
    table = np.asarray(durations, dtype=np.float64)
    if table.ndim != 2 or table.size == 0:
        raise ValueError(f"expected durations of shape (blocks, runs), got {table.shape}")
    if not (np.isfinite(table) & (table > 0)).all():
        raise ValueError("a duration is not a finite positive number, so it has no logarithm")
    logarithms: Floats = np.log(table)
    return logarithms
