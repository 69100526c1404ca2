"""From a conclusion to a finding."""

import math
from dataclasses import replace

from bench.experiments.blame.chain import Chain
from bench.experiments.blame.confirmation import Weighed
from bench.experiments.blame.failures import Counted, FailureConclusion
from bench.experiments.blame.finding import BlameFinding, ContrastRow, PackageRow, StepRow, UnitRow
from bench.experiments.blame.investigation import Conclusion
from bench.experiments.blame.rules import Rules
from bench.experiments.blame.search import Half, Suspect
from bench.experiments.blame.verdict import Verdict
from bench.experiments.blame.wording import ROLES, commands, name_of, sentence, stage_words
from bench.statistics import Comparison


def of_time(conclusion: Conclusion, chain: Chain, rules: Rules, *, what: str, before: str, after: str) -> BlameFinding:
    """Sum up an investigation of a time or a ratio of times."""
    confirmation, detection = conclusion.confirmation, conclusion.detection
    change = confirmation.change if confirmation else detection.change if detection else None
    placebo = confirmation.placebo if confirmation else detection.placebo if detection else None
    rows = () if confirmation is None else tuple(_weighed(chain, each) for each in confirmation.contrasts)
    rests = {} if confirmation is None else confirmation.rests
    left = tuple(
        _compared(name_of(chain, group), "what is left of the change without it", rest) for group, rest in rests.items()
    )
    return replace(
        _base(conclusion, chain, rules, what=what, before=before, after=after),
        sentence=sentence(conclusion.verdict, chain, what=what, effect="" if change is None else _size(change)),
        change=None if change is None else _compared("all units", "the whole change", change),
        placebo=None if placebo is None else _compared("none", "two builds of the earlier set", placebo),
        steps=tuple(_step(chain, half) for step in conclusion.steps for half in step.halves),
        confirmation=(*rows, *left),
    )


def of_failure(
    conclusion: FailureConclusion, chain: Chain, rules: Rules, *, what: str, before: str, after: str
) -> BlameFinding:
    """Sum up an investigation of a failure."""
    return replace(
        _base(conclusion, chain, rules, what=what, before=before, after=after),
        kind="failure",
        sentence=sentence(conclusion.verdict, chain, what=what, effect=f"{conclusion.new} fail, was {conclusion.old}"),
        steps=tuple(
            StepRow(
                units=(stage_words(chain, stage),),
                ratio=None,
                low=None,
                high=None,
                blocks=seen.runs,
                counts=str(seen),
                decided="it fails: go back" if seen.shows else "it passes: go on",
            )
            for stage, seen in conclusion.path
        ),
        confirmation=tuple(_counted(chain, each) for each in conclusion.contrasts),
    )


def _base(
    conclusion: Conclusion | FailureConclusion, chain: Chain, rules: Rules, *, what: str, before: str, after: str
) -> BlameFinding:
    """Fill in what times and failures have in common."""
    verdict = conclusion.verdict
    return BlameFinding(
        kind="time",
        what=what,
        before=before,
        after=after,
        threshold=rules.threshold,
        alpha=rules.alpha,
        blame=verdict.blame.value,
        sentence="",
        named=tuple(name_of(chain, group) for group in verdict.named),
        roles={name_of(chain, group): ROLES[role] for group, role in verdict.roles.items()},
        change=None,
        placebo=None,
        units=tuple(_unit(chain, place) for place in range(len(chain.units))),
        steps=(),
        confirmation=(),
        commands=commands(verdict, chain, before=before, after=after),
        notes=tuple(_notes(chain, conclusion.suspects, verdict, rules)),
        blocks=conclusion.blocks,
        trials=conclusion.trials,
        minutes=round(conclusion.seconds / 60, 2),
    )


def _notes(chain: Chain, suspects: tuple[Suspect, ...], verdict: Verdict, rules: Rules) -> list[str]:
    notes = [because for unit in chain.units for because in unit.because]
    notes += [f"{name_of(chain, each.units)}: {each.because}" for each in suspects if each.because]
    beyond = [each for each in suspects if each.units not in verdict.roles]
    if verdict.roles and beyond:
        names = ", ".join(name_of(chain, each.units) for each in beyond)
        notes.append(f"not confirmed, because the first {rules.most_units} and the budget come first: {names}")
    if verdict.blame.names_somebody:
        notes.append(f"the probability that any innocent package is named is at most {100 * rules.alpha:g} %")
    return notes


def _unit(chain: Chain, place: int) -> UnitRow:
    unit = chain.units[place]
    return UnitRow(
        name=unit.name,
        packages=tuple(PackageRow(name=move.name, before=move.old, after=move.new) for move in unit.packages),
        never_loaded=unit.quiet,
        needs=tuple(chain.units[other].name for other in sorted(chain.needs[place])),
        because=unit.because,
    )


def _step(chain: Chain, half: Half) -> StepRow:
    moved = sorted(half.high.units - half.low.units)
    return StepRow(
        units=tuple(chain.units[unit].name for unit in moved),
        ratio=math.exp(half.log_ratio),
        low=math.exp(half.log_low),
        high=math.exp(half.log_high),
        blocks=half.blocks,
        counts="",
        decided="left: no effect worth following" if half.is_left else "followed",
    )


def _weighed(chain: Chain, each: Weighed) -> ContrastRow:
    row = _compared(name_of(chain, each.contrast.group), each.contrast.context.value, each.comparison)
    return ContrastRow(
        unit=row.unit,
        context=row.context,
        ratio=row.ratio,
        low=row.low,
        high=row.high,
        counts="",
        adjusted_p=each.adjusted_p,
        shown=each.is_shown,
    )


def _compared(unit: str, context: str, comparison: Comparison) -> ContrastRow:
    return ContrastRow(
        unit=unit,
        context=context,
        ratio=comparison.estimate.ratio,
        low=comparison.estimate.low,
        high=comparison.estimate.high,
        counts="",
        adjusted_p=None,
        shown=comparison.verdict.is_different,
    )


def _counted(chain: Chain, each: Counted) -> ContrastRow:
    return ContrastRow(
        unit=name_of(chain, each.contrast.group),
        context=each.contrast.context.value,
        ratio=None,
        low=None,
        high=None,
        counts=f"fails in {each.high} with it, in {each.low} without it",
        adjusted_p=each.adjusted_p,
        shown=each.is_shown,
    )


def _size(change: Comparison) -> str:
    estimate = change.estimate
    bounds = "" if estimate.low is None or estimate.high is None else f", {estimate.low:.3f} to {estimate.high:.3f}"
    return f"{estimate.ratio:.3f} times{bounds}"
