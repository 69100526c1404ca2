"""What a survey teaches about a suite: names that differ, files it leaves, tests that a condition breaks."""

import itertools
from collections.abc import Mapping, Sequence

from bench.flakiness.conditions import ORDERS
from bench.flakiness.outcomes import Observation, failed, function_of, verdicts
from bench.model import Outcome

FINISHED = (Outcome.PASSED, Outcome.FAILED)
LEAST_EACH = 2
BREAKING = ("clock", "midnight", "schedule", "random-values")


def hanging(seen: Sequence[Observation]) -> tuple[str, ...]:
    """Name the tests that hung: one hang is a result, and the next would only cost the other tests their run."""
    hung = dict.fromkeys(each.trial.unfinished for each in seen if each.trial.outcome is Outcome.HUNG)
    return tuple(test for test in hung if test)


def unstable_functions(seen: Sequence[Observation]) -> tuple[str, ...]:
    """Name the functions whose ids differ from process to process: an id of one trial that another one lacks."""
    whole = [each for each in seen if each.trial.outcome in FINISHED and each.is_whole]
    functions: dict[str, None] = dict.fromkeys(function for each in whole for function in each.circumstances.numbered)
    for first, second in itertools.pairwise(whole):
        if first.circumstances.numbered == second.circumstances.numbered:
            left_out = {*first.circumstances.without, *second.circumstances.without}
            names = [{test.id for test in each.trial.tests} for each in (first, second)]
            differing = (names[0] ^ names[1]) - left_out
            functions |= dict.fromkeys(sorted(function_of(test) for test in differing if "[" in test))
    return tuple(functions)


def unstable_tests(seen: Sequence[Observation]) -> int:
    """Count the tests whose names differ in each process."""
    functions = set(unstable_functions(seen))
    return max((sum(function_of(test.id) in functions for test in each.trial.tests) for each in seen), default=0)


def appeared(seen: Sequence[Observation]) -> tuple[str, ...]:
    """Name the files that trials left in the suite's folder."""
    changes = [change for each in seen for change in each.trial.facts.get("tree", ())]
    return tuple(dict.fromkeys(str(path) for sign, path in changes if sign == "+"))


def changed(seen: Sequence[Observation]) -> tuple[str, ...]:
    """Name the files that trials changed or removed."""
    changes = [change for each in seen for change in each.trial.facts.get("tree", ())]
    new = set(appeared(seen))
    return tuple(dict.fromkeys(str(path) for sign, path in changes if sign != "+" and path not in new))


def left_behind(seen: Sequence[Observation]) -> Mapping[str, tuple[str, ...]]:
    """Give for each test what a watched trial saw it leave, the first such trial for each."""
    found: dict[str, tuple[str, ...]] = {}
    for each in seen:
        for test, what in each.trial.facts.get("left", ()):
            found.setdefault(str(test), tuple(map(str, what)))
    return found


def spared(seen: Sequence[Observation]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Give by condition the tests that it breaks each time: they fail in all trials with it, in none without it.

    They have shown what they depend on there, and under it could show nothing else. At least two trials
    on each side say so.
    """
    whole = [each for each in seen if each.is_whole]
    tests = dict.fromkeys(test for each in whole for test, good in verdicts(each.trial).items() if not good)
    found: dict[str, list[str]] = {}
    for condition in BREAKING:
        for test in tests:
            exposed = [_fails(each, test) for each in whole if _is_exposed(each, condition, test)]
            calm = [_fails(each, test) for each in whole if not _is_exposed(each, condition, test)]
            bad, good = ([fails for fails in side if fails is not None] for side in (exposed, calm))
            if min(len(bad), len(good)) >= LEAST_EACH and all(bad) and not any(good):
                found.setdefault(condition, []).append(test)
    return tuple((condition, tuple(names)) for condition, names in found.items())


def polluters(seen: Sequence[Observation]) -> tuple[str, ...]:
    """Name the tests that leave something behind, in the order in which they ran."""
    return tuple(left_behind(seen))


def is_ordered(condition: str) -> bool:
    """Whether a condition is an order of tests."""
    return condition in ORDERS


def _fails(seen: Observation, test: str) -> bool | None:
    return failed(seen.trial, test)


def _is_exposed(seen: Observation, condition: str, test: str) -> bool:
    return condition in seen.circumstances.names and test not in dict(seen.circumstances.spared).get(condition, ())
