"""What each machine of a sharded run measured."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.statistics import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineEffect:
    """A comparison of wall time on each machine by itself.

    `by_machine` maps the number of a shard to its estimate. `p_value` is that of a permutation test of "all machines
    have one ratio"; `depends` says that it is refused and that the machines differ by more than the margin.
    """

    backend: str
    baseline: str
    candidate: str
    by_machine: Mapping[int, Estimate]
    p_value: float
    depends: bool
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MachinesFinding:
    """The comparisons for which two machines or more ran at least two blocks."""

    effects: tuple[MachineEffect, ...]

    def depends(self, first: str | None, second: str | None, backend: str) -> MachineEffect | None:
        """Return the effect of a pair, whichever way round, if it depends on the machine."""
        pair = {first, second}
        found = (each for each in self.effects if {each.baseline, each.candidate} == pair and each.backend == backend)
        return next((each for each in found if each.depends), None)
