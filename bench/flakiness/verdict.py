"""What a diagnosis says of one flake, and the replay that proves it."""

from dataclasses import dataclass

from bench.flakiness.conditions import Circumstances
from bench.flakiness.findings import FlakeClass, Role
from bench.model import FailedPhase

RUNS = 10
ENOUGH = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """Circumstances that make the test fail, perhaps only once in `attempts`, and how often that was seen."""

    circumstances: Circumstances
    attempts: int
    failures: int
    runs: int

    @property
    def is_proven(self) -> bool:
        """Tell whether it failed at least 9 of 10 times."""
        return self.runs >= RUNS and self.failures >= ENOUGH


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What is known of one flake."""

    test: str
    flake_class: FlakeClass
    role: Role
    causes: tuple[str, ...]
    reason: str
    failure: FailedPhase | None
    replay: Replay | None
    bisection_runs: int
