"""A trial carried several conditions at once: which of them made the test fail?

The test is run by itself, first as it is, then under everything that its failing trial carried, then under each of
these conditions alone. What turns its outcome is an explanation, which is put to the test afterwards. What turns
it under none of them is a matter of the tests before it.
"""

from collections.abc import Sequence
from dataclasses import replace

from bench.flakiness.conditions import ORDERS, Circumstances, Setting, only
from bench.flakiness.findings import FlakeClass
from bench.flakiness.hypotheses import CLOCKS, DELAYS, Hypothesis, class_of, explained
from bench.flakiness.notebook import Notebook, Steps
from bench.flakiness.outcomes import Observation, failed, failure
from bench.model import FailedPhase

NOT_CONDITIONS = (*ORDERS, "watched", "hash-seed")
SECOND_SEEDS = 3
FIRST = (*CLOCKS, "random-values")


def conditions_of(seen: Observation) -> tuple[Setting, ...]:
    """Give what a trial carried beside an order, the clock and random values first."""
    settings = [setting for setting in seen.circumstances.settings if setting.condition not in NOT_CONDITIONS]
    return tuple(sorted(settings, key=lambda setting: setting.condition not in FIRST))


def separate(
    notebook: Notebook, test: str, seen: Observation, *, fails_alone: bool, plain: Circumstances
) -> Steps[list[Hypothesis] | None]:
    """Explain by the conditions of `seen` why its outcome differs from that of `plain`, the test by itself.

    None where the test by itself has the same outcome under them: then it is the order.
    """
    settings, hash_seed = conditions_of(seen), seen.circumstances.hash_seed
    together = Circumstances(settings=settings, hash_seed=hash_seed, order=only(test))
    trial = yield from notebook.run(together)
    if not _is_turned(failed(trial, test), fails_alone):
        return None
    parts = [replace(together, settings=(setting,), hash_seed=plain.hash_seed) for setting in settings]
    parts.append(replace(together, settings=()))
    trials = yield from notebook.run_all(parts)
    turning = [part for part, each in zip(parts, trials, strict=True) if _is_turned(failed(each, test), fails_alone)]
    if not turning:
        turning = [(yield from _least(notebook, test, together, fails_alone=fails_alone))]
    found = []
    for part in turning:
        control = yield from _control(notebook, test, part, plain, fails_alone=fails_alone)
        failing = part if not fails_alone else control
        found.append(_hypothesis(part, control, _failure(notebook, test, failing), fails_alone=fails_alone))
    return found


def _least(notebook: Notebook, test: str, together: Circumstances, *, fails_alone: bool) -> Steps[Circumstances]:
    """Leave out one condition after the other that is not needed for the outcome."""
    for setting in together.settings:
        fewer = replace(together, settings=tuple(each for each in together.settings if each != setting))
        trial = yield from notebook.run(fewer)
        if _is_turned(failed(trial, test), fails_alone):
            together = fewer
    return together


def _control(
    notebook: Notebook, test: str, part: Circumstances, plain: Circumstances, *, fails_alone: bool
) -> Steps[Circumstances]:
    """Give what `part` is compared with: random values with those of another seed, all else with nothing."""
    if [setting.condition for setting in part.settings] != ["random-values"]:
        return plain
    (chosen,) = part.settings
    others = [
        replace(part, settings=(Setting(chosen.condition, chosen.seed + number),))
        for number in range(1, SECOND_SEEDS + 1)
    ]
    for other in others:
        trial = yield from notebook.run(other)
        if failed(trial, test) is fails_alone:
            return other
    return plain


def _hypothesis(
    part: Circumstances, control: Circumstances, found: FailedPhase | None, *, fails_alone: bool
) -> Hypothesis:
    names = [setting.condition for setting in part.settings]
    flake_class = class_of(names, found)
    if fails_alone and any(name in DELAYS for name in names) and flake_class is FlakeClass.RESOURCE:
        flake_class = FlakeClass.SCHEDULE
    return Hypothesis(
        flake_class=flake_class,
        circumstances=control if fails_alone else part,
        control=part if fails_alone else control,
        reason=explained(flake_class, part, control, passes_under=fails_alone),
        cause=_words(part, control, fails_alone=fails_alone),
    )


def _words(part: Circumstances, control: Circumstances, *, fails_alone: bool) -> str:
    names = " with ".join(setting.condition for setting in part.settings) or f"hash seed {part.hash_seed}"
    if fails_alone and control.settings:
        return f"under {control.condition} with seed {control.settings[0].seed}"
    return f"without {names}" if fails_alone else f"under {names}"


def _is_turned(is_failed: bool | None, fails_alone: bool) -> bool:  # noqa: FBT001 - two outcomes compared
    return is_failed is not None and is_failed is not fails_alone


def _failure(notebook: Notebook, test: str, circumstances: Circumstances) -> FailedPhase | None:
    same: Sequence[Observation] = [
        each
        for each in notebook.targeted
        if replace(each.circumstances, numbered=()) == replace(circumstances, numbered=())
    ]
    return failure([each.trial for each in same], test)
