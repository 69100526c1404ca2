"""What a claim may rest on, and what weighing it gives."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.findings import CellFinding, ComparisonFinding, FailureFinding, LayerFinding, Verdict
from bench.model import BACKEND_TITLES
from bench.simplicity import SuiteCount
from bench.statistics import Estimate, Interval, Looks


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

    def failure(self, contender: str | None, backend: str) -> FailureFinding | None:
        """Find how often a contender's trials failed on a backend."""
        return next((f for f in self.failures if (f.contender, f.backend) == (contender, backend)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A verdict with its evidence in words, its reason, and what would turn it.

    `p_value` is set where the verdict rests on a test of "no difference"; it is already adjusted for the
    planned looks, and Holm's correction still has to be applied.
    """

    verdict: Verdict
    numbers: str
    reason: str
    would_flip: str
    margin: float | None = None
    p_value: float | None = None


def not_measured(backend: str, reason: str) -> Weighed:
    """Say that there is nothing to weigh."""
    place = f"on {BACKEND_TITLES[backend]}, " if backend in ("sqlite", "postgresql") else ""
    return Weighed(
        verdict=Verdict.NOT_MEASURED, numbers="", reason=f"{place}{reason}", would_flip="a run that measures it"
    )


def ratio_words(estimate: Estimate) -> str:
    """Write a ratio with its interval, as "1.32x (98.3 % interval 1.20-1.45)"."""
    if estimate.low is None or estimate.high is None:
        plural = "block is" if estimate.blocks == 1 else "blocks are"
        return f"{estimate.ratio:.2f}x (no interval: {estimate.blocks} {plural} too few)"
    level = f"{estimate.confidence * 100:.3g} %"
    return f"{estimate.ratio:.2f}x ({level} interval {estimate.low:.2f}-{estimate.high:.2f})"


def seconds(duration: float) -> str:
    """Write a duration with a unit that suits its size."""
    return f"{duration:.3g} s" if duration >= 1 else f"{duration * 1000:.3g} ms"
