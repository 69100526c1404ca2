"""The random order of a block, and what its trials share: the hash seed and the padding of the environment.

Order is what makes the comparison valid: see `bench.statistics.subset`. Hash seed and environment size are
layout factors known to shift run times (T. Mytkowicz, A. Diwan, M. Hauswirth, P. F. Sweeney 2009,
"Producing wrong data without doing anything obviously wrong!", ASPLOS XIV, 265-276), so they are equal
inside a block and differ between blocks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Generic, TypeVar

LARGEST_HASH_SEED = 2**32 - 1
LARGEST_PADDING_BYTES = 4096

Cell = TypeVar("Cell")


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockDraw(Generic[Cell]):
    """Everything random about one block: the order of its trials and the layout they all share."""

    order: tuple[Cell, ...]
    hash_seed: int
    padding_bytes: int


def draw_block(cells: Sequence[Cell], *, seed: int, group: str, index: int) -> BlockDraw[Cell]:
    """Draw one block from the campaign's seed, the name of its group (a backend) and its index in the group.

    The same arguments always give the same block, whichever blocks were drawn before: a resumed campaign
    continues the plan it was interrupted in. Raises ValueError if the cells are not distinct.
    """
    rng = Random(f"{seed}/{group}/{index}")  # noqa: S311 - a recorded schedule, not a secret
    return BlockDraw(
        order=mirrored_order(cells, rng),
        hash_seed=rng.randint(1, LARGEST_HASH_SEED),  # 0 would switch hash randomisation off
        padding_bytes=rng.randint(0, LARGEST_PADDING_BYTES),
    )


def mirrored_order(cells: Sequence[Cell], rng: Random) -> tuple[Cell, ...]:
    """Return a uniformly random permutation of the cells followed by its reverse, which balances drift.

    Raises ValueError if the cells are not distinct.
    """
    if len(set(cells)) != len(cells):
        raise ValueError(f"the cells of a block must be distinct, got {list(cells)}")
    once = rng.sample(list(cells), k=len(cells))
    return (*once, *reversed(once))
