"""Try suspicious tests under every condition, all together in one process: a run tells something of each."""

from collections.abc import Generator, Mapping, Sequence

from bench.flakiness.conditions import PLAIN, REGISTRY, Circumstances, only
from bench.flakiness.notebook import Notebook
from bench.model import Trial

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
LEAST = 3


def run(
    notebook: Notebook, tests: Sequence[str], installed: Mapping[str, str]
) -> Generator[Circumstances, Trial, None]:
    """Run `tests` under the conditions that fit; one that hangs or dies is left out of later rounds."""
    remaining = list(tests)
    rounds = [(name, seed) for seed in range(max(ROUNDS.values())) for name in ROUNDS if seed < ROUNDS[name]]
    for number, (name, seed) in enumerate(rounds):
        if not REGISTRY[name].fits(installed) or not remaining or notebook.is_spent:
            continue
        circumstances = Circumstances(condition=name, seed=seed, hash_seed=1000 + number, order=only(*remaining))
        trial = yield from notebook.run(circumstances)
        if trial.unfinished in remaining:
            remaining.remove(trial.unfinished)
            remaining.append(trial.unfinished)  # last, where it keeps nothing else from running
