"""What surrounds the suite: database, connection pool, workers, home folder."""

from bench.flakiness.conditions.condition import Applied, Condition
from bench.flakiness.findings import FlakeClass

STATEMENT_MS = "15"

SLOW_DATABASE = Condition(
    name="slow-database",
    title=f"each statement takes {STATEMENT_MS} ms longer",
    reveals=(FlakeClass.RESOURCE, FlakeClass.SCHEDULE),
    apply=lambda _: Applied(plugins=("twinbench_database",), environment={"TWINBENCH_STATEMENT_MS": STATEMENT_MS}),
    slowdown=10.0,
    packages=("sqlalchemy",),
)
POOL_ONE = Condition(
    name="pool-one",
    title="connection pools of size one",
    reveals=(FlakeClass.INFRASTRUCTURE, FlakeClass.RESOURCE),
    apply=lambda _: Applied(plugins=("twinbench_pool",), environment={"TWINBENCH_POOL": "one"}),
    packages=("sqlalchemy",),
)
POOL_NULL = Condition(
    name="pool-null",
    title="a new connection each time (NullPool)",
    reveals=(FlakeClass.INFRASTRUCTURE,),
    apply=lambda _: Applied(plugins=("twinbench_pool",), environment={"TWINBENCH_POOL": "null"}),
    packages=("sqlalchemy",),
)
WORKERS = Condition(
    name="two-workers",
    title="pytest-xdist with two workers",
    reveals=(FlakeClass.ORDER, FlakeClass.INFRASTRUCTURE),
    apply=lambda _: Applied(environment={"TWINBENCH_WORKERS": "2"}),
    packages=("pytest-xdist",),
)
FRESH = Condition(
    name="fresh-home",
    title="an empty home folder and cache",
    reveals=(FlakeClass.INFRASTRUCTURE,),
    apply=lambda _: Applied(
        environment={"HOME": "{scratch}", "XDG_CACHE_HOME": "{scratch}/cache", "XDG_CONFIG_HOME": "{scratch}/config"}
    ),
)
WATCHED = Condition(
    name="watched",
    title="what each test leaves changed is looked at between the tests",
    reveals=(FlakeClass.ORDER,),
    apply=lambda _: Applied(plugins=("twinbench_state",)),
    slowdown=2.0,
)
CONDITIONS = (SLOW_DATABASE, POOL_ONE, POOL_NULL, WORKERS, FRESH, WATCHED)
