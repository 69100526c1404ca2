"""Who comes first: seeded delays where reality has them, and asyncio's debug mode."""

from bench.flakiness.conditions.condition import Applied, Condition
from bench.flakiness.findings import FlakeClass

DELAYS = Condition(
    name="schedule",
    title="seeded log-uniform delays at database, HTTP, thread and queue hand-overs",
    reveals=(FlakeClass.SCHEDULE, FlakeClass.RESOURCE),
    apply=lambda seed: Applied(plugins=("twinbench_schedule",), environment={"TWINBENCH_SCHEDULE": str(seed)}),
)
LOOP_DEBUG = Condition(
    name="loop-debug",
    title="asyncio's debug mode",
    reveals=(FlakeClass.INFRASTRUCTURE,),
    apply=lambda _: Applied(plugins=("twinbench_debug",)),
)
CONDITIONS = (DELAYS, LOOP_DEBUG)
