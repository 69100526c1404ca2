"""Planned looks: when a campaign may be judged, and at which error rate."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from bench.statistics.fewest import fewest_blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """The block counts at which a campaign is judged, ascending, and the error rate all of them share.

    Each look gets alpha / number of looks, so the chance of any false alarm over all looks is at most
    alpha, whatever the dependence between them (Bonferroni; O. J. Dunn 1961, "Multiple comparisons among
    means", JASA 56(293), 52-64). `comparisons` are those that will be corrected together: a difference ends
    its comparison only if it will survive that, too.
    Raises ValueError if the looks do not ascend, or if the first has too few blocks to see anything.
    """

    blocks: tuple[int, ...] = (8, 16, 32)
    alpha: float = 0.05
    comparisons: int = 1

    def __post_init__(self) -> None:
        """Refuse a plan that could never be carried out."""
        if not 0 < self.alpha < 0.5:
            raise ValueError(f"alpha must lie between 0 and 0.5, got {self.alpha}")
        if not self.blocks or sorted(set(self.blocks)) != list(self.blocks):
            raise ValueError(f"looks must be ascending block counts, got {self.blocks}")
        needed = fewest_blocks(1 - self.alpha_per_look)
        if self.blocks[0] < needed:
            raise ValueError(f"the first look comes at {self.blocks[0]} blocks, but its share of alpha needs {needed}")

    @property
    def alpha_per_look(self) -> float:
        """Return the error rate of one look."""
        return self.alpha / len(self.blocks)

    @property
    def last(self) -> int:
        """Return the number of blocks of a campaign that is never resolved early."""
        return self.blocks[-1]

    def is_due(self, blocks: int) -> bool:
        """Tell whether a look is planned at exactly this many blocks."""
        return blocks in self.blocks

    def reached(self, blocks: int) -> int | None:
        """Return the block count of the latest planned look already reached, None before the first."""
        position = bisect_right(self.blocks, blocks)
        return self.blocks[position - 1] if position else None

    def following(self, blocks: int) -> int | None:
        """Return the block count of the next planned look after this many blocks, None after the last."""
        position = bisect_right(self.blocks, blocks)
        return self.blocks[position] if position < len(self.blocks) else None

    def number(self, blocks: int) -> int:
        """Return which look, counted from 1, a judgement at this many blocks uses up.

        A campaign cut short by its budget takes its next look early: the budget does not know the ratio, so
        that look still costs its own share of alpha and no more.
        """
        return min(bisect_left(self.blocks, blocks) + 1, len(self.blocks))
