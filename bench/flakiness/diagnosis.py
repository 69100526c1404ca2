"""Why does a test flake? Experiments on one suspicious test after the other, each explanation put to the test."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bench.flakiness import (
    chain,
    death,
    earlier_files,
    never_passed,
    order_effect,
    order_proof,
    profile,
    replay,
    separation,
)
from bench.flakiness.conditions import Circumstances, only, under
from bench.flakiness.findings import FlakeClass
from bench.flakiness.fingerprint import fingerprint
from bench.flakiness.hypotheses import Hypothesis, hypotheses, worst
from bench.flakiness.notebook import BudgetSpentError, Notebook, Steps
from bench.flakiness.order_effect import Cause, Question
from bench.flakiness.outcomes import Observation, failed, failure, flipping, function_of
from bench.flakiness.verdict import Diagnosis, Replay
from bench.model import FailedPhase

FIRST_SEED = 500
ENOUGH_SEEDS = 3
# What a condition noted of a test, the condition whose seeds are worth a search, and how many of them.
SEARCHES = (("random", "random-values", 24), ("delayed", "long-delays", 18))
HYPOTHESES = 8
TRIED = 2
REPRESENTATIVES = 2
LEAST_ALIKE = 3
NOT_TRIED = "seen to flake; the budget ended before it was explained"


def diagnose(notebook: Notebook, installed: Mapping[str, str]) -> Steps[tuple[Diagnosis, ...]]:
    """Diagnose every test that flipped: chains, then what a few runs of each test explain, then everything else."""
    with contextlib.suppress(BudgetSpentError):  # what it ended in the middle of is reported as not explained
        yield from _everything(notebook, installed)
    return complete(notebook)


def _everything(notebook: Notebook, installed: Mapping[str, str]) -> Steps[None]:
    known: list[Cause] = []
    fatal = yield from death.examine(notebook)
    if fatal is not None:
        notebook.diagnoses[fatal.test] = fatal
    yield from _chains(notebook)
    yield from _directly(notebook, known)
    others = _open(notebook)
    yield from profile.run(notebook, others, installed)
    for test in others:
        if not _is_settled(notebook, test):
            notebook.diagnoses[test] = yield from _other(notebook, test)
    yield from _never_passed(notebook, known)


def complete(notebook: Notebook) -> tuple[Diagnosis, ...]:
    """Give the diagnoses made so far, and for the other suspects that there was no time for one."""
    suspects = flipping((*notebook.survey, *notebook.focused))
    alike = {test for each in notebook.diagnoses.values() for test in each.alike}
    found = [
        notebook.diagnoses.get(test) or _unknown(notebook, test, NOT_TRIED, None)
        for test in suspects
        if test not in alike
    ]
    return (*found, *(each for test, each in notebook.diagnoses.items() if test not in suspects))


def _suspects(notebook: Notebook) -> tuple[str, ...]:
    return flipping((*notebook.survey, *notebook.focused))


def _is_settled(notebook: Notebook, test: str) -> bool:
    return test in notebook.diagnoses or any(test in each.alike for each in notebook.diagnoses.values())


def _open(notebook: Notebook) -> list[str]:
    return [test for test in _suspects(notebook) if not _is_settled(notebook, test)]


def _chains(notebook: Notebook) -> Steps[None]:
    for block, tests in chain.blocks(notebook, _suspects(notebook)).items():
        for found in (yield from chain.examine(notebook, block, tests)):
            if chain.is_explained(notebook, found.test):
                notebook.diagnoses[found.test] = found


def _directly(notebook: Notebook, known: list[Cause]) -> Steps[None]:
    for test in _open(notebook):
        if _is_settled(notebook, test):
            continue
        found = yield from _direct(notebook, test, known)
        if found is not None:
            notebook.diagnoses[test] = found
            _take_alike(notebook, test)


def _take_alike(notebook: Notebook, test: str) -> None:
    """Take the other parameters of a function as explained once two of them have the same cause and failure."""
    function = function_of(test)
    siblings = [each for each in _suspects(notebook) if function_of(each) == function]
    found = [notebook.diagnoses[each] for each in siblings if each in notebook.diagnoses]
    keys = {(each.flake_class, each.key, _site(each.failure)) for each in found}
    if len(siblings) < LEAST_ALIKE or len(found) < REPRESENTATIVES or len(keys) != 1 or not found[0].key:
        return
    seen = [each.trial for each in notebook.survey]
    alike = [
        each
        for each in siblings
        if each not in notebook.diagnoses and _site(failure(seen, each)) == _site(found[0].failure)
    ]
    notebook.diagnoses[found[0].test] = replace(found[0], alike=(*found[0].alike, *alike))


def _site(found: FailedPhase | None) -> tuple[str, str]:
    taken = fingerprint(found)
    return taken.exception, taken.site


def _direct(notebook: Notebook, test: str, known: list[Cause]) -> Steps[Diagnosis | None]:
    """Compare the test by itself with trials in which it had another outcome."""
    if earlier_files.may_be_files(notebook, test):
        files = yield from earlier_files.hypotheses(notebook, test)
        found = yield from _first_shown(notebook, test, files)
        if found is not None:
            return found
    plain = Circumstances(order=only(test))
    alone = yield from notebook.run(plain)
    fails_alone = failed(alone, test) is True
    for seen in notebook.survey_of(test, bad=not fails_alone)[:TRIED]:
        explanations = yield from separation.separate(notebook, test, seen, fails_alone=fails_alone, plain=plain)
        if explanations is not None:
            found = yield from _first_shown(notebook, test, explanations)
        else:
            found = yield from _ordered(notebook, test, seen, known, fails_alone=fails_alone)
        if found is not None:
            return found
    return None


def _ordered(
    notebook: Notebook, test: str, seen: Observation, known: list[Cause], *, fails_alone: bool
) -> Steps[Diagnosis | None]:
    """Explain by the tests before, first under nothing else, then under the conditions of the trial as well."""
    for settings in dict.fromkeys(((), separation.conditions_of(seen))):
        question = Question(test=test, seen=seen, fails_alone=fails_alone, settings=settings)
        effect = yield from order_effect.explain(notebook, question, known=known)
        found = None if effect is None else (yield from order_proof.prove(notebook, test, effect))
        if effect is not None and found is not None:
            known[:] = [cause for cause in known if cause != effect.cause] + [effect.cause]
            return found
    return None


def _other(notebook: Notebook, test: str) -> Steps[Diagnosis]:
    """Take the first hypothesis that its contrast bears out, else replay in a loop."""
    tried = hypotheses(notebook, test)[:HYPOTHESES]
    found = yield from _first_shown(notebook, test, tried)
    for noted, condition, seeds in SEARCHES if found is None else ():
        if found is None and notebook.is_noted(test, noted):
            yield from _search(notebook, test, condition, seeds)
            fresh = [each for each in hypotheses(notebook, test) if each.circumstances.condition == condition]
            found = yield from _first_shown(notebook, test, [each for each in fresh if each not in tried])
    return found or (yield from _by_rate(notebook, test))


def _first_shown(notebook: Notebook, test: str, candidates: Sequence[Hypothesis]) -> Steps[Diagnosis | None]:
    for hypothesis in candidates:
        is_alone = hypothesis.is_about_load
        proof = yield from replay.prove(notebook, test, hypothesis.circumstances, alone=is_alone)
        if proof.is_proven:
            found = yield from _contrasted(notebook, test, hypothesis, proof)
            if found is not None:
                return found
    return None


def _contrasted(notebook: Notebook, test: str, hypothesis: Hypothesis, proof: Replay) -> Steps[Diagnosis | None]:
    contrast = yield from replay.contrast(
        notebook, test, proof, hypothesis.control, cause=hypothesis.cause, alone=hypothesis.is_about_load
    )
    if not contrast.is_shown:
        return None
    return Diagnosis(
        test=test,
        flake_class=hypothesis.flake_class,
        cause=hypothesis.reason,
        reason=f"{hypothesis.reason}; {contrast.words}",
        failure=_failure(notebook, test, hypothesis.circumstances),
        replay=proof,
        contrast=contrast,
    )


def _search(notebook: Notebook, test: str, condition: str, seeds: int) -> Steps[None]:
    """Look for seeds under which the test fails; a few are enough."""
    failures = 0
    for start in range(FIRST_SEED, FIRST_SEED + seeds, notebook.jobs):
        if failures >= ENOUGH_SEEDS:
            return
        places = range(start, min(start + notebook.jobs, FIRST_SEED + seeds))
        for trial in (yield from notebook.run_all([under(condition, seed, order=only(test)) for seed in places])):
            failures += failed(trial, test) is True


def _by_rate(notebook: Notebook, test: str) -> Steps[Diagnosis]:
    """Replay under the strongest condition until it fails; its class only where the contrast bears it out."""
    strongest = worst(notebook, test)
    attempts = None if strongest is None else replay.attempts_for(strongest[1])
    if strongest is None or attempts is None:
        return _unknown(notebook, test, "seen to flake, but never when it ran alone under any condition", None)
    circumstances, rate = strongest
    proof = yield from replay.prove(notebook, test, circumstances, attempts=attempts)
    if not proof.failures:
        return _unknown(notebook, test, f"seen to flake, and never again in {proof.single_runs} runs", None)
    names = circumstances.condition
    likely = [each for each in hypotheses(notebook, test) if each.circumstances.condition == names]
    chosen = next(iter(likely), None)
    if chosen is not None and chosen.flake_class not in (FlakeClass.TIME, FlakeClass.CHANCE):
        found = yield from _contrasted(notebook, test, replace(chosen, circumstances=circumstances), proof)
        if found is not None:
            return found
    return _unknown(
        notebook, test, f"fails in {rate:.0%} of runs, and nothing that was changed makes a difference", proof
    )


def _never_passed(notebook: Notebook, known: list[Cause]) -> Steps[None]:
    for test in never_passed.candidates(notebook):
        found = yield from never_passed.examine(notebook, test, known=known)
        if found is not None:
            notebook.diagnoses[test] = found


def _unknown(notebook: Notebook, test: str, reason: str, proof: Replay | None) -> Diagnosis:
    return Diagnosis(
        test=test,
        flake_class=FlakeClass.UNCLASSIFIED,
        reason=reason,
        failure=_failure(notebook, test, None),
        replay=proof,
    )


def _failure(notebook: Notebook, test: str, circumstances: Circumstances | None) -> FailedPhase | None:
    """Give the failure as it was under `circumstances`, or the first one seen at all."""
    seen = [
        each
        for each in notebook.targeted
        if circumstances is not None and replace(each.circumstances, numbered=()) == replace(circumstances, numbered=())
    ]
    found = failure([each.trial for each in seen], test)
    every = (*notebook.survey, *notebook.focused, *notebook.targeted)
    return found or failure([each.trial for each in every], test)
