"""What the search for flakes found."""

from dataclasses import dataclass

from bench.experiments.reliability.finding import FailureFinding
from bench.flakiness.findings import FlakinessFinding


@dataclass(frozen=True, slots=True, kw_only=True)
class FlakeSearchFinding:
    """The search, and in how many of its trials each contender flaked where all met the same conditions."""

    search: FlakinessFinding
    provoked: tuple[FailureFinding, ...]
