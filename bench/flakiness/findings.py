"""What the flakiness experiment and `python -m bench flakes` found: frozen values, None where nothing is known.

Rates are shares of trials between 0 and 1. A count of 0 failures always travels with its upper bound:
nothing is ever "not flaky".
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bench.model import Style


class FlakeClass(StrEnum):
    """Why a test flakes, as far as experiments show."""

    ORDER = "order-dependent"
    SCHEDULE = "schedule or race"
    RESOURCE = "resource"
    TIME = "time"
    CHANCE = "hash or random"
    INFRASTRUCTURE = "infrastructure"
    FILES = "files of an earlier run"
    PROCESS = "ends the process"
    UNCLASSIFIED = "unclassified"


Role = Literal["victim", "brittle", ""]
"""A victim fails after a polluter; a brittle test fails unless a state-setter ran before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionCount:
    """How often something failed under one condition.

    `low` and `high` are the exact 95 % interval; `upper` the one-sided 95 % bound. `p_value` is Fisher's
    exact test against the plain trials, after Holm over the family it stands in; None for plain itself.
    """

    condition: str
    failures: int
    trials: int
    low: float | None
    high: float | None
    upper: float | None
    p_value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayFinding:
    """A command that shows the flake again, and how often it did when it was run."""

    command: str
    failures: int
    runs: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContrastFinding:
    """How often a test failed with its cause and without it, and Fisher's exact one-sided p-value of both rates."""

    cause: str
    failures: int
    runs: int
    without_failures: int
    without_runs: int
    p_value: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlakeFinding:
    """One test of one cell that passed and failed with no change of code.

    `causes` are the polluters of a victim or the state-setters of a brittle test, in running order.
    `conditions` counts whole-suite trials; `reason` says in a sentence why the class was given.
    """

    test: str
    cell: str
    contender: str
    backend: str
    flake_class: FlakeClass
    role: Role
    causes: tuple[str, ...]
    cluster: str
    reason: str
    message: str
    conditions: tuple[ConditionCount, ...]
    diagnosis_runs: int
    bisection_runs: int
    replay: ReplayFinding | None
    contrast: ContrastFinding | None = None
    left: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterFinding:
    """Flakes of one root cause: the same polluter, or else the same fingerprint of the failure.

    `left` is the state that the polluter leaves, as far as a watched run saw it; `mend` a sentence, '' without one.
    """

    id: str
    flake_class: FlakeClass
    cause: str
    phase: str
    exception: str
    site: str
    message: str
    tests: tuple[str, ...]
    contenders: tuple[str, ...]
    replay: str
    left: tuple[str, ...] = ()
    mend: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverPassed:
    """A test that passed in no run: of the whole suite, alone, with its class, with its file.

    `upper` is the exact one-sided 95 % bound of the rate at which it passes.
    """

    test: str
    runs: int
    upper: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnseenFinding:
    """An estimate of the flakes that the survey has not shown yet, and the chance that its next run shows a new one.

    Chao's lower bound for incidence data (A. Chao 1987, "Estimating the population size for capture-recapture
    data with unequal catchability", Biometrics 43(4)), and the Good-Turing estimate (I. J. Good 1953, "The population
    frequencies of species and the estimation of population parameters", Biometrika 40).
    """

    seen: int
    once: int
    twice: int
    unseen: float
    next_run: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFlakiness:
    """One cell under all conditions: trials in which anything flaked.

    `words` is how the reader meets it, as "0/59, at most 5.0 %". `earlier_*` are trials of earlier runs with
    the same code and dependency set, which `words` and `upper` count in. `broken` are tests that never passed.
    Only trials of the whole suite count. `notes` are what the reader has to know of the suite: names that differ in
    each process, files that it leaves.
    """

    cell: str
    contender: str
    style: Style
    backend: str
    tests: int
    trials: int
    failures: int
    earlier_trials: int
    earlier_failures: int
    upper: float
    words: str
    conditions: tuple[ConditionCount, ...]
    flaky_tests: int
    broken: tuple[str, ...]
    hangs: tuple[str, ...]
    never_passed: tuple[NeverPassed, ...] = ()
    unseen: UnseenFinding | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FlakinessComparison:
    """Two contenders on one backend under the same conditions in the same number of trials.

    `p_value` is Fisher's exact two-sided test after Holm; `detectable_failures` is how many failing trials of
    the rival against none of the baseline would have been significant, None if not even all.
    """

    backend: str
    baseline: str
    rival: str
    condition: str
    baseline_failures: int
    baseline_trials: int
    rival_failures: int
    rival_trials: int
    p_value: float
    detectable_failures: int | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlakinessFinding:
    """Everything about flakiness: the grid (cells and flakes), clusters, replays, comparisons."""

    cells: tuple[CellFlakiness, ...]
    flakes: tuple[FlakeFinding, ...]
    clusters: tuple[ClusterFinding, ...]
    comparisons: tuple[FlakinessComparison, ...]
    suite_trials: int
    diagnosis_trials: int
    seconds: float
    warnings: tuple[str, ...]
