"""Is it the order, and if so, whose fault is it? A controlled experiment: only the tests before differ."""

from collections.abc import Generator
from dataclasses import dataclass, replace

from bench.flakiness.bisection import Runs, minimal_cause
from bench.flakiness.conditions import PLAIN, Circumstances, only
from bench.flakiness.findings import Role
from bench.flakiness.notebook import ORDERS, SHUFFLED, Notebook
from bench.flakiness.outcomes import Observation, failed, ran
from bench.flakiness.specification import base_order
from bench.model import Trial

Answer = Generator[Circumstances, Trial, "OrderEffect | None"]
CONFIRMATIONS = 2
TRIED = 2
SUSPECTED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEffect:
    """A proven order dependence: after `causes` the outcome of the test turns. `runs` is what naming them cost."""

    role: Role
    causes: tuple[str, ...]
    circumstances: Circumstances
    runs: int


def find(notebook: Notebook, test: str, *, known: list[str]) -> Answer:
    """Look for an order effect on `test`; `known` causes of other tests are suspected first."""
    alone = yield from _alone(notebook, test, hash_seed=1)
    turned = notebook.survey_of(test, bad=not alone)
    # A turned outcome under another condition is that condition's doing until the order alone shows it.
    candidates = [seen for seen in turned if seen.condition in (*ORDERS, PLAIN)][:1] + [
        seen for seen in turned if seen.condition in SHUFFLED
    ][1:TRIED]
    for seen in candidates:
        effect = yield from _explain(notebook, test, seen, alone=alone, known=known)
        if effect is not None:
            return effect
    return None


def may_be_order(notebook: Notebook, test: str) -> bool:
    """Tell whether order could explain the outcomes: constant in natural order, another one somewhere else."""
    natural = {failed(seen.trial, test) for seen in notebook.survey if seen.condition in (PLAIN, "hash-seed")} - {None}
    shuffled = {failed(seen.trial, test) for seen in notebook.survey if seen.condition in ORDERS} - {None}
    return len(natural) == 1 and (len(shuffled) == 2 or bool(shuffled - natural) or natural == {True})


def _explain(notebook: Notebook, test: str, seen: Observation, *, alone: bool, known: list[str]) -> Answer:
    """Explain why the outcome in `seen` differs from the outcome `alone`."""
    order = base_order(seen.circumstances)
    before = ran(seen.trial)
    candidates = before[: before.index(test)]
    first_run = len(notebook.targeted)

    def shows(first: int, then: tuple[str, ...]) -> Runs:
        chosen = replace(order, first=first, then=(*then, test))
        circumstances = Circumstances(order=chosen, hash_seed=seen.circumstances.hash_seed)
        trial = yield from notebook.run(circumstances)
        return failed(trial, test) is not alone

    for _ in range(CONFIRMATIONS):
        same_hash = yield from _alone(notebook, test, hash_seed=seen.circumstances.hash_seed)
        if same_hash is not alone or not (yield from shows(len(candidates), ())):
            return None
    causes = yield from minimal_cause(candidates, shows, suspected=known[-SUSPECTED:])
    if not causes:
        return None
    replayed = only(*causes, test) if not alone else only(test)
    return OrderEffect(
        role="brittle" if alone else "victim",
        causes=causes,
        circumstances=Circumstances(order=replayed, hash_seed=seen.circumstances.hash_seed),
        runs=len(notebook.targeted) - first_run,
    )


def _alone(notebook: Notebook, test: str, *, hash_seed: int) -> Runs:
    """Tell whether the test fails when it runs alone."""
    trial = yield from notebook.run(Circumstances(order=only(test), hash_seed=hash_seed))
    return failed(trial, test) is True
