"""How few blocks can give an interval; it needs no arrays, so that a plan can ask for it."""

import math
from typing import Final

# (1 - 0.95) / 2 is 0.025000000000000022 in binary; without this a rank that is a whole number could round
# down.
RANK_SLACK: Final = 1e-9


def fewest_blocks(confidence: float) -> int:
    """Return the fewest blocks that can give an interval at this confidence: 6 for 95 %, 5 for 90 %."""
    alpha = 1 - checked(confidence)
    return max(1, math.ceil(math.log2(2 / alpha) - RANK_SLACK))


def checked(confidence: float) -> float:
    """Return the confidence; raise ValueError if it is none."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, got {confidence}")
    return confidence
