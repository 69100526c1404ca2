"""Which whole-suite trials look for flakes, in which sequence: a fixed rotation, seeded, that any budget can cut.

What finds most comes first: orders (each seeded one followed by its own reverse), delays, pressure, the clock, chance. From
the third trial on, each has a hash seed of its own; in later rounds every condition gets a new seed.
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
    "schedule",
    "clock",
    "random-order",
    "random-order-reversed",
    "schedule",
    "clock",
    "one-core",
    "random-values",
    "pressure",
    "clock",
    "schedule",
    "loop-debug",
)
EXTRA = ("pool-null", "slow-database", "two-workers", "pool-one", "fresh-home", "hash-seed", "time-zone", PLAIN)


def rotation(seed: int, installed: Mapping[str, str], *, extra: bool = True) -> Iterator[Circumstances]:
    """Yield circumstances without end; conditions that do not fit what is installed are left out.

    `extra` conditions change how the suite is configured and stand in each round after the others.
    """
    rng = Random(f"{seed}/flakiness")  # noqa: S311 - a recorded schedule, not a secret
    uses: dict[str, int] = {}
    orders: list[int] = []
    while True:
        for name in (*ROTATION, *(EXTRA if extra else ())):
            if not REGISTRY[name].fits(installed):
                continue
            uses[name] = uses.get(name, -1) + 1
            if name == "random-order":
                orders.append(rng.randint(1, LARGEST_HASH_SEED))
            shuffled = name.startswith("random-order")
            yield Circumstances(
                condition=name,
                seed=orders[-1] if shuffled else uses[name],
                hash_seed=1 if name == PLAIN and uses[name] == 0 else rng.randint(1, LARGEST_HASH_SEED),
            )
