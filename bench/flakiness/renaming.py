"""Trials that ran before it was known which ids differ in each process: their tests get the numbers of later trials."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bench.flakiness.outcomes import Observation, function_of
from bench.flakiness.specification import order_of
from bench.model import Json, Trial

LISTED = ("random", "delayed")


def renamed(seen: Sequence[Observation], functions: Sequence[str]) -> tuple[Observation, ...]:
    """Replace the parameters of `functions` by numbers, as the plugin does from then on.

    The numbers are those of collection: known where tests ran as they are written or backwards, or where a function has
    one test. Where they are not known, the tests are left out: they cannot be followed.
    """
    return tuple(
        each if set(functions) <= set(each.circumstances.numbered) else _renamed(each, functions) for each in seen
    )


def _renamed(seen: Observation, functions: Sequence[str]) -> Observation:
    names = _names(seen, [name for name in functions if name not in seen.circumstances.numbered])
    circumstances = replace(seen.circumstances, numbered=tuple(functions))
    return Observation(circumstances=circumstances, trial=_with(seen.trial, names))


def _names(seen: Observation, functions: Sequence[str]) -> dict[str, str]:
    """Map each old id to the new one, '' where it is not known."""
    order = order_of(seen.circumstances)
    names: dict[str, str] = {}
    for function in functions:
        tests = [test.id for test in seen.trial.tests if function_of(test.id) == function]
        is_known = len(tests) == 1 or (order.seed is None and not order.lead and not order.then)
        for number, test in enumerate(reversed(tests) if order.reverse else tests):
            names[test] = f"{function}[{number}]" if is_known else ""
    return names


def _with(trial: Trial, names: Mapping[str, str]) -> Trial:
    def name(test: str) -> str:
        return names.get(test, test)

    facts: dict[str, Json] = dict(trial.facts)
    if "left" in facts:
        facts["left"] = [[name(test), what] for test, what in facts["left"] if name(test)]
    for kind in LISTED:
        if kind in facts:
            facts[kind] = [name(test) for test in facts[kind] if name(test)]
    return replace(
        trial,
        tests=tuple(test._replace(id=name(test.id)) for test in trial.tests if name(test.id)),
        failures=tuple(each._replace(id=name(each.id)) for each in trial.failures if name(each.id)),
        unfinished=name(trial.unfinished),
        facts=facts,
    )
