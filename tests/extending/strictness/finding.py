"""How the strict runs ended."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StrictnessFinding:
    """By contender: (runs that passed, runs)."""

    passed: dict[str, tuple[int, int]]
