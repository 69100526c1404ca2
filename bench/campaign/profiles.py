"""Profiles: how much to measure, and for which experiment alone if for one."""

from dataclasses import dataclass
from typing import Final, get_args

from bench.model import Size

SIZES: Final[tuple[Size, ...]] = get_args(Size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A budget and a size; each experiment decides what it plans for a size.

    `size` decides which contenders are compared without being named; with "full" nothing is left out. `only` names
    the one experiment that the whole budget is for. `looks` are the numbers of blocks at which timings are judged, ()
    for those of the size.
    """

    size: Size
    budget_seconds: float
    only: str = ""
    looks: tuple[int, ...] = ()


PROFILES: Final[dict[str, Profile]] = {
    "smoke": Profile(size="smoke", budget_seconds=80),
    "quick": Profile(size="quick", budget_seconds=10 * 60),
    "standard": Profile(size="standard", budget_seconds=20 * 60),
    "full": Profile(size="full", budget_seconds=60 * 60),
    "wiring": Profile(size="full", budget_seconds=40 * 60, only="wiring"),
    "faults": Profile(size="full", budget_seconds=60 * 60, only="faults"),
    "factors": Profile(size="full", budget_seconds=30 * 60, only="factors"),
    "flakiness": Profile(size="standard", budget_seconds=30 * 60, only="flakiness"),
}
