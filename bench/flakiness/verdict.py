"""What a diagnosis says of one flake, and the replay that proves it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bench.flakiness.conditions import Circumstances
from bench.flakiness.contrast import Contrast
from bench.flakiness.findings import FlakeClass, Role
from bench.model import FailedPhase

RUNS = 10
ENOUGH = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """Circumstances that make the test fail, perhaps only once in `attempts`, and how often that was seen.

    `single_failures` of `single_runs` are single processes, without the repetition.
    """

    circumstances: Circumstances
    attempts: int
    failures: int
    runs: int
    single_failures: int = 0
    single_runs: int = 0

    @property
    def missing(self) -> int:
        """Count the runs that a proof still needs."""
        return RUNS - self.runs

    @property
    def may_be_proven(self) -> bool:
        """Whether nine failures of ten are still within reach."""
        return self.runs < RUNS and self.runs - self.failures <= RUNS - ENOUGH

    @property
    def is_proven(self) -> bool:
        """Whether it failed at least 9 of 10 times."""
        return self.runs >= RUNS and self.failures >= ENOUGH

    def with_runs(self, failed: Sequence[bool]) -> "Replay":
        """Add runs of single processes."""
        runs, bad = len(failed), sum(failed)
        return replace(
            self,
            failures=self.failures + bad,
            runs=self.runs + runs,
            single_failures=self.single_failures + bad,
            single_runs=self.single_runs + runs,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What is known of one flake.

    `cause` names the polluter, the file or the files in words, and `key` is what flakes of one cause share.
    `left` is what the causes leave changed, as a watched run saw it. `alike` are further parameters of the
    same function that fail the same way and were not examined one by one.
    """

    test: str
    flake_class: FlakeClass
    role: Role = ""
    causes: tuple[str, ...] = ()
    cause: str = ""
    key: tuple[str, ...] = ()
    reason: str
    failure: FailedPhase | None
    replay: Replay | None
    contrast: Contrast | None = None
    left: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    bisection_runs: int = 0
