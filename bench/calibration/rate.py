"""How often something happened in the simulated campaigns, against what was promised."""

from dataclasses import dataclass
from enum import Enum

from scipy import stats

# A promise counts as broken if a method that just keeps it gives such a number in fewer than one simulation of 1,000.
# Some promises are kept exactly, not amply: half of their simulated numbers must lie beyond them.
CHANCE = 0.001


class Promise(Enum):
    """What a rate says of the promise made about it."""

    NONE = "no promise"
    KEPT = "kept"
    BEYOND = "beyond, but within simulation error"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`hits` of `runs` campaigns; `at_least` and `at_most` are promises as shares, None where there is none."""

    hits: int
    runs: int
    at_least: float | None = None
    at_most: float | None = None

    @property
    def share(self) -> float:
        """Return hits / runs, 0 without runs."""
        return self.hits / self.runs if self.runs else 0.0

    @property
    def promise(self) -> Promise:
        """Weigh the share against its promise."""
        if self.at_least is not None:
            chance = float(stats.binom.cdf(self.hits, self.runs, self.at_least))
            return _weighed(chance, is_kept=self.share >= self.at_least)
        if self.at_most is not None:
            chance = float(stats.binom.sf(self.hits - 1, self.runs, self.at_most))
            return _weighed(chance, is_kept=self.share <= self.at_most)
        return Promise.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rates by noise model: each row has one rate per column."""

    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Rate, ...]], ...]

    @property
    def broken(self) -> tuple[str, ...]:
        """Name the broken promises."""
        return tuple(
            f"{self.title}: {name}, {column}: {100 * rate.share:.1f} %"
            for name, rates in self.rows
            for column, rate in zip(self.columns, rates, strict=True)
            if rate.promise is Promise.BROKEN
        )


def _weighed(chance: float, *, is_kept: bool) -> Promise:
    if is_kept:
        return Promise.KEPT
    return Promise.BROKEN if chance < CHANCE else Promise.BEYOND
