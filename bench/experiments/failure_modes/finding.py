"""How the cells of the grid ended."""

from dataclasses import dataclass

from bench.experiments.failure_modes.grid import Grid


@dataclass(frozen=True, slots=True, kw_only=True)
class SetGrid:
    """The grid of one dependency set on one database; `left_out` counts cells of batches that could not be run."""

    dependency_set: str
    grid: Grid
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureModesFinding:
    """Every grid, and why a batch could not be run."""

    grids: tuple[SetGrid, ...]
    failures: tuple[str, ...]
