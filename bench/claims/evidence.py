"""What a claim may rest on, and what weighing it gives."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.claims.file import Under
from bench.findings import (
    AttemptFinding,
    CellFinding,
    ComparisonFinding,
    ExercisedFinding,
    FactorFinding,
    FailureFinding,
    LayerFinding,
    Verdict,
)
from bench.flakiness.findings import CellFlakiness, FlakeFinding, FlakinessFinding
from bench.simplicity.counting import SuiteCount
from bench.statistics import Interval, Looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that was measured; `suite_intervals` maps a cell to the interval of its median wall time."""

    backends: tuple[str, ...]
    comparisons: tuple[ComparisonFinding, ...]
    cells: tuple[CellFinding, ...]
    layers: tuple[LayerFinding, ...]
    failures: tuple[FailureFinding, ...]
    suites: Mapping[str, SuiteCount]
    suite_intervals: Mapping[str, Interval | None]
    unfit_because: tuple[str, ...]
    looks: Looks
    exercised: tuple[ExercisedFinding, ...] = ()
    attempts: tuple[AttemptFinding, ...] = ()
    factors: tuple[FactorFinding, ...] = ()
    provoked: tuple[FailureFinding, ...] = ()
    flakiness: FlakinessFinding | None = None

    def cell(self, contender: str, backend: str) -> CellFinding | None:
        """Find the cell of a contender on a backend, not its A/A copy."""
        found = (c for c in self.cells if (c.contender, c.backend, c.is_copy) == (contender, backend, False))
        return next(found, None)

    def comparison(self, subject: str, rival: str | None, backend: str, metric: str) -> ComparisonFinding | None:
        """Find the comparison of a rival with the subject, where the subject was the baseline."""
        found = (
            c
            for c in self.comparisons
            if not c.is_noise_floor
            and (c.rival_contender, c.backend, c.metric) == (rival, backend, metric)
            and c.baseline.startswith(f"{subject}@")
        )
        return next(found, None)

    def failure(self, contender: str | None, backend: str, *, under: Under = None) -> FailureFinding | None:
        """Find how often a contender's trials failed on a backend, `under` conditions if flakes were hunted."""
        failures = self.provoked if under and self.provoked else self.failures
        return next((f for f in failures if (f.contender, f.backend) == (contender, backend)), None)

    def flaking(self, contender: str, backend: str) -> CellFlakiness | None:
        """Find what the hunt of flakes counted in a contender on a backend."""
        cells = self.flakiness.cells if self.flakiness is not None else ()
        return next((c for c in cells if (c.contender, c.backend) == (contender, backend)), None)

    def flakes(self) -> tuple[FlakeFinding, ...]:
        """List every flake that was found."""
        return self.flakiness.flakes if self.flakiness is not None else ()

    def attempt(self, name: str, backend: str) -> AttemptFinding | None:
        """Find how an attempt ended on a backend."""
        return next((a for a in self.attempts if (a.attempt, a.backend) == (name, backend)), None)

    def exercise(self, contender: str | None, backend: str) -> ExercisedFinding | None:
        """Find what a contender really exercised on a backend."""
        return next((e for e in self.exercised if (e.contender, e.backend) == (contender, backend)), None)

    def factor(self, contender: str, factor: str | None, backend: str, metric: str) -> ComparisonFinding | None:
        """Find the comparison of a contender with itself, changed in one factor."""
        wanted = (contender, factor, backend, metric)
        found = (f.comparison for f in self.factors if (f.contender, f.factor, f.backend, f.metric) == wanted)
        return next(found, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A verdict with its evidence in words, its reason, and what would turn it.

    `p_value` is set where the verdict rests on a test of "no difference"; it is already adjusted for the
    planned looks, and Holm's correction still has to be applied. `more_blocks` is what to run if that
    correction withdraws the verdict.
    """

    verdict: Verdict
    numbers: str
    reason: str
    would_flip: str
    margin: float | None = None
    p_value: float | None = None
    more_blocks: int | None = None


def not_measured(reason: str) -> Weighed:
    """Say that there is nothing to weigh."""
    return Weighed(verdict=Verdict.NOT_MEASURED, numbers="", reason=reason, would_flip="a run that measures it")
