"""What analysis found: the one set of objects that the page, the summary and the JSON are drawn from.

Ratios are time of the rival over time of the baseline: 0.75 means the rival takes 0.75 times as long.
Durations are integer nanoseconds. A None is a number that could not be had; its reason stands in
the `warnings` or `notes` beside it. Nothing in here is NaN or infinite.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bench.flakiness.findings import FlakinessFinding
from bench.model import Json, Style
from bench.simplicity.counting import SuiteCount
from bench.statistics import ComparisonVerdict, Estimate

Metric = Literal["wall", "cpu", "setup"]


class Verdict(StrEnum):
    """What the evidence says of one claim."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    EQUIVALENT = "equivalent"
    INCONCLUSIVE = "inconclusive"
    INVALID = "invalid"
    NOT_MEASURED = "not measured"


class Decision(StrEnum):
    """What the verdicts say of the record."""

    STANDS = "stands"
    CHALLENGED = "challenged"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFinding:
    """One cell as it was measured: `median_*` are over its timed, passed trials."""

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
    median_cpu_ns: int | None
    median_peak_rss_bytes: int | None
    startup_ns: int | None
    collection_ns: int | None
    setup_ns: int | None
    call_ns: int | None
    teardown_ns: int | None
    exit_ns: int | None
    facts: Mapping[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonFinding:
    """A rival cell against the baseline of its backend, in one metric.

    `words` is the verdict as the reader meets it ("materially faster", "equivalent within ±5 %",
    "inconclusive: about 14 more blocks", "invalid: ..."). `estimate` is None when the comparison is
    invalid or holds fewer than two whole blocks. `is_noise_floor` marks the A/A comparison.
    """

    id: str
    backend: str
    baseline: str
    rival: str
    rival_contender: str
    rival_title: str
    rival_style: Style
    metric: Metric
    is_noise_floor: bool
    margin: float
    alpha: float
    looks: int
    estimate: Estimate | None
    verdict: ComparisonVerdict | None
    words: str
    invalid_because: tuple[str, ...]
    blocks: int
    blocks_needed: int | None
    detectable_ratio: float | None
    block_log_ratios: tuple[float, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPoint:
    """One trial on the time axis; `order` counts all trials of the run from 0."""

    order: int
    started_unix_ns: int
    cell: str
    contender: str
    style: Style
    backend: str
    block: int
    warmup: bool
    timed: bool
    outcome: str
    wall_ns: int
    cpu_ns: int
    load_1min: float | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinFinding:
    """One test in the baseline and in a rival of its family: medians over trials of all three phases.

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
    """The slowest test of a layer (unit, integration, api) in one cell, against the record's limit.

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
class FailureFinding:
    """How often a contender's trials failed on a backend, every timing trial counted, the A/A copy's too.

    Where it tells of trials under conditions that provoke flakes, `failed` counts those that showed one, in blocks
    that every contender finished: all met the same conditions equally often.

    `upper_bound` is the exact one-sided 95 % bound of the share of failing runs (Clopper-Pearson);
    `loop_errors` counts the trials whose failure speaks of event loops or greenlets.
    """

    contender: str
    backend: str
    trials: int
    failed: int
    upper_bound: float
    loop_errors: int
    first_message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MicroCost:
    """One small operation timed with pytest-benchmark in the subject environment.

    `median_ns` is the median over processes of the benchmark's own median; `low_ns` to `high_ns` the
    range over processes. Never mixed with whole-suite times.
    """

    name: str
    group: str
    style: Style
    backend: str
    median_ns: float
    low_ns: float
    high_ns: float
    processes: int
    rounds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExercisedFinding:
    """What a cell really exercised, counted in its one counting trial, which is never timed.

    `connections` counts database connections by driver, `threads` started threads by the module whose work they
    do. `portal_calls_per_request` are calls through TestClient's portal. `outside_share` is the share of the tests'
    time in which no request was inside the application and no call inside a database driver: client, fixtures and
    assertions. `floor_ns` is the least time that the same requests took inside the application, from the ASGI call
    to its return, in any contender that runs the application's own driver: no client, no fixture and no assertion
    is in it. `floor_ratio` is the cell's median wall time over it. One trial gives it, so it is rough.
    `sentences` say what is not exercised here and is elsewhere.
    """

    cell: str
    contender: str
    title: str
    style: Style
    backend: str
    requests: int
    connections: Mapping[str, int]
    event_loops: int
    threads: Mapping[str, int]
    portal_calls_per_request: float | None
    handed_across_threads: int
    application_ns: int
    database_ns: int
    outside_share: float | None
    floor_ns: int | None
    floor_ratio: float | None
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptFinding:
    """A contender with one thing changed, tried once and not timed: does its suite still work?"""

    attempt: str
    title: str
    contender: str
    backend: str
    outcome: str
    passed: bool
    tests: int
    failed_tests: tuple[str, ...]
    first_message: str


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
class ClaimFinding:
    """One statement of the record, weighed. `numbers` is the evidence in one line of text."""

    id: str
    statement: str
    section: str
    kind: str
    metric: str
    subject: str
    rival: str | None
    backend: str
    margin: float | None
    weight: Literal["decides", "informs"]
    goal: str
    verdict: Verdict
    numbers: str
    reason: str
    would_flip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativeFinding:
    """A rejected alternative against the selected one: goal to its standing.

    A standing is "better", "as good", "worse", "unknown" (measured without an answer) or "not measured".
    """

    contender: str
    goals: Mapping[str, str]
    overtakes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionFinding:
    """The decision sentence, its reasons, what would change it, and the alternatives goal by goal."""

    decision: Decision
    sentence: str
    reasons: tuple[str, ...]
    would_flip: tuple[str, ...]
    alternatives: tuple[AlternativeFinding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalLine:
    """One line of the first screen: a goal of the record, its number, its verdict word."""

    goal: str
    numbers: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinding:
    """The run itself, as the manifest and the journal tell it. `machine` maps a label to a text."""

    run_id: str
    started: str
    status: str
    seed: int
    profile: str
    harness_version: str
    revision: str
    plan_hash: str
    claims_hash: str
    amended_claims_hash: str | None
    trials: int
    blocks: Mapping[str, int]
    measured_seconds: float
    noise_floor_history: str = "no earlier A/A check"
    machine: Mapping[str, str]
    dependency_sets: Mapping[str, str]
    packages: Mapping[str, Mapping[str, str]]
    commands: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """Everything that is known after a run; `analysis.json` is this object and nothing else."""

    run: RunFinding
    decision: DecisionFinding
    goals: tuple[GoalLine, ...]
    claims: tuple[ClaimFinding, ...]
    cells: tuple[CellFinding, ...]
    comparisons: tuple[ComparisonFinding, ...]
    trials: tuple[TrialPoint, ...]
    twins: tuple[TwinFinding, ...]
    layers: tuple[LayerFinding, ...]
    failures: tuple[FailureFinding, ...]
    suites: Mapping[str, SuiteCount]
    micro_costs: tuple[MicroCost, ...]
    invalid_because: tuple[str, ...]
    left_out: tuple[str, ...]
    warnings: tuple[str, ...]
    exercised: tuple[ExercisedFinding, ...] = ()
    attempts: tuple[AttemptFinding, ...] = ()
    factors: tuple[FactorFinding, ...] = ()
    provoked: tuple[FailureFinding, ...] = ()
    flakiness: FlakinessFinding | None = None
