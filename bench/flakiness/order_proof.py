"""Prove an order effect: its replay fails, its control passes, and what the cause leaves is looked at."""

from collections.abc import Sequence

from bench.flakiness import order_effect, replay
from bench.flakiness.conditions import Circumstances
from bench.flakiness.findings import FlakeClass
from bench.flakiness.notebook import Notebook, Steps
from bench.flakiness.outcomes import failure
from bench.flakiness.verdict import Diagnosis


def prove(notebook: Notebook, test: str, effect: order_effect.OrderEffect) -> Steps[Diagnosis | None]:
    """Prove an order effect by its replay and its control; None if either does not hold."""
    failing = effect.circumstances(test, is_failing=True)
    proof = yield from replay.prove(notebook, test, failing)
    if proof.failures * 2 < proof.runs:
        return None
    control = effect.circumstances(test, is_failing=False)
    cause = f"after {effect.cause.words}" if effect.role == "victim" else f"alone, not after {effect.cause.words}"
    contrast = yield from replay.contrast(notebook, test, proof, control, cause=cause)
    if not contrast.is_shown:
        return None
    watched = Circumstances(settings=order_effect.WATCHED, order=effect.cause.before(test), hash_seed=effect.hash_seed)
    if any(each not in notebook.left for each in effect.cause.tests[-1:]):
        yield from notebook.run(watched)
    left = tuple(dict.fromkeys(what for each in effect.cause.tests for what in notebook.left.get(each, ())))
    return Diagnosis(
        test=test,
        flake_class=FlakeClass.ORDER,
        role=effect.role,
        causes=effect.cause.tests or (effect.cause.function,),
        cause=effect.cause.words,
        key=(effect.role, *effect.cause.key),
        reason=_reason(effect, left),
        failure=failure([each.trial for each in reversed(notebook.targeted)], test),
        replay=proof,
        contrast=contrast,
        left=left,
        bisection_runs=effect.runs,
    )


def _reason(effect: order_effect.OrderEffect, left: Sequence[str]) -> str:
    names = effect.cause.words
    under = f" under {'+'.join(setting.condition for setting in effect.settings)}" if effect.settings else ""
    what = listed(left)
    if effect.role == "victim":
        return f"passes alone, fails{under} after {names}" + (f", which leaves {what}" if what else "")
    return f"fails alone, passes{under} after {names}, which sets up {what or 'what it needs'}"


def listed(left: Sequence[str], *, most: int = 3) -> str:
    """List what is left for a sentence."""
    more = f" and {len(left) - most} more" if len(left) > most else ""
    return ", ".join(left[:most]) + more
