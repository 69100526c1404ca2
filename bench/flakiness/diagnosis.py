"""Why does a test flake? Experiments on one suspicious test after the other, each explanation put to the test."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass

from bench.flakiness import order_effect, profile, replay
from bench.flakiness.conditions import Circumstances
from bench.flakiness.findings import FlakeClass, Role
from bench.flakiness.hypotheses import Hypothesis, hypotheses, worst
from bench.flakiness.notebook import Notebook
from bench.flakiness.order_effect import OrderEffect
from bench.flakiness.outcomes import failed, failure, flipping
from bench.flakiness.replay import Replay
from bench.model import TestFailure, Trial

CONTROLS = 2
HYPOTHESES = 8
NOT_TRIED = "seen to flake; the budget ended before it could be looked into"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What is known of one flake."""

    test: str
    flake_class: FlakeClass
    role: Role
    causes: tuple[str, ...]
    reason: str
    failure: TestFailure | None
    replay: Replay | None
    bisection_runs: int


def diagnose(
    notebook: Notebook, installed: Mapping[str, str]
) -> Generator[Circumstances, Trial, tuple[Diagnosis, ...]]:
    """Diagnose every test that flipped in the survey: first order effects, then everything else in one go."""
    suspects = flipping(notebook.survey)
    found: dict[str, Diagnosis] = {}
    known: list[str] = []
    for test in suspects:
        if order_effect.may_be_order(notebook, test) and not notebook.is_spent:
            diagnosis = yield from _order(notebook, test, known)
            if diagnosis is not None:
                found[test] = diagnosis
    others = [test for test in suspects if test not in found]
    yield from profile.run(notebook, others, installed)
    for test in others:
        found[test] = yield from _other(notebook, test)
    return tuple(found[test] for test in suspects)


def _order(notebook: Notebook, test: str, known: list[str]) -> Generator[Circumstances, Trial, Diagnosis | None]:
    effect = yield from order_effect.find(notebook, test, known=known)
    if effect is None:
        return None
    proof = yield from replay.prove(notebook, test, effect.circumstances)
    if not proof.is_proven:
        return None
    known.extend(cause for cause in effect.causes if cause not in known)
    return Diagnosis(
        test=test,
        flake_class=FlakeClass.ORDER,
        role=effect.role,
        causes=effect.causes,
        reason=_order_reason(effect),
        failure=_failure(notebook, test, effect.circumstances),
        replay=proof,
        bisection_runs=effect.runs,
    )


def _order_reason(effect: OrderEffect) -> str:
    names = replay.shown(effect.causes)
    if effect.role == "victim":
        return f"passes alone, fails after {names}"
    return f"fails alone, passes after {names}, which sets something up"


def _other(notebook: Notebook, test: str) -> Generator[Circumstances, Trial, Diagnosis]:
    """Take the first hypothesis whose control passes and whose replay is proven, else replay in a loop."""
    for hypothesis in hypotheses(notebook, test)[:HYPOTHESES]:
        if notebook.is_spent:
            return _unknown(notebook, test, NOT_TRIED, None)
        proof = yield from _try(notebook, test, hypothesis)
        if proof is not None:
            return Diagnosis(
                test=test,
                flake_class=hypothesis.flake_class,
                role="",
                causes=(),
                reason=hypothesis.reason,
                failure=_failure(notebook, test, hypothesis.circumstances),
                replay=proof,
                bisection_runs=0,
            )
    return (yield from _by_rate(notebook, test))


def _try(notebook: Notebook, test: str, hypothesis: Hypothesis) -> Generator[Circumstances, Trial, Replay | None]:
    for _ in range(CONTROLS if hypothesis.flake_class in (FlakeClass.TIME, FlakeClass.CHANCE) else 0):
        trial = yield from notebook.run(hypothesis.control)
        if failed(trial, test):
            return None
    proof = yield from replay.prove(notebook, test, hypothesis.circumstances)
    return proof if proof.is_proven else None


def _by_rate(notebook: Notebook, test: str) -> Generator[Circumstances, Trial, Diagnosis]:
    """Give the class of the strongest condition, and a replay that tries until it fails."""
    circumstances, rate = worst(notebook, test)
    attempts = replay.attempts_for(rate)
    if attempts is None:
        return _unknown(notebook, test, "seen to flake, but never when it ran alone under any condition", None)
    proof = yield from replay.prove(notebook, test, circumstances, attempts=attempts)
    likely = [each for each in hypotheses(notebook, test) if each.circumstances.condition == circumstances.condition]
    strongest = next(iter(likely), None)
    if strongest is None or strongest.flake_class in (FlakeClass.TIME, FlakeClass.CHANCE):
        return _unknown(notebook, test, f"fails in {rate:.0%} of runs, whatever is held constant", proof)
    return Diagnosis(
        test=test,
        flake_class=strongest.flake_class,
        role="",
        causes=(),
        reason=strongest.reason,
        failure=_failure(notebook, test, circumstances),
        replay=proof,
        bisection_runs=0,
    )


def _unknown(notebook: Notebook, test: str, reason: str, proof: Replay | None) -> Diagnosis:
    return Diagnosis(
        test=test,
        flake_class=FlakeClass.UNCLASSIFIED,
        role="",
        causes=(),
        reason=reason,
        failure=_failure(notebook, test, None),
        replay=proof,
        bisection_runs=0,
    )


def _failure(notebook: Notebook, test: str, circumstances: Circumstances | None) -> TestFailure | None:
    """Give the failure as it was under `circumstances`, or the first one seen at all."""
    seen = [each for each in notebook.targeted if each.circumstances == circumstances]
    own = failure([each.trial for each in seen], test)
    return own or failure([each.trial for each in (*notebook.survey, *notebook.targeted)], test)
