"""How often each suite runs with warnings as errors."""

from dataclasses import dataclass

NAME = "strictness"


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Every contender runs `times` on each backend."""

    times: int


def plan(request):
    """Run every suite twice."""
    return Study(times=2)


def announce(frame, study):
    """Say what is going to be run."""
    yield f"warnings as errors: each suite {study.times} times"
