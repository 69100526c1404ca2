"""Mirrored blocks: a random permutation of the cells, then the same in reverse."""

from collections.abc import Sequence

from bench.model import Cell, TrialSpec
from bench.statistics import draw_block

Pair = tuple[Cell, Cell]
"""A baseline and its candidate under the same dependency set."""


def mirrored_block(
    cells: Sequence[Cell], *, experiment: str, seed: int, group: str, index: int, shard: int = 0
) -> tuple[TrialSpec, ...]:
    """Return the block `index` of a group; block 0 is the warm one: every cell once, its work counted.

    `group` keeps the draws of different backends and experiments apart; `shard` numbers the machine, from 1.
    """
    draw = draw_block(cells, seed=seed, group=group, index=index)
    is_warm = index == 0
    return tuple(
        TrialSpec(
            experiment=experiment,
            cell=cell,
            block=index,
            position=position,
            warmup=is_warm,
            counting=is_warm,
            hash_seed=draw.hash_seed,
            padding_bytes=draw.padding_bytes,
            shard=shard,
        )
        for position, cell in enumerate(draw.order[: len(cells)] if is_warm else draw.order)
    )
