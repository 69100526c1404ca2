"""How the tried changes ended."""

from dataclasses import dataclass


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
class AttemptsFinding:
    """Every change that was tried."""

    attempts: tuple[AttemptFinding, ...]

    def of(self, name: str, backend: str) -> AttemptFinding | None:
        """Find how an attempt ended on a backend."""
        return next((a for a in self.attempts if (a.attempt, a.backend) == (name, backend)), None)
