"""Hunts without processes: a fake suite says what each of its tests does under given circumstances."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest

from bench.flakiness.conditions import Circumstances
from bench.flakiness.outcomes import Observation
from bench.flakiness.specification import applied
from bench.model import ExecutedTest, FailedPhase, Outcome

Behaviour = Callable[[Circumstances, Sequence[str]], bool]
"""Whether a test passes under circumstances after the tests that ran before it."""


@dataclass
class FakeSuite:
    """Stands in for a suite and its processes; counts how often it was run."""

    make_trial: Callable[..., object]
    tests: Sequence[str]
    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    runs: list[Circumstances] = field(default_factory=list)
    facts: dict[str, list[str]] = field(default_factory=dict)

    def order(self, circumstances):
        wish = applied(circumstances).order
        rest = list(self.tests)
        if wish.seed is not None:
            rest.sort()
            random.Random(wish.seed).shuffle(rest)
        rest = rest[::-1] if wish.reverse else rest
        rest = [test for test in rest if test not in (*wish.then, *wish.without)]
        return [*rest[: len(rest) if wish.first is None else wish.first], *wish.then]

    def run(self, circumstances):
        self.runs.append(circumstances)
        told, failures, before = [], [], []
        for test in self.order(circumstances):
            good = self.behaviours.get(test, lambda *_: True)(circumstances, before)
            told.append(ExecutedTest(test, "passed" if good else "failed", 1000, 1000, 1000))
            failures += [] if good else [FailedPhase(test, "call", "/home/me/suite/test_it.py", 7, "assert 1 == 2")]
            before.append(test)
        return replace(
            self.make_trial(),
            tests=tuple(told),
            failures=tuple(failures),
            facts=self.facts,
            outcome=Outcome.FAILED if failures else Outcome.PASSED,
        )

    def answer(self, steps):
        """Answer every request of a generator with a trial and return what it returns."""
        try:
            circumstances = next(steps)
            while True:
                circumstances = steps.send(self.run(circumstances))
        except StopIteration as end:
            return end.value

    def survey(self, *circumstances):
        return [Observation(circumstances=each, trial=self.run(each)) for each in circumstances]


@pytest.fixture
def make_suite(make_trial):
    """Make a suite of `size` tests t000, t001 ... with these behaviours."""

    def make_suite(size=100, **behaviours):
        return FakeSuite(make_trial, [f"t{number:03}" for number in range(size)], behaviours)

    return make_suite


@pytest.fixture
def after():
    """Fail after all of these tests."""

    def after(*polluters):
        return lambda _, before: not set(polluters) <= set(before)

    return after


@pytest.fixture
def needs():
    """Fail unless this test ran before."""
    return lambda setter: lambda _, before: setter in before


@pytest.fixture
def under():
    """Fail under this condition."""
    return lambda condition: lambda circumstances, _: circumstances.condition != condition
