"""Chance: hash seeds and random values."""

from bench.flakiness.conditions.condition import Applied, Condition
from bench.flakiness.findings import FlakeClass

# The hash seed itself is drawn for every trial but the first ones; this names a trial that changes nothing else.
HASH_SEED = Condition(
    name="hash-seed", title="another hash seed", reveals=(FlakeClass.CHANCE,), apply=lambda _: Applied()
)
VALUES = Condition(
    name="random-values",
    title="seeded random values, many from the edge of a small range",
    reveals=(FlakeClass.CHANCE,),
    apply=lambda seed: Applied(plugins=("twinbench_chance",), environment={"TWINBENCH_CHANCE": str(seed)}),
)
CONDITIONS = (HASH_SEED, VALUES)
