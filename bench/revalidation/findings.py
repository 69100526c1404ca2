"""What a re-validation found: two analyses, and what differs between them.

As in `bench.findings`, nothing in here is NaN or infinite, and a None is a number that could not be had.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bench.claims.weighed import Verdict
from bench.experiments.fidelity.mirror import Turned
from bench.paired.finding import Metric
from bench.results import Results
from bench.statistics import ComparisonVerdict, Estimate
from bench.storage.history import HistoryLine

Standing = Literal["new", "gone", "under both"]
"""Whether a problem shows only after the upgrade, only before it, or before and after."""


class Transition(StrEnum):
    """What became of a claim's verdict."""

    HELD = "held"
    FLIPPED = "flipped"
    NEWLY_INCONCLUSIVE = "newly inconclusive"
    NEWLY_BROKEN = "newly broken"
    NEWLY_MEASURED = "newly measured"
    OPEN = "open before and after"


class Stage(StrEnum):
    """How far a dependency set came before something was wrong with it."""

    RESOLVE = "does not resolve"
    INSTALL = "does not install"
    LANDED = "is not what was locked"
    IMPORT = "does not import"
    COLLECT = "does not collect"
    WARNING = "warning turned error"
    TEST = "test fails"
    ENDED = "process ends"
    DEPRECATION = "deprecation"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageChange:
    """A package that differs between the sets; a version of '' means that the set does not have it."""

    name: str
    before: str
    after: str

    @property
    def kind(self) -> str:
        """Say what happened to it."""
        return "added" if not self.before else "removed" if not self.after else "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that is wrong with a dependency set, and a guess at the package behind it.

    `line` is the first line of the error. `package` is '' where nothing tells; `because` says what it rests on.
    `tests` counts the tests that failed so, of which `first_test` is one.
    """

    stage: Stage
    dependency_set: str
    standing: Standing
    contenders: tuple[str, ...]
    backends: tuple[str, ...]
    tests: int
    first_test: str
    line: str
    package: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFinding:
    """How the upgrade changed a rival's ratio, paired inside the block: a ratio of ratios.

    1.2 means that the rival, against the baseline, takes 1.2 times as long as it did before the upgrade. `before` and
    `after` are the estimates under each set; `estimate` is None where no block holds all four cells.
    """

    id: str
    backend: str
    rival_contender: str
    metric: Metric
    margin: float
    before: Estimate | None
    after: Estimate | None
    words_before: str
    words_after: str
    estimate: Estimate | None
    verdict: ComparisonVerdict | None
    words: str
    blocks: int
    blocks_needed: int | None
    detectable_ratio: float | None
    block_log_ratios: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimChange:
    """A claim judged under both sets. `change` says how its ratio changed, '' where it rests on none."""

    id: str
    statement: str
    backend: str
    weight: Literal["decides", "informs"]
    before: Verdict
    after: Verdict
    transition: Transition
    numbers_before: str
    numbers_after: str
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFinding:
    """One of the two sets: its name, the day up to which releases were considered ('' unknown), its hash."""

    name: str
    considered_until: str
    sha256: str
    python: str
    packages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Revalidation:
    """Everything about an upgrade; `sentence` says in words what it did to the decision.

    `before` and `after` are whole analyses. `may_flip` is False for a profile too small to change a decision.
    `unfit_because` says why no timing of the whole run counts. `turned` lists what a client shows otherwise.
    `history` holds the earlier re-validations on this machine and this one; `elsewhere` counts those of other machines.
    """

    sentence: str
    before_set: SetFinding
    after_set: SetFinding
    before: Results
    after: Results
    may_flip: bool
    claims: tuple[ClaimChange, ...]
    changes: tuple[ChangeFinding, ...]
    packages: tuple[PackageChange, ...]
    problems: tuple[Problem, ...]
    history: tuple[HistoryLine, ...]
    elsewhere: int
    history_notice: str
    unfit_because: tuple[str, ...]
    counts: Mapping[str, int]
    turned: tuple[Turned, ...] = ()
