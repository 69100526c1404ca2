"""Profiles: how much to measure, and for which experiments if not for all."""

from dataclasses import dataclass
from typing import Final, get_args

from bench.model import Size

SIZES: Final[tuple[Size, ...]] = get_args(Size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A budget and a size; each experiment decides what it plans for a size.

    `size` decides which contenders are compared without being named; with "full" nothing is left out. `only` names
    the experiments that the whole budget is for, () for all. `looks` are the numbers of blocks at which timings are
    judged, () for those of the size.
    """

    size: Size
    budget_seconds: float
    only: tuple[str, ...] = ()
    looks: tuple[int, ...] = ()


COMPARE: Final = "compare"
"""The profile of the command of that name: two suites against each other and nothing else."""

PROFILES: Final[dict[str, Profile]] = {
    "smoke": Profile(size="smoke", budget_seconds=80),
    "quick": Profile(size="quick", budget_seconds=10 * 60),
    "standard": Profile(size="standard", budget_seconds=20 * 60),
    "full": Profile(size="full", budget_seconds=60 * 60),
    COMPARE: Profile(size="quick", budget_seconds=10 * 60, only=("speed", "counting", "differences", "reliability")),
    "wiring": Profile(size="full", budget_seconds=40 * 60, only=("wiring",)),
    "faults": Profile(size="full", budget_seconds=60 * 60, only=("faults",)),
    "factors": Profile(size="full", budget_seconds=30 * 60, only=("factors",)),
    "flakiness": Profile(size="standard", budget_seconds=30 * 60, only=("flakiness",)),
}
