"""What single factors cost."""

from dataclasses import dataclass

from bench.paired.finding import ComparisonFinding, Metric
from bench.statistics import Looks


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorFinding:
    """How much of a contender's time one factor explains: the contender with the change over the contender as it is.

    `change`, `change_low` and `change_high` are the relative change of the time, 0.25 for a quarter more; None
    where there is no estimate or no interval. The comparison has all the rest.
    """

    factor: str
    title: str
    contender: str
    backend: str
    metric: Metric
    change: float | None
    change_low: float | None
    change_high: float | None
    comparison: ComparisonFinding


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorsFinding:
    """Every factor, and the A/A pair of each backend."""

    looks: Looks
    factors: tuple[FactorFinding, ...]
    noise_floor: tuple[ComparisonFinding, ...]

    @property
    def comparisons(self) -> tuple[ComparisonFinding, ...]:
        """List the comparisons that say whether the machine was fit."""
        return self.noise_floor

    def comparison(self, contender: str, factor: str | None, backend: str, metric: str) -> ComparisonFinding | None:
        """Find the comparison of a contender with itself, changed in one factor."""
        wanted = (contender, factor, backend, metric)
        found = (f.comparison for f in self.factors if (f.contender, f.factor, f.backend, f.metric) == wanted)
        return next(found, None)
