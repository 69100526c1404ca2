"""The counting trials are the warm block of the timing: there is nothing to plan beside it."""

from dataclasses import dataclass

from bench.experiments.contract import Request

NAME = "counting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Say that the work is counted."""


def plan(request: Request) -> Study | None:
    """Count where suites are timed."""
    return None if request.alone else Study()
