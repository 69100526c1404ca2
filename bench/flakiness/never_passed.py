"""A test that fails in every run of the whole suite is broken, or it depends on something that is the same in each.

It is run by itself, with only its file collected, with its class and with its file as they are written, before it
is called broken; and what it is called is a count with a bound.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.flakiness import order_effect, order_proof, replay
from bench.flakiness.bisection import minimal_cause
from bench.flakiness.conditions import Circumstances, Order, only
from bench.flakiness.findings import FlakeClass
from bench.flakiness.notebook import Notebook, Steps
from bench.flakiness.order_effect import Cause, Question
from bench.flakiness.outcomes import Observation, block_of, broken, failed, failure, file_of, usable
from bench.flakiness.verdict import Diagnosis

MOST_EXAMINED = 12
AGAIN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Exoneration:
    """A failing test passed after all: with only its own file collected, or in a run of fewer tests."""

    seen: Observation
    is_collection: bool


def candidates(notebook: Notebook) -> tuple[str, ...]:
    """Name the tests that never passed in the survey, at most a few of them, of different files first."""
    tests = broken(notebook.survey)
    firsts = {file_of(test): test for test in reversed(tests)}
    return tuple(dict.fromkeys([*reversed(firsts.values()), *tests]))[:MOST_EXAMINED]


def examine(notebook: Notebook, test: str, *, known: Sequence[Cause]) -> Steps[Diagnosis | None]:
    """Look for a run in which the test passes, and for what makes the difference; None if there is none."""
    found = yield from _exonerated(notebook, test)
    if found is None:
        return None
    if found.is_collection:
        return (yield from _collection(notebook, test))
    natural = next((seen for seen in notebook.survey if failed(seen.trial, test) and not seen.is_shuffled), None)
    passed_alone = found.seen.circumstances.order == only(test)
    question = Question(
        test=test, seen=natural if passed_alone and natural else found.seen, fails_alone=not passed_alone
    )
    effect = yield from order_effect.explain(notebook, question, known=known)
    return None if effect is None else (yield from order_proof.prove(notebook, test, effect))


def _exonerated(notebook: Notebook, test: str) -> Steps[Exoneration | None]:
    file, block = file_of(test), block_of(test)
    tried = [
        (Circumstances(order=only(test)), False),
        (Circumstances(order=Order(files=(file,), first=0, then=(test,))), True),
        *([(Circumstances(order=Order(of=block)), False)] if block != file else []),
        (Circumstances(order=Order(of=file)), False),
        (Circumstances(order=Order(of=file, files=(file,))), True),
    ]
    for circumstances, is_collection in tried:
        trials = yield from notebook.run_all([circumstances] * AGAIN)
        passed = [failed(trial, test) is False for trial in trials]
        if any(passed):
            seen = notebook.targeted[passed.index(True) - AGAIN]
            return Exoneration(seen=seen, is_collection=is_collection)
    return None


def _collection(notebook: Notebook, test: str) -> Steps[Diagnosis | None]:
    """Find the files whose collection makes the test fail; importing them is what leaves something behind."""
    own = file_of(test)
    files = [file for file in dict.fromkeys(file_of(each) for each in notebook.natural_order()) if file != own]

    def with_files(*others: str) -> Circumstances:
        return Circumstances(order=Order(files=(own, *others), first=0, then=(test,)))

    def shows(count: int, then: tuple[str, ...]) -> Steps[bool]:
        trial = yield from notebook.run(with_files(*files[:count], *then))
        return failed(trial, test) is True

    first_run = len(notebook.targeted)
    if not files or not (yield from shows(len(files), ())):
        return None
    causes = yield from minimal_cause(files, shows)
    runs = len(notebook.targeted) - first_run
    proof = yield from replay.prove(notebook, test, with_files(*causes))
    names = ", then ".join(causes)
    contrast = yield from replay.contrast(notebook, test, proof, with_files(), cause=f"where {names} is collected")
    if not causes or not contrast.is_shown:
        return None
    return Diagnosis(
        test=test,
        flake_class=FlakeClass.ORDER,
        role="victim",
        causes=causes,
        cause=f"importing {names}",
        key=("collection", *causes),
        reason=f"fails whenever {names} is collected, whether its tests run or not: importing it changes something",
        failure=failure([each.trial for each in reversed(notebook.targeted)], test),
        replay=proof,
        contrast=contrast,
        bisection_runs=runs,
    )


def count_of(notebook: Notebook, test: str) -> tuple[int, int]:
    """Count how often the test passed, and how often it ran, in all trials of the search."""
    seen = usable((*notebook.survey, *notebook.focused, *notebook.targeted))
    shown = [bad for each in seen if (bad := failed(each.trial, test)) is not None]
    return shown.count(False), len(shown)
