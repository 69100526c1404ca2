"""What a run measured: one finding per experiment, and the run itself.

Ratios are time of the candidate over time of the baseline: 0.75 means the candidate takes 0.75 times as long.
Durations are integer nanoseconds. A None is a number that could not be had; its reason stands in
the `warnings` or `notes` beside it. Nothing in here is NaN or infinite.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bench.campaign.frame import Frame
from bench.model import Style

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPoint:
    """One trial on the time axis; `order` counts all trials of the run from 0.

    `timed` says that its time counts; `may_fail` that a failure is an answer of its experiment and not a defect.
    `as_ever` says that it passed, or failed in just the tests that fail in every trial of its suite.
    `stolen_share` is what the host gave to other guests, of all the time that the processors could have run.
    """

    order: int
    started_unix_ns: int
    experiment: str
    cell: str
    contender: str
    style: Style
    backend: str
    block: int
    warmup: bool
    timed: bool
    may_fail: bool
    outcome: str
    as_ever: bool
    wall_ns: int
    cpu_ns: int
    load_1min: float | None
    stolen_share: float | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinding:
    """The run itself, as the manifest and the journal report it. `machine` maps a label to a text."""

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
class Findings:
    """Everything that was measured.

    `by_experiment` holds the finding of each experiment of the plan by its name. `failed_analyses` maps an experiment
    whose analysis raised to the error: its section says so, and the others stay.
    """

    frame: Frame
    run: RunFinding
    trials: tuple[TrialPoint, ...]
    by_experiment: Mapping[str, Any]
    failed_analyses: Mapping[str, str] = field(default_factory=dict)
    notices: tuple[str, ...] = ()

    def of(self, kind: type[Found]) -> Found | None:
        """Return the finding of one type, None where its experiment is not in the plan."""
        return next((found for found in self.by_experiment.values() if isinstance(found, kind)), None)
