"""Do several groups have one mean? A permutation test that assumes nothing about their distribution."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

PERMUTATIONS: Final = 9_999


def permutation_p(groups: Sequence[Sequence[float]], *, seed: int) -> float:
    """Return the p-value of "the groups have one mean", by random permutations of which value is whose.

    The statistic is the sum of squares between groups. The value counts the observed order among the permutations, so
    that it is never 0 and never too small (B. Phipson and G. K. Smyth 2010, "Permutation p-values should never be
    zero", Statistical Applications in Genetics and Molecular Biology 9(1), article 39). Raises ValueError for fewer
    than two groups or an empty one.
    """
    sizes = [len(group) for group in groups]
    if len(sizes) < 2 or min(sizes) == 0:
        raise ValueError("a comparison needs two groups, each with a value")
    values = np.concatenate([np.asarray(group, dtype=np.float64) for group in groups])
    ends = np.cumsum(sizes)
    observed = _between(values, ends)
    draw = np.random.default_rng(seed)
    # Equal orders must count as equal although sums of floats differ in their last digits.
    least = observed * (1 - 1e-9)
    as_large = sum(_between(draw.permutation(values), ends) >= least for _ in range(PERMUTATIONS))
    return float((as_large + 1) / (PERMUTATIONS + 1))


def _between(values: NDArray[np.float64], ends: NDArray[np.int64]) -> float:
    """Return the sum of squares between the groups that end at `ends`."""
    mean = values.mean()
    parts = np.split(values, ends[:-1])
    return float(sum(len(part) * (part.mean() - mean) ** 2 for part in parts))
