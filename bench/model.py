"""The values that every stage speaks: contenders, cells, trial specifications and trials.

All are frozen. Durations are integer nanoseconds, sizes integer bytes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal, NamedTuple

Style = Literal["sync", "async", "other"]
Size = Literal["smoke", "quick", "standard", "full"]
"""How a contender's tests are written; it decides mark and colour, never a number."""

Isolation = Literal["", "copy"]
"""What keeps a trial's files apart from those of others: nothing, or a copy of its directory."""

Json = Any
"""A value of JSON: the one place for Any, converted at once where it is read."""

NO_BACKEND = "none"
BACKENDS = ("sqlite", "postgresql", NO_BACKEND)
BACKEND_TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", NO_BACKEND: "no database"}


def on_backend(backend: str) -> str:
    """Say where something holds, as " on SQLite"; '' where there is no database to name."""
    return "" if backend == NO_BACKEND else f" on {BACKEND_TITLES.get(backend, backend)}"


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
    being named. What is not `searched` for flakes is another one's suite, wired otherwise.

    `inherit` names variables that trials take from the harness's own environment (`*` as in a shell); their values are
    not recorded. `before` is a command that runs in each trial's place before it, untimed. With `isolate` of "copy"
    each trial runs in a fresh copy of its directory.
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
    searched: bool = True
    inherit: tuple[str, ...] = ()
    before: str = ""
    isolate: Isolation = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A contender with one thing changed: what is added to its arguments and its environment.

    Where it is timed, the change is what the time is compared by; where it is tried, whether the suite still works.
    `backends` limits it to some of its contender's, () to none; `tried_from` is the smallest campaign that tries it.
    """

    id: str
    title: str
    contender: str
    pytest_args: tuple[str, ...]
    environment: Mapping[str, str]
    backends: tuple[str, ...] = ()
    tried_from: Size = "standard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Contender or variant x dependency set x backend: one thing that can be run.

    `variant` is "" for the contender as it is. `copy` tells the second cell of an A/A pair (1) from the first (0).
    """

    contender: str
    dependency_set: str
    backend: str
    variant: str = ""
    copy: int = 0

    @property
    def id(self) -> str:
        """Name the cell in journal, tables and messages."""
        changed = f"+{self.variant}" if self.variant else ""
        return f"{self.contender}@{self.backend}/{self.dependency_set}{changed}{'#copy' * self.copy}"


def contender_cell(contender: Contender, backend: str, *, copy: int = 0) -> Cell:
    """Return the cell of a contender as it is, or of its A/A copy."""
    return Cell(contender=contender.id, dependency_set=contender.dependency_set or "own", backend=backend, copy=copy)


def variant_cell(variant: Variant, contender: Contender, backend: str) -> Cell:
    """Return the cell of a contender with one thing changed."""
    return replace(contender_cell(contender, backend), variant=variant.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialSpec:
    """What to run next: a cell at a place in the schedule, with the block's seeds.

    `arguments` and `environment` are added to those of the contender, `files` are written into the trial's scratch
    folder for texts that are too long for a variable; `counting` switches the
    probe's work counters on, which is never done in a trial that is timed. With `script`, a path relative to
    the package `bench`, no pytest runs: the contender's interpreter runs that script with `arguments`, and what
    it writes to the file TWINBENCH_RESULT, one JSON object, becomes the trial's `result`. `answers` is what the
    trial is for, in the terms of its experiment: analysis reads it from here and never derives it again. It is killed
    after `timeout_seconds`, or after those of the campaign if they are fewer or this is 0. `shard` is the number of the
    machine that ran it, 0 where one ran all.
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
    script: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Json] = field(default_factory=dict)
    timeout_seconds: float = 0.0
    shard: int = 0

    @property
    def key(self) -> str:
        """Identify the trial in its run: a resumed run skips the keys that the journal holds."""
        machine = f":{self.shard}" if self.shard else ""
        return f"{self.experiment}:{self.cell.backend}:{self.block}:{self.position}{machine}"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One fresh-process run of a cell's suite, as the journal keeps it, with the whole specification it answers.

    `unfinished` names the test that was running when the process hung or died; `result` is the JSON object that
    a script wrote, None for a suite. `at_once` trials shared the machine: this one had its part of the time.
    """

    spec: TrialSpec
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
    result: Json = None
    at_once: int = 1

    @property
    def key(self) -> str:
        """Identify the trial in its run."""
        return self.spec.key

    @property
    def experiment(self) -> str:
        """Name the experiment that asked for the trial."""
        return self.spec.experiment

    @property
    def cell(self) -> Cell:
        """Return what ran."""
        return self.spec.cell

    @property
    def block(self) -> int:
        """Return the number of the trial's block, 0 for the warm one."""
        return self.spec.block

    @property
    def position(self) -> int:
        """Return the trial's place in its block."""
        return self.spec.position

    @property
    def warmup(self) -> bool:
        """Tell whether the trial belongs to the warm block."""
        return self.spec.warmup

    @property
    def counting(self) -> bool:
        """Tell whether the work was counted: then the time means nothing."""
        return self.spec.counting

    @property
    def cpu_ns(self) -> int:
        """Add user and system time."""
        return self.cpu_user_ns + self.cpu_system_ns

    @property
    def cost_ns(self) -> int:
        """Return what the trial took: its wall time and the harness's work around it."""
        return self.wall_ns + self.overhead_ns


def cost_seconds(trials: Iterable[Trial]) -> float:
    """Add up what trials took, each by itself."""
    return sum(trial.cost_ns for trial in trials) / 1e9


def spent_seconds(trials: Iterable[Trial]) -> float:
    """Add up what trials took from the budget: of a time in which several ran, each took its part."""
    return sum(trial.cost_ns / trial.at_once for trial in trials) / 1e9
