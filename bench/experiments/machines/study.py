"""Machines are compared by the blocks that each of them ran: there is nothing to plan beside the timing."""

from dataclasses import dataclass

from bench.experiments.contract import Request

NAME = "machines"


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Say that machines are compared, should there be several."""


def plan(request: Request) -> Study | None:
    """Compare machines where suites are timed against each other."""
    return None if request.alone or request.frame.dependency_sets else Study()
