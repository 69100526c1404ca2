"""Units in an order whose every prefix can be installed, and the stages between the two sets."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import NamedTuple


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageMove:
    """A package with both versions; '' where a set does not have it."""

    name: str
    old: str
    new: str

    @property
    def is_change(self) -> bool:
        """Return whether both sets have the package."""
        return bool(self.old and self.new)

    def __str__(self) -> str:
        return f"{self.name} {self.old or '(absent)'} -> {self.new or '(absent)'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Packages that move together, the one it is called after first; `because` says why units were merged."""

    packages: tuple[PackageMove, ...]
    quiet: bool = False
    weight: float = 1.0
    because: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name the unit after its first package, and say how many come along."""
        more = len(self.packages) - 1
        return self.packages[0].name + (f" (+{more})" if more else "")


class Stage(NamedTuple):
    """A dependency set between old and new: the units at their later version. `copy` 1 is a second build of it."""

    units: frozenset[int] = frozenset()
    copy: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Units in their order; `needs[i]` are the units that must have moved, too, wherever unit i has."""

    units: tuple[Unit, ...]
    needs: tuple[frozenset[int], ...]

    def __post_init__(self) -> None:
        """Refuse an order in which a unit comes before one that it needs."""
        if any(other >= place for place, needed in enumerate(self.needs) for other in needed):
            raise ValueError("a unit comes before one that it needs")

    def prefix(self, length: int) -> Stage:
        """Return the stage in which the first `length` units have moved."""
        return Stage(frozenset(range(length)))

    @property
    def old(self) -> Stage:
        """Return the stage in which nothing has moved."""
        return self.prefix(0)

    @property
    def new(self) -> Stage:
        """Return the stage in which everything has moved."""
        return self.prefix(len(self.units))

    @property
    def prefixes(self) -> tuple[Stage, ...]:
        """List the stages of the chain, from old to new."""
        return tuple(map(self.prefix, range(len(self.units) + 1)))

    def with_needs(self, group: Collection[int]) -> Stage:
        """Return the smallest stage in which the group has moved."""
        return Stage(frozenset(group).union(*(self.needs[unit] for unit in group)))

    def without(self, group: Collection[int]) -> Stage:
        """Return the largest stage in which nothing of the group has moved."""
        return Stage(frozenset(u for u in range(len(self.units)) if u not in group and not self.needs[u] & set(group)))

    def added(self, group: Collection[int]) -> tuple[Stage, Stage]:
        """Return the stages before and after the group moves, as early as it can."""
        after = self.with_needs(group)
        return Stage(after.units - set(group)), after

    def removed(self, group: Collection[int]) -> tuple[Stage, Stage]:
        """Return the stages before and after the group moves, as late as it can."""
        before = self.without(group)
        return before, Stage(before.units | set(group))

    def packages(self, stage: Stage) -> frozenset[str]:
        """Name the packages that a stage has as in the later set."""
        return frozenset(move.name for unit in stage.units for move in self.units[unit].packages)

    def merged(self, place: int, because: str) -> "Chain":
        """Join unit `place` with the one after it."""
        first, second = self.units[place : place + 2]
        one = Unit(
            packages=(*first.packages, *second.packages),
            quiet=first.quiet and second.quiet,
            weight=max(first.weight, second.weight),
            because=(*first.because, *second.because, because),
        )

        def moved(unit: int) -> int:
            return unit if unit <= place else unit - 1

        def carried(needs: Collection[int]) -> frozenset[int]:
            """Add to the needs of a unit that needs one of the two the other one, and what that needs."""
            both = self.needs[place] | self.needs[place + 1] | {place}
            needs = set(needs) | both if set(needs) & {place, place + 1} else needs
            return frozenset(map(moved, needs))

        joined = carried(self.needs[place] | self.needs[place + 1]) - {place}
        needs = (*self.needs[:place], joined, *map(carried, self.needs[place + 2 :]))
        return replace(self, units=(*self.units[:place], one, *self.units[place + 2 :]), needs=needs)


def confirmed(chain: Chain, why_not: Callable[[Stage, Chain], str]) -> Chain:
    """Return the chain with units merged until every stage on it goes together.

    `why_not` is a dry resolution: it returns why a stage does not go together, '' if it does. The ends are taken as
    they are: both sets are installed.
    """
    length = 1
    while length < len(chain.units):
        because = why_not(chain.prefix(length), chain)
        if because:
            first, second = chain.units[length - 1 : length + 1]
            chain = chain.merged(length - 1, f"{first.name} does not move without {second.name}: {because}")
        else:
            length += 1
    return chain
