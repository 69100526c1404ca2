"""Which whole-suite trials look for flakes, in which sequence: a fixed rotation, seeded, that any budget can cut.

What finds most comes first: orders (each seeded one followed by its own reverse), delays, pressure, the clock,
chance. Each trial has a hash seed of its own; in later rounds every condition gets a new seed.
"""

from collections.abc import Iterator, Mapping
from random import Random

from bench.flakiness.conditions import PLAIN, REGISTRY, Circumstances
from bench.statistics.schedule import LARGEST_HASH_SEED

ROTATION = (
    PLAIN,
    "reverse-order",
    "schedule",
    "random-order",
    "random-order-reversed",
    "pressure",
    "midnight",
    "random-values",
    "clock",
    "schedule",
    "clock",
    "pool-null",
    "schedule",
    "clock",
    "random-order",
    "pool-one",
    "pressure",
    "clock",
    "loop-debug",
    "schedule",
)
EXTRA = (
    "random-order-reversed",
    "slow-database",
    "one-core",
    "two-workers",
    "random-values",
    "clock",
    "fresh-home",
    "hash-seed",
    "time-zone",
    PLAIN,
)


def rotation(seed: int, installed: Mapping[str, str]) -> Iterator[Circumstances]:
    """Yield circumstances without end; conditions that do not fit what is installed are left out."""
    rng = Random(f"{seed}/flakiness")  # noqa: S311 - a recorded schedule, not a secret
    uses: dict[str, int] = dict.fromkeys(REGISTRY, seed % 1000)
    orders: list[int] = []
    while True:
        for name in (*ROTATION, *EXTRA):
            if not REGISTRY[name].fits(installed):
                continue
            uses[name] += 1
            if name == "random-order":
                orders.append(rng.randint(1, LARGEST_HASH_SEED))
            shuffled = name.startswith("random-order")
            yield Circumstances(
                condition=name,
                seed=orders[-1] if shuffled else uses[name],
                hash_seed=rng.randint(1, LARGEST_HASH_SEED),
            )
