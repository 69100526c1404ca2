"""What the timing found."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.model import Json, Style
from bench.paired.finding import ComparisonFinding
from bench.statistics import Interval, Looks


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFinding:
    """One cell as it was measured: `median_*` are over its timed, passed trials.

    `wall_interval` is the distribution-free interval of the median wall time in nanoseconds. `always_failing` are the
    tests that fail in every trial, which is then timed all the same.
    """

    cell: str
    contender: str
    title: str
    style: Style
    backend: str
    dependency_set: str
    is_copy: bool
    trials: int
    failed_trials: int
    tests: int
    median_wall_ns: int | None
    wall_interval: Interval | None
    median_cpu_ns: int | None
    median_peak_rss_bytes: int | None
    startup_ns: int | None
    collection_ns: int | None
    setup_ns: int | None
    call_ns: int | None
    teardown_ns: int | None
    exit_ns: int | None
    facts: Mapping[str, Json]
    always_failing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinFinding:
    """One test in the baseline and in a candidate of its family: medians over trials of all three phases.

    `ratio` is the Hodges-Lehmann estimate over blocks; `q_value` its Wilcoxon signed-rank p-value after
    Benjamini-Hochberg over the tests of one comparison (exploratory, never a verdict).
    """

    test: str
    layer: str
    backend: str
    rival_contender: str
    baseline_ns: int
    rival_ns: int
    ratio: float | None
    q_value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerFinding:
    """The slowest test of a layer (unit, integration, api) in one cell, against a limit.

    `slowest_low_ns` to `slowest_high_ns` is the distribution-free interval of its median over trials.
    """

    cell: str
    contender: str
    backend: str
    layer: str
    tests: int
    median_ns: int
    slowest_test: str
    slowest_ns: int
    slowest_low_ns: int | None
    slowest_high_ns: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedFinding:
    """Cells, comparisons with the baseline, single tests and the slowest of each layer."""

    looks: Looks
    cells: tuple[CellFinding, ...]
    comparisons: tuple[ComparisonFinding, ...]
    twins: tuple[TwinFinding, ...]
    layers: tuple[LayerFinding, ...]

    def cell(self, contender: str, backend: str) -> CellFinding | None:
        """Find the cell of a contender on a backend, not its A/A copy."""
        found = (c for c in self.cells if (c.contender, c.backend, c.is_copy) == (contender, backend, False))
        return next(found, None)

    def comparison(self, subject: str, rival: str | None, backend: str, metric: str) -> ComparisonFinding | None:
        """Find the comparison of a rival with the subject, where the subject was the baseline."""
        wanted = (subject, rival, backend, metric)
        return next(
            (
                c
                for c in self.comparisons
                if not c.is_noise_floor and (c.baseline_contender, c.rival_contender, c.backend, c.metric) == wanted
            ),
            None,
        )
