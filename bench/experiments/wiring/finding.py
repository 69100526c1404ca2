"""What the wiring of the suites does to a comparison of styles."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.paired.finding import ComparisonFinding, Metric
from bench.statistics import Comparison, Looks


@dataclass(frozen=True, slots=True, kw_only=True)
class PairFinding:
    """Both styles in one wiring: the candidate over the baseline."""

    wiring: str
    title: str
    backend: str
    metric: Metric
    is_crossed: bool
    comparison: ComparisonFinding


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectFinding:
    """What one choice does, as a mean over the balanced wirings.

    With `contender` the effect is that of the choice in this contender: the time with level `to` over that with level
    `of`. Without, it is the change of the candidate's ratio to the baseline (an interaction of style and choice), and
    for the choice "style" that ratio itself. `aliased_with` are the products of other choices that these wirings
    cannot tell from it. `comparison` is None below two whole blocks.
    """

    choice: str
    of: str
    to: str
    contender: str
    backend: str
    metric: Metric
    aliased_with: tuple[str, ...]
    comparison: Comparison | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFinding:
    """One contender in one wiring: the median of its times, in seconds."""

    contender: str
    wiring: str
    title: str
    backend: str
    seconds: float
    tests_seconds: float
    trials: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BestPair:
    """The fastest wiring of each style on a backend, by the median, and how the two compare in the blocks."""

    backend: str
    baseline: str
    candidate: str
    comparison: ComparisonFinding


@dataclass(frozen=True, slots=True, kw_only=True)
class WiringFinding:
    """Every wiring in both styles, what each choice does, and the best against the best."""

    contenders: tuple[str, str]
    titles: Mapping[str, str]
    looks: Looks
    pairs: tuple[PairFinding, ...]
    effects: tuple[EffectFinding, ...]
    cells: tuple[CellFinding, ...]
    best: tuple[BestPair, ...]
    noise_floor: tuple[ComparisonFinding, ...]

    @property
    def comparisons(self) -> tuple[ComparisonFinding, ...]:
        """List the comparisons that say whether the machine was fit."""
        return self.noise_floor

    def of(self, backend: str, metric: str) -> tuple[PairFinding, ...]:
        """List the pairs of one backend in one metric."""
        return tuple(pair for pair in self.pairs if (pair.backend, pair.metric) == (backend, metric))
