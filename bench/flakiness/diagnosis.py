"""Why does a test flake? Experiments on one suspicious test after the other, each explanation put to the test."""

from collections.abc import Generator, Mapping, Sequence

from bench.flakiness import order_effect, profile, replay
from bench.flakiness.conditions import Circumstances, only
from bench.flakiness.findings import FlakeClass
from bench.flakiness.hypotheses import Hypothesis, hypotheses, worst
from bench.flakiness.notebook import Notebook
from bench.flakiness.order_effect import OrderEffect
from bench.flakiness.outcomes import failed, failure, flipping
from bench.flakiness.verdict import Diagnosis, Replay
from bench.model import FailedPhase, Trial

CONTROLS = 2
FIRST_SEED = 500
ENOUGH_SEEDS = 3
# What a condition noted of a test, the condition whose seeds are worth a search, and how many of them.
SEARCHES = (("random", "random-values", 24), ("delayed", "long-delays", 18))
HYPOTHESES = 8
NOT_TRIED = "seen to flake; the budget ended before it could be looked into"


def diagnose(
    notebook: Notebook, installed: Mapping[str, str]
) -> Generator[Circumstances, Trial, tuple[Diagnosis, ...]]:
    """Diagnose every test that flipped in the survey: order effects, the clock, then everything else in one go."""
    suspects = flipping(notebook.survey)
    found = notebook.diagnoses
    known: list[str] = []
    for test in suspects:
        if order_effect.may_be_order(notebook, test) and not notebook.is_spent:
            diagnosis = yield from _order(notebook, test, known)
            if diagnosis is not None:
                found[test] = diagnosis
    for test in [test for test in suspects if test not in found]:
        dated = [each for each in hypotheses(notebook, test) if each.flake_class is FlakeClass.TIME]
        diagnosis = yield from _first_proven(notebook, test, dated)
        if diagnosis is not None:
            found[test] = diagnosis
    others = [test for test in suspects if test not in found]
    yield from profile.run(notebook, others, installed)
    for test in others:
        found[test] = yield from _other(notebook, test)
    return complete(notebook)


def complete(notebook: Notebook) -> tuple[Diagnosis, ...]:
    """Give the diagnoses made so far, and for the other suspects that there was no time for one."""
    return tuple(
        notebook.diagnoses.get(test) or _unknown(notebook, test, NOT_TRIED, None) for test in flipping(notebook.survey)
    )


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
    tried = hypotheses(notebook, test)[:HYPOTHESES]
    found = yield from _first_proven(notebook, test, tried)
    for noted, condition, seeds in SEARCHES if found is None else ():
        if found is None and notebook.is_noted(test, noted):
            yield from _search(notebook, test, condition, seeds)
            fresh = [each for each in hypotheses(notebook, test) if each.circumstances.condition == condition]
            found = yield from _first_proven(notebook, test, [each for each in fresh if each not in tried])
    if found is None and notebook.is_spent:
        return _unknown(notebook, test, NOT_TRIED, None)
    return found or (yield from _by_rate(notebook, test))


def _first_proven(
    notebook: Notebook, test: str, candidates: Sequence[Hypothesis]
) -> Generator[Circumstances, Trial, Diagnosis | None]:
    for hypothesis in candidates:
        if notebook.is_spent:
            return None
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
    return None


def _search(notebook: Notebook, test: str, condition: str, seeds: int) -> Generator[Circumstances, Trial, None]:
    """Look for seeds under which the test fails; a few are enough."""
    failures = 0
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        if failures == ENOUGH_SEEDS or notebook.is_spent:
            return
        trial = yield from notebook.run(Circumstances(condition=condition, seed=seed, order=only(test)))
        failures += failed(trial, test) is True


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
    if not proof.failures:
        return _unknown(notebook, test, f"seen to flake, and never again in {proof.runs * attempts} runs", None)
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


def _failure(notebook: Notebook, test: str, circumstances: Circumstances | None) -> FailedPhase | None:
    """Give the failure as it was under `circumstances`, or the first one seen at all."""
    seen = [each for each in notebook.targeted if each.circumstances == circumstances]
    own = failure([each.trial for each in seen], test)
    return own or failure([each.trial for each in (*notebook.survey, *notebook.targeted)], test)
