"""A class or module whose tests are meant to run in order is one root cause, not one for each of its tests."""

import math
from collections.abc import Sequence

from bench.flakiness import replay
from bench.flakiness.conditions import Circumstances, Order, only
from bench.flakiness.findings import FlakeClass
from bench.flakiness.notebook import Notebook, Steps
from bench.flakiness.outcomes import Observation, block_of, failed, failure, function_of, ran
from bench.flakiness.verdict import Diagnosis
from bench.model import Trial

LEAST_LINKS = 3
MOST_ALONE = 24
KEPT_IN_ORDER = ("module-order", "class-order")


def blocks(notebook: Notebook, suspects: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Group suspects of one class or module that pass as they are written: at least three different functions."""
    groups: dict[str, list[str]] = {}
    for test in suspects:
        natural = [failed(seen.trial, test) for seen in notebook.survey if not seen.is_shuffled]
        if natural and not any(natural):
            groups.setdefault(block_of(test), []).append(test)
    return {
        block: tuple(tests)
        for block, tests in groups.items()
        if len({function_of(test) for test in tests}) >= LEAST_LINKS
    }


def examine(notebook: Notebook, block: str, suspects: Sequence[str]) -> Steps[list[Diagnosis]]:
    """Run the block as it is written and backwards: what passes one way and fails the other needs its order.

    Tests that need nothing before them, and victims of their neighbours, are left for an examination of their own:
    each link of a chain fails alone.
    """
    forth = Circumstances(order=Order(of=block))
    back = Circumstances(order=Order(of=block, reverse=True))
    trials = yield from notebook.run_all([forth, back])
    links = [test for test in ran(trials[0]) if test in suspects and _is_turned(trials, test)]
    if len(links) >= LEAST_LINKS:
        links = yield from _failing_alone(notebook, links)
    if len(links) < LEAST_LINKS or not _follow_each_other(ran(trials[0]), links):
        return []
    first, last = links[0], links[-1]
    proof = yield from replay.prove(notebook, last, back)
    contrast = yield from replay.contrast(notebook, last, proof, forth, cause=f"with {block} backwards")
    if not contrast.is_shown:
        return []
    words = f"a chain in definition order: {_name(_before(ran(trials[0]), first))} to {_name(last)}"
    return [
        Diagnosis(
            test=test,
            flake_class=FlakeClass.ORDER,
            role="brittle",
            causes=(_before(ran(trials[0]), test),),
            cause=words,
            key=("chain", block),
            reason=f"{words}; each needs those before it",
            failure=failure([trials[1]], test),
            replay=proof if test == last else None,
            contrast=contrast if test == last else None,
        )
        for test in (last, *(link for link in links if link != last))
    ]


def _is_turned(trials: Sequence[Trial], test: str) -> bool:
    forth, back = (failed(trial, test) for trial in trials)
    return forth is False and back is True


def _failing_alone(notebook: Notebook, links: Sequence[str]) -> Steps[list[str]]:
    """Leave out those that pass alone; of a long chain a part is tried, evenly spread."""
    tried = links[:: math.ceil(len(links) / MOST_ALONE)]
    trials = yield from notebook.run_all([Circumstances(order=only(test)) for test in tried])
    passing = {test for test, trial in zip(tried, trials, strict=True) if not failed(trial, test)}
    return [test for test in links if test not in passing]


def is_explained(notebook: Notebook, test: str) -> bool:
    """Whether a link of a chain failed only where its chain was torn: not in trials that keep classes in order."""
    kept = [seen for seen in notebook.survey if _keeps_order(seen)]
    return not any(failed(seen.trial, test) for seen in kept)


def _keeps_order(seen: Observation) -> bool:
    orders = [name for name in seen.circumstances.names if name in KEPT_IN_ORDER]
    return bool(orders) or not seen.is_shuffled


def _follow_each_other(order: Sequence[str], links: Sequence[str]) -> bool:
    """Whether nearly all tests between the first and the last link are links: a chain has few loose parts."""
    places = [order.index(test) for test in links]
    return len(links) >= 0.7 * (max(places) - min(places) + 1)


def _before(order: Sequence[str], test: str) -> str:
    return order[max(order.index(test) - 1, 0)]


def _name(test: str) -> str:
    return test.rpartition("::")[2]
