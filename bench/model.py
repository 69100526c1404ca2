"""The values that every stage speaks: contenders, cells, trial specifications and trials.

All are frozen. Durations are integer nanoseconds, sizes integer bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, NamedTuple

Style = Literal["sync", "async", "other"]
Size = Literal["smoke", "quick", "standard", "full"]
"""How a contender's tests are written; it decides mark and colour, never a number."""

Json = Any
"""A value of JSON: the one place for Any, converted at once where it is read."""

NO_BACKEND = "none"
BACKENDS = ("sqlite", "postgresql", NO_BACKEND)
BACKEND_TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", NO_BACKEND: "no database"}


class Outcome(StrEnum):
    """How a trial ended; only PASSED trials are ever timed."""

    PASSED = "passed"
    FAILED = "failed"
    COLLECTION_ERROR = "collection error"
    NO_TESTS = "no tests"
    USAGE_ERROR = "usage error"
    HUNG = "hung"
    KILLED = "killed by a signal"
    CRASHED = "ended without a result"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """One way of testing, as a pytest command; a row of the configuration.

    `twins` names the family of contenders that hold the same tests: only inside a family can
    work be proved equal and single tests be compared. `plugins` of None leaves pytest's plugin
    autoloading as it is; a tuple turns it off and names the plugins. `sources` are the files and folders
    whose text is counted as this suite's (simplicity); none leaves simplicity out. `beside` are further
    arguments for runs that are not timed: tests that are no twins, such as scenarios of concurrency.
    `compared_from` says, where it is not the smallest, from which profile on it is compared on a backend without
    being named.
    """

    id: str
    title: str
    style: Style
    record: str
    directory: str
    pytest_args: tuple[str, ...]
    environment: Mapping[str, str]
    plugins: tuple[str, ...] | None
    python: str | None
    dependency_set: str | None
    backends: tuple[str, ...]
    twins: str | None
    sources: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    compared_from: Mapping[str, Size] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """A contender with one thing changed: what is added to its arguments and its environment.

    In a factor study the change is what the time is compared by; in an attempt, whether the suite still works.
    """

    id: str
    title: str
    contender: str
    pytest_args: tuple[str, ...]
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Contender x dependency set x backend x perturbation: one thing that can be run.

    `copy` tells the second cell of an A/A pair (1) from the first (0).
    """

    contender: str
    dependency_set: str
    backend: str
    perturbation: str = "none"
    copy: int = 0

    @property
    def id(self) -> str:
        """Name the cell in journal, tables and messages."""
        perturbed = "" if self.perturbation == "none" else f"+{self.perturbation}"
        return f"{self.contender}@{self.backend}/{self.dependency_set}{perturbed}{'#copy' * self.copy}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialSpec:
    """What to run next: a cell at a place in the schedule, with the block's seeds.

    `arguments` and `environment` are added to the contender's own, `files` are written into the trial's scratch
    folder for texts that are too long for a variable; `counting` switches the
    probe's work counters on, which is never done in a trial that is timed.
    """

    experiment: str
    cell: Cell
    block: int
    position: int
    warmup: bool
    hash_seed: int
    padding_bytes: int
    counting: bool = False
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Identify the trial in its run: a resumed run skips the keys that the journal holds."""
        return f"{self.experiment}:{self.cell.backend}:{self.block}:{self.position}"


class ExecutedTest(NamedTuple):
    """One executed test: outcome and the nanoseconds of its three phases."""

    id: str
    outcome: str
    setup_ns: int
    call_ns: int
    teardown_ns: int

    @property
    def total_ns(self) -> int:
        """Add up the three phases."""
        return self.setup_ns + self.call_ns + self.teardown_ns


class FailedPhase(NamedTuple):
    """One failed phase of a test: where it crashed and with which message."""

    id: str
    phase: str
    path: str
    line: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Phases:
    """Where the wall time of a trial went, in nanoseconds; None where the probe never got there."""

    startup_ns: int | None
    collection_ns: int | None
    setup_ns: int
    call_ns: int
    teardown_ns: int
    exit_ns: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineReading:
    """The machine's load at one moment; None where the platform does not tell."""

    load_1min: float | None
    steal_ticks: int | None
    cpu_pressure_avg10: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One fresh-process run of a cell's suite, as the journal keeps it.

    `unfinished` names the test that was running when the process hung or died.
    """

    key: str
    experiment: str
    cell: Cell
    block: int
    position: int
    warmup: bool
    counting: bool
    outcome: Outcome
    exit_code: int | None
    signal: int | None
    started_unix_ns: int
    wall_ns: int
    cpu_user_ns: int
    cpu_system_ns: int
    peak_rss_bytes: int
    overhead_ns: int
    phases: Phases
    tests: tuple[ExecutedTest, ...]
    before: MachineReading
    after: MachineReading
    message: str
    facts: Mapping[str, Json]
    benchmarks: tuple[Mapping[str, Json], ...]
    failures: tuple[FailedPhase, ...] = ()
    unfinished: str = ""

    @property
    def cpu_ns(self) -> int:
        """Add user and system time."""
        return self.cpu_user_ns + self.cpu_system_ns
