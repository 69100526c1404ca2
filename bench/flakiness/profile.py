"""Try suspicious tests under every condition, all together in one process: a run shows something of each."""

from collections.abc import Mapping, Sequence

from bench.flakiness.conditions import PLAIN, REGISTRY, only, under
from bench.flakiness.notebook import Notebook, Steps

# How often each condition is tried. Schedule and chance by several seeds: one of them is to become the replay.
ROUNDS: Mapping[str, int] = {
    PLAIN: 4,
    "random-values": 5,
    "schedule": 6,
    "pressure": 3,
    "clock": 5,
    "midnight": 2,
    "time-zone": 3,
    "one-core": 2,
    "loop-debug": 1,
    "slow-database": 1,
    "pool-one": 1,
    "pool-null": 1,
    "fresh-home": 1,
}


def run(notebook: Notebook, tests: Sequence[str], installed: Mapping[str, str]) -> Steps[None]:
    """Run `tests` under the conditions that fit; one that hangs or dies goes last in later rounds."""
    remaining = list(tests)
    rounds = [(name, seed) for seed in range(max(ROUNDS.values())) for name in ROUNDS if seed < ROUNDS[name]]
    for number, (name, seed) in enumerate(rounds):
        if not REGISTRY[name].fits(installed) or not remaining:
            continue
        trial = yield from notebook.run(under(name, seed, hash_seed=1000 + number, order=only(*remaining)))
        if trial.unfinished in remaining:
            remaining.remove(trial.unfinished)
            remaining.append(trial.unfinished)  # last, where it keeps nothing else from running
