"""What an investigation asks for and what it is sent: blocks of stages, and their levels."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

import numpy as np

from bench.experiments.blame.chain import Stage
from bench.statistics.log_ratio import Floats

MOST_FAILURES = 2
"""A stage that fails this often cannot be measured; one failed trial drops its block and no more."""


class Phase(StrEnum):
    """What a block is for. Only blocks of the confirmation ever name a package."""

    DETECTION = "detection"
    SEARCH = "search"
    CONFIRMATION = "confirmation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One block of these stages in a random order; mirrored for times, once each for a failure."""

    phase: Phase
    stages: tuple[Stage, ...]
    mirrored: bool = True

    @property
    def trials(self) -> int:
        """Return how many trials of each contender the block takes."""
        return len(self.stages) * (2 if self.mirrored else 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A block's answer: of each stage the mean log time of its two trials, or whether the failure shows (1 or 0).

    For a ratio the level is the difference of two log times. `failed` are the stages of which no level could be had: a
    set that does not install, a suite that does not pass, a test that never ran.
    """

    levels: Mapping[Stage, float]
    failed: frozenset[Stage] = frozenset()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """How often a failure showed."""

    shows: int
    runs: int

    def __str__(self) -> str:
        return f"{self.shows} of {self.runs} runs"


Answer = TypeVar("Answer")
Blocks = Generator[Request, Measured, Answer]


@dataclass(slots=True, kw_only=True)
class Notebook:
    """All blocks of one investigation so far. Belongs to one generator; a resumed one writes the same again."""

    budget_seconds: float
    whole: list[tuple[Request, Measured]] = field(default_factory=list)
    failures: dict[Stage, int] = field(default_factory=dict)
    spent_seconds: float = 0.0
    trials: int = 0

    def block(self, phase: Phase, stages: tuple[Stage, ...], *, mirrored: bool = True) -> Blocks[bool]:
        """Ask for a block until it is whole; return False if one of its stages cannot be measured."""
        request = Request(phase=phase, stages=stages, mirrored=mirrored)
        while not self.unusable(stages):
            measured = yield request
            self.spent_seconds += measured.seconds
            self.trials += request.trials
            if not measured.failed:
                self.whole.append((request, measured))
                return True
            for stage in measured.failed:
                self.failures[stage] = self.failures.get(stage, 0) + 1
        return False

    def unusable(self, stages: tuple[Stage, ...]) -> bool:
        """Return whether one of the stages has failed too often."""
        return any(self.failures.get(stage, 0) >= MOST_FAILURES for stage in stages)

    def log_ratios(self, low: Stage, high: Stage, *, phase: Phase | None = None) -> Floats:
        """Return high minus low of every whole block (of one phase) that holds both stages."""
        return np.array(
            [
                measured.levels[high] - measured.levels[low]
                for request, measured in self.whole
                if (phase is None or request.phase is phase) and low in measured.levels and high in measured.levels
            ]
        )

    def occurrence(self, stage: Stage, *, phase: Phase | None = None) -> Occurrence:
        """Count in how many runs of a stage (of one phase) the failure shows."""
        runs = [
            measured.levels[stage]
            for request, measured in self.whole
            if stage in measured.levels and (phase is None or request.phase is phase)
        ]
        return Occurrence(shows=sum(level > 0 for level in runs), runs=len(runs))

    def affords(self, trials: int) -> bool:
        """Return whether so many more trials fit the budget, at the mean cost of those so far."""
        return self.spent_seconds + trials * self.spent_seconds / max(self.trials, 1) <= self.budget_seconds
