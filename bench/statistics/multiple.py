"""Many claims at once: adjusted p-values, in the order in which the p-values came."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return p-values adjusted so that the chance of any false claim in the family stays below alpha.

    S. Holm (1979), "A simple sequentially rejective multiple test procedure", Scand. J. Stat. 6(2), 65-70.
    Own code because scipy has none, and statsmodels brings pandas along to take one running maximum.
    Raises ValueError if a p-value is not a number from 0 to 1.
    """
    family = _checked(p_values)
    order = np.argsort(family)
    stepped = np.maximum.accumulate(family[order] * np.arange(family.size, 0, -1))
    adjusted = np.empty_like(family)
    adjusted[order] = np.minimum(stepped, 1)
    return tuple(adjusted.tolist())


def benjamini_hochberg(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return p-values adjusted so that the expected share of false ones among the claims stays below alpha.

    Y. Benjamini, Y. Hochberg (1995), "Controlling the false discovery rate", J. R. Stat. Soc. B 57, 289-300.
    Raises ValueError if a p-value is not a number from 0 to 1.
    """
    family = _checked(p_values)
    return tuple(stats.false_discovery_control(family).tolist()) if family.size else ()


def _checked(p_values: Sequence[float]) -> NDArray[np.float64]:
    family = np.asarray(p_values, dtype=np.float64)
    if not ((family >= 0) & (family <= 1)).all():
        raise ValueError(f"p-values must lie between 0 and 1, got {list(p_values)}")
    return family
