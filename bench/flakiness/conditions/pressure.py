"""Scarce processors: what is usually fast enough, or usually in order, no longer is.

Noise beside a suite raised the recall of flaky tests from 65 % to 95 % at 96 % precision (D. Silva,
L. Teixeira, M. d'Amorim 2020, "Shake it! Detecting flaky tests caused by concurrency with Shaker", ICSME).
"""

from bench.flakiness.conditions.condition import Applied, Condition
from bench.flakiness.findings import FlakeClass

BURNERS = 4


def _scarce(seed: int, *, burners: int = 0, cores: int = 0) -> Applied:
    environment = {"TWINBENCH_SEED": str(seed), "TWINBENCH_BURNERS": str(burners)}
    pinned = {"TWINBENCH_CORES": str(cores)} if cores else {}
    return Applied(plugins=("twinbench_pressure",), environment=environment | pinned)


PRESSURE = Condition(
    name="pressure",
    title=f"{BURNERS} processes burn on one core beside the suite, which may use no other",
    reveals=(FlakeClass.RESOURCE, FlakeClass.SCHEDULE),
    apply=lambda seed: _scarce(seed, burners=BURNERS, cores=1),
    slowdown=BURNERS + 1.0,
)
HEAVY_PRESSURE = Condition(
    name="heavy-pressure",
    title="16 processes burn on the suite's only core",
    reveals=(FlakeClass.RESOURCE,),
    apply=lambda seed: _scarce(seed, burners=16, cores=1),
)
ONE_CORE = Condition(
    name="one-core",
    title="pinned to one core",
    reveals=(FlakeClass.RESOURCE, FlakeClass.SCHEDULE),
    apply=lambda seed: _scarce(seed, cores=1),
)
CONDITIONS = (PRESSURE, HEAVY_PRESSURE, ONE_CORE)
