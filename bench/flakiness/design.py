"""The design of a survey: each trial carries an order, delays, random values, a clock and more at once.

These axes do not touch each other, so one trial tries all of them; a diagnosis separates them afterwards. Trials are
drawn one after the other, each the candidate that brings most pairs of levels together that have not met yet
(D. M. Cohen, S. R. Dalal, M. L. Fredman, G. C. Patton 1997, "The AETG system: an approach to testing based on
combinatorial design", IEEE TSE 23(7)). Plain trials stay in the mix: only they bound the suite as it is.
"""

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from random import Random

from bench.flakiness.conditions import PLAIN, REGISTRY, Circumstances, Setting
from bench.statistics.schedule import LARGEST_HASH_SEED

NOTHING = ""
# Each level as often as it is to be drawn; what costs much or shows little is drawn less often.
AXES: Mapping[str, Mapping[str, int]] = {
    "order": {
        "random-order": 6,
        "random-order-reversed": 5,
        "nested-order": 2,
        "module-order": 2,
        "class-order": 2,
        NOTHING: 1,
    },
    "delays": {"schedule": 3, NOTHING: 1},
    "values": {"random-values": 3, NOTHING: 2},
    "clock": {"clock": 6, "midnight": 2, "time-zone": 1, NOTHING: 9},
    "load": {"pressure": 4, "one-core": 1, NOTHING: 13},
    "surroundings": {
        "pool-null": 2,
        "pool-one": 2,
        "loop-debug": 1,
        "fresh-home": 1,
        "slow-database": 1,
        "two-workers": 1,
        NOTHING: 12,
    },
}
# Chosen before anything is drawn: the suite as it is, then what each test leaves, then those first that leave it,
# then a busy machine, which no other axis replaces.
FIXED: tuple[tuple[str, ...], ...] = (
    (),
    ("watched", "reverse-order"),
    ("polluters-first", "clock"),
    ("polluters-first", "schedule", "random-values"),
    ("random-order", "pressure", "random-values"),
)
PLAIN_EVERY = 6
CANDIDATES = 40
EXCLUDED = (
    {"pressure", "schedule"},
    {"one-core", "pressure"},
    {"slow-database", "schedule"},
    {"pressure", "slow-database"},
)


def rotation(seed: int, installed: Mapping[str, str]) -> Iterator[Circumstances]:
    """Yield circumstances without end; conditions that do not fit what is installed are left out."""
    rng = Random(f"{seed}/flakiness")  # noqa: S311 - a recorded schedule, not a secret
    seeds = _Seeds(seed, rng)
    met: Counter[tuple[str, str]] = Counter()
    for number in itertools.count():
        if number < len(FIXED):
            names = FIXED[number]
        elif number % PLAIN_EVERY == 0:
            names = ()
        else:
            names = _drawn(rng, met, installed)
        met.update(_pairs(names))
        settings = tuple(seeds.setting(name) for name in names if REGISTRY[name].fits(installed))
        yield Circumstances(settings=settings, hash_seed=rng.randint(1, LARGEST_HASH_SEED))


class _Seeds:
    """Give each condition one seed after the other; a reversed order takes the seed of the order before it."""

    def __init__(self, seed: int, rng: Random) -> None:
        self._uses = dict.fromkeys(REGISTRY, seed % 1000)
        self._rng = rng
        self._order = seed % 1000

    def setting(self, name: str) -> Setting:
        self._uses[name] += 1
        if name in ("nested-order", "module-order", "class-order"):
            return Setting(name, self._rng.randint(1, LARGEST_HASH_SEED))
        if name == "random-order":
            self._order = self._rng.randint(1, LARGEST_HASH_SEED)
        return Setting(name, self._order if name.startswith("random-order") else self._uses[name])


def _drawn(rng: Random, met: Mapping[tuple[str, str], int], installed: Mapping[str, str]) -> tuple[str, ...]:
    candidates = [_candidate(rng, installed) for _ in range(CANDIDATES)]
    return max(candidates, key=lambda names: sum(1 / (1 + met.get(pair, 0)) for pair in _pairs(names)) / _price(names))


def _candidate(rng: Random, installed: Mapping[str, str]) -> tuple[str, ...]:
    while True:
        names = []
        for levels in AXES.values():
            fitting = [name for name in levels if not name or REGISTRY[name].fits(installed)]
            names += rng.choices(fitting, [levels[name] for name in fitting])
        chosen = tuple(name for name in names if name)
        if chosen and not any(excluded <= set(chosen) for excluded in EXCLUDED):
            return chosen


def _pairs(names: tuple[str, ...]) -> list[tuple[str, str]]:
    """List the pairs of levels that meet in a trial, each level with itself too."""
    return list(itertools.combinations_with_replacement(sorted(names or (PLAIN,)), 2))


def _price(names: tuple[str, ...]) -> float:
    """Expect what a trial costs beside a plain one; its fourth root, for what is dear shows what nothing else does."""
    return math.sqrt(math.sqrt(max((REGISTRY[name].slowdown for name in names), default=1.0)))
