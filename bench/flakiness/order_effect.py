"""Is it the order, and if so, whose fault is it? A controlled experiment: only the tests before differ."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from bench.flakiness.bisection import minimal_cause, shortest
from bench.flakiness.conditions import Circumstances, Order, Setting, only
from bench.flakiness.findings import Role
from bench.flakiness.notebook import Notebook, Steps
from bench.flakiness.outcomes import Observation, block_of, failed, file_of, function_of, ran
from bench.flakiness.specification import base_order

SUSPECTED = 3
LEAST_SIBLINGS = 3
WATCHED = (Setting("watched"),)
MOST_LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Tests that together turn an outcome, in running order.

    Where `count` of the parameters of a `function` are needed, `tests` are the first of them, or none if they are
    too many to be listed; `is_any` where the last of them do as well.
    """

    tests: tuple[str, ...] = ()
    function: str = ""
    count: int = 0
    is_any: bool = False

    @property
    def words(self) -> str:
        """Name the tests for a sentence."""
        if not self.function:
            return ", then ".join(self.tests)
        return f"{'any' if self.is_any else 'the first'} {self.count} of {self.function}"

    @property
    def key(self) -> tuple[str, ...]:
        """Give what effects of the same cause share."""
        return ("counted", self.function) if self.function else self.tests

    def before(self, test: str) -> Order:
        """Run these tests and then `test`."""
        if self.function and (not self.tests or test in self.tests):
            return Order(of=self.function, first=self.count, then=(test,))
        return only(*self.tests, test)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEffect:
    """An order dependence: after `cause` the outcome of the test turns. `runs` is what naming it cost."""

    role: Role
    cause: Cause
    settings: tuple[Setting, ...]
    hash_seed: int
    runs: int

    def circumstances(self, test: str, *, is_failing: bool) -> Circumstances:
        """Give what makes the test fail, or the control that makes it pass."""
        is_alone = (self.role == "brittle") is is_failing
        order = only(test) if is_alone else self.cause.before(test)
        return Circumstances(settings=self.settings, order=order, hash_seed=self.hash_seed)


Answer: TypeAlias = Steps[OrderEffect | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Why is the outcome of `test` in `seen` another one than alone? `settings` are held constant meanwhile."""

    test: str
    seen: Observation
    fails_alone: bool
    settings: tuple[Setting, ...] = ()

    def with_order(self, order: Order) -> Circumstances:
        """Give the circumstances that differ from the observed ones in nothing but the order."""
        seen = self.seen.circumstances
        return Circumstances(
            settings=self.settings,
            order=order,
            hash_seed=seen.hash_seed,
            spared=tuple((name, tests) for name, tests in seen.spared if self.settings),
        )

    def is_turned(self, is_failed: bool | None, /) -> bool:  # noqa: FBT001  # the only argument
        """Whether an outcome is the one to be explained; a test that is skipped is neither."""
        return is_failed is not None and is_failed is not self.fails_alone


def explain(notebook: Notebook, question: Question, *, known: Sequence[Cause]) -> Answer:
    """Name the cause, or None where the order alone does not turn the outcome."""
    first_run = len(notebook.targeted)
    before = ran(question.seen.trial)
    candidates = before[: before.index(question.test)]
    order = base_order(question.seen.circumstances)
    whole = only(*candidates, question.test) if order.lead or order.of else replace(order, first=len(candidates))
    trials = yield from notebook.run_all(
        [
            question.with_order(replace(whole, then=whole.then or (question.test,))),
            question.with_order(only(question.test)),
        ]
    )
    confirmed, alone = (question.is_turned(failed(trial, question.test)) for trial in trials)
    if not confirmed or alone:
        return None
    cause = yield from _cause(notebook, question, candidates, order, known=known)
    if cause is None:
        return None
    return OrderEffect(
        role="brittle" if question.fails_alone else "victim",
        cause=cause,
        settings=question.settings,
        hash_seed=question.seen.circumstances.hash_seed,
        runs=len(notebook.targeted) - first_run,
    )


def _cause(
    notebook: Notebook, question: Question, candidates: Sequence[str], order: Order, *, known: Sequence[Cause]
) -> Steps[Cause | None]:
    for cause in list(known)[-SUSPECTED:]:
        if question.test not in cause.tests and (yield from _asks(notebook, question, cause.before(question.test))):
            return cause
    for pool in _pools(notebook, question.test, candidates):
        if (yield from _asks(notebook, question, only(*pool, question.test))):
            return (yield from _within(notebook, question, pool, Order(), is_listed=True))
    return (yield from _within(notebook, question, candidates, order, is_listed=bool(order.lead or order.of)))


def _pools(notebook: Notebook, test: str, candidates: Sequence[str]) -> list[tuple[str, ...]]:
    """Give the likely culprits: tests that leave something behind, then the class and the file of the test."""
    leaving = tuple(each for each in candidates if each in notebook.left)
    block = tuple(each for each in candidates if block_of(each) == block_of(test))
    file = tuple(each for each in candidates if file_of(each) == file_of(test))
    pools = [pool for pool in dict.fromkeys((leaving, block, file)) if 0 < len(pool) <= len(candidates) // 3]
    return sorted(pools, key=len)


def _within(
    notebook: Notebook, question: Question, candidates: Sequence[str], order: Order, *, is_listed: bool
) -> Steps[Cause | None]:
    """Find the cause among `candidates`, the tests that ran first in `order`; a listed prefix names its tests."""

    def shows(first: int, then: tuple[str, ...]) -> Steps[bool]:
        last = (*then, question.test)
        wish = only(*candidates[:first], *last) if is_listed else replace(order, first=first, then=last)
        return (yield from _asks(notebook, question, wish))

    end = yield from shortest(len(candidates), lambda count: shows(count, ()))
    last = candidates[end - 1]
    if (yield from shows(0, (last,))):
        return Cause(tests=(last,))
    counted = yield from _counted(notebook, question, last)
    if counted is not None:
        return counted
    tests = yield from minimal_cause(candidates[: end - 1], shows, found=(last,))
    return Cause(tests=tests) if tests else None


def _counted(notebook: Notebook, question: Question, cause: str) -> Steps[Cause | None]:
    """Count how many parameters of one function it takes; None if not all of them together turn the outcome."""
    function = function_of(cause)
    siblings = [each for each in notebook.natural_order() if function_of(each) == function and each != question.test]
    if len(siblings) < LEAST_SIBLINGS:
        return None

    def shows(count: int, *, reverse: bool = False) -> Steps[bool]:
        order = Order(of=function, reverse=reverse, first=count, then=(question.test,))
        return (yield from _asks(notebook, question, order))

    if not (yield from shows(len(siblings))):
        return None
    count = yield from shortest(len(siblings), shows)
    is_enough = yield from shows(count, reverse=True)
    is_less_enough = yield from shows(count - 1, reverse=True)
    return Cause(
        tests=tuple(siblings[:count]) if count <= MOST_LISTED else (),
        function=function,
        count=count,
        is_any=is_enough and not is_less_enough,
    )


def _asks(notebook: Notebook, question: Question, order: Order) -> Steps[bool]:
    trial = yield from notebook.run(question.with_order(order))
    return question.is_turned(failed(trial, question.test))
