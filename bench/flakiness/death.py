"""A process that ends during another test each time: the test that was under way is innocent, one before it is not.

What ends the process may be a timer, a thread or a signal handler that a test left behind, and it may need the time
that other tests take. So tests are left out, half of the suspects at a time, and the rest of the suite runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bench.flakiness import replay
from bench.flakiness.conditions import Circumstances
from bench.flakiness.contrast import Contrast
from bench.flakiness.findings import FlakeClass
from bench.flakiness.notebook import Notebook, Steps
from bench.flakiness.outcomes import Observation, is_death, ran
from bench.flakiness.specification import order_of
from bench.flakiness.verdict import Diagnosis, Replay
from bench.model import FailedPhase, Trial

AGAIN = 2
MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Suite:
    """The whole suite as it was in a trial that ended early."""

    circumstances: Circumstances

    def without(self, tests: Sequence[str]) -> Circumstances:
        """Leave tests out, and everything else as it was."""
        order = order_of(self.circumstances)
        return replace(self.circumstances, order=replace(order, without=(*order.without, *tests)))


def examine(notebook: Notebook) -> Steps[Diagnosis | None]:
    """Name the test that ends the process although it has finished; None if no process ended elsewhere."""
    if not notebook.is_dying:
        return None
    deaths = [seen for seen in notebook.deaths if seen.is_whole]
    seen = min(deaths, key=lambda each: len(each.circumstances.settings))
    suite = _Suite(circumstances=replace(seen.circumstances, order=order_of(seen.circumstances)))
    culprit = yield from _culprit(notebook, suite, ran(seen.trial))
    proof = yield from _proof(notebook, suite)
    contrast = yield from _contrast(notebook, suite, culprit, proof)
    is_named = contrast.is_shown
    words = _words(deaths)
    return Diagnosis(
        test=culprit if is_named else deaths[0].trial.unfinished,
        flake_class=FlakeClass.PROCESS if is_named else FlakeClass.UNCLASSIFIED,
        causes=(culprit,) if is_named else (),
        cause=f"{culprit} leaves something behind that ends the process" if is_named else words,
        key=("death", culprit if is_named else ""),
        reason=f"{words}; {contrast.words}" if is_named else f"{words}; no single test was found that ends it",
        failure=_failure(seen.trial, culprit if is_named else seen.trial.unfinished),
        replay=proof,
        contrast=contrast if is_named else None,
    )


def _culprit(notebook: Notebook, suite: _Suite, suspects: Sequence[str]) -> Steps[str]:
    """Halve the suspects: where the process still ends without one half, the culprit is in the other."""
    while len(suspects) > 1:
        half = len(suspects) // 2
        is_dying = yield from _dies(notebook, suite.without(suspects[:half]))
        suspects = suspects[half:] if is_dying else suspects[:half]
    return suspects[0]


def _dies(notebook: Notebook, circumstances: Circumstances) -> Steps[bool]:
    trials = yield from notebook.run_all([circumstances] * AGAIN)
    return any(map(is_death, trials))


def _proof(notebook: Notebook, suite: _Suite) -> Steps[Replay]:
    proof = Replay(circumstances=notebook.as_run(suite.circumstances), attempts=1, failures=0, runs=0)
    while not proof.is_proven and proof.may_be_proven:
        trials = yield from notebook.run_all([suite.circumstances] * min(notebook.jobs, proof.missing))
        proof = proof.with_runs([is_death(trial) for trial in trials])
    return proof


def _contrast(notebook: Notebook, suite: _Suite, culprit: str, proof: Replay) -> Steps[Contrast]:
    found = Contrast(
        cause=f"with {culprit}", failures=proof.failures, runs=proof.runs, without_failures=0, without_runs=0
    )
    return (yield from replay.controlled(notebook, found, suite.without([culprit]), shows=is_death))


def _words(deaths: Sequence[Observation]) -> str:
    """Say how the process ends and where it was."""
    first = deaths[0].trial
    how = f"signal {first.signal}" if first.signal else f"status {first.exit_code}"
    tests = list(dict.fromkeys(seen.trial.unfinished for seen in deaths))
    more = f" and {len(tests) - MOST_NAMED} more" if len(tests) > MOST_NAMED else ""
    return f"the process ends with {how} during another test each time ({', '.join(tests[:MOST_NAMED])}{more})"


def _failure(trial: Trial, test: str) -> FailedPhase:
    return FailedPhase(test, "crash", "", 0, trial.message)
