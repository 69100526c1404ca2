"""Who comes first: seeded delays where reality has them, and asyncio's debug mode."""

from bench.flakiness.conditions.condition import Applied, Condition
from bench.flakiness.findings import FlakeClass

DELAYS = Condition(
    name="schedule",
    title="seeded log-uniform delays at database, HTTP, thread and queue hand-overs",
    reveals=(FlakeClass.SCHEDULE, FlakeClass.RESOURCE),
    slowdown=3.0,
    apply=lambda seed: Applied(plugins=("twinbench_schedule",), environment={"TWINBENCH_SCHEDULE": str(seed)}),
)
# For replays: delays that are long beside the machine's own noise turn the same pairs round each time.
LONG_DELAYS = Condition(
    name="long-delays",
    title="the same delays, but long",
    reveals=(FlakeClass.SCHEDULE,),
    apply=lambda seed: Applied(
        plugins=("twinbench_schedule",),
        environment={"TWINBENCH_SCHEDULE": str(seed), "TWINBENCH_LONGEST_MS": "120-600"},
    ),
)
LOOP_DEBUG = Condition(
    name="loop-debug",
    title="asyncio's debug mode",
    reveals=(FlakeClass.INFRASTRUCTURE,),
    apply=lambda _: Applied(plugins=("twinbench_debug",)),
)
CONDITIONS = (DELAYS, LONG_DELAYS, LOOP_DEBUG)
