"""What suites run under is noted in the counting trials of the timing: there is nothing to plan beside it."""

from dataclasses import dataclass

from bench.experiments.contract import Request

NAME = "differences"


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Say that what differs is listed."""


def plan(request: Request) -> Study | None:
    """List what differs where suites are timed against each other."""
    return None if request.alone or request.frame.dependency_sets else Study()
