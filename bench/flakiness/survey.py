"""The survey: which trials look for flakes, in which sequence.

First whole-suite trials in a fixed rotation that any budget can cut: what finds most comes first, orders (each seeded
one followed by its own reverse), delays, pressure, the clock, chance. Each trial has a hash seed of its own. Then, with
what is left of the runs, the tests that have something to delay or draw random values, and did not flip yet, are
run by themselves under more seeds: a suite run's worth of executions tries them many times.
"""

import itertools
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random

from bench.flakiness.conditions import PLAIN, REGISTRY, Circumstances, only
from bench.flakiness.outcomes import Observation, flipping
from bench.model import Outcome, Trial
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
    "pool-one",
    "pressure",
    "clock",
    "loop-debug",
)
EXTRA = (
    "schedule",
    "random-order",
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

FOCUSED_SHARE = 0.1
FOCUSED = ("schedule", "random-values", "schedule", "pressure")
NOTED = {"schedule": "delayed", "pressure": "delayed", "random-values": "random"}


def conduct(
    seed: int, installed: Mapping[str, str], *, suite_runs: int, budget_seconds: float
) -> Generator[Circumstances, Trial, tuple[Observation, ...]]:
    """Ask for the survey's trials: at most `suite_runs` times as many test executions as the suite has tests."""
    seen: list[Observation] = []
    whole = max(1, round(suite_runs * (1 - FOCUSED_SHARE)))
    for circumstances in itertools.islice(rotation(seed, installed), whole):
        if _seconds(seen) > budget_seconds:
            return tuple(seen)
        chosen = replace(circumstances, without=hanging(seen))
        seen.append(Observation(circumstances=chosen, trial=(yield chosen)))
    executions = (suite_runs - whole) * max((len(each.trial.tests) for each in seen), default=0)
    for number, name in enumerate(itertools.cycle(FOCUSED)):
        tests = concerned(seen, NOTED[name])
        executions -= max(len(tests), 1)
        if executions < 0 or _seconds(seen) > budget_seconds:
            break
        if tests:
            chosen = _focused(seed, number, name, tests)
            seen.append(Observation(circumstances=chosen, trial=(yield chosen)))
    return tuple(seen)


def hanging(seen: Sequence[Observation]) -> tuple[str, ...]:
    """Name the tests that hung: one hang is a result, and the next would only cost the other tests their run."""
    hung = dict.fromkeys(each.trial.unfinished for each in seen if each.trial.outcome is Outcome.HUNG)
    return tuple(test for test in hung if test)


def concerned(seen: Sequence[Observation], what: str) -> tuple[str, ...]:
    """Name the tests that a condition noted, without those that flipped already."""
    found = set(flipping(seen))
    noted = dict.fromkeys(test for each in seen for test in each.trial.facts.get(what, ()))
    return tuple(str(test) for test in noted if test not in found)


def _focused(seed: int, number: int, name: str, tests: Sequence[str]) -> Circumstances:
    return Circumstances(
        condition=name,
        seed=seed % 1000 + 100 + number,
        hash_seed=Random(f"{seed}/focused/{number}").randint(1, LARGEST_HASH_SEED),  # noqa: S311 - recorded
        order=only(*tests),
    )


def _seconds(seen: Sequence[Observation]) -> float:
    return sum(each.trial.wall_ns + each.trial.overhead_ns for each in seen) / 1e9


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
