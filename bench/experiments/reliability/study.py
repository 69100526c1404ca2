"""Failures are counted in the trials of other experiments: there is nothing to plan."""

from dataclasses import dataclass

from bench.experiments.contract import Request

NAME = "reliability"


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Say that failures are counted."""


def plan(request: Request) -> Study | None:
    """Count failures where suites are timed."""
    return None if request.alone else Study()
