"""One claim's evidence: the statement, its verdict, and every number below it down to the single block."""

import difflib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bench import text
from bench.claims.weighing import ClaimFinding
from bench.drawing.words import METRIC_TITLES, mark_of
from bench.errors import ConfigurationError
from bench.experiments.attempts.finding import AttemptFinding
from bench.experiments.counting.finding import ExercisedFinding
from bench.experiments.reliability.finding import FailureFinding
from bench.experiments.simplicity.counting import SuiteCount
from bench.experiments.speed.finding import CellFinding, LayerFinding
from bench.paired.finding import ComparisonFinding
from bench.results import Results

_NEAR = 5
_WIDTH = 12
_NOT_TIMED = ("fewer", "absent", "opinion", "unmeasured")
_SUITE = "the suite of "


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A claim and all findings of the run that bear on it; `counts` maps a contender to its source counts."""

    claim: ClaimFinding
    comparisons: tuple[ComparisonFinding, ...]
    cells: tuple[CellFinding, ...]
    layers: tuple[LayerFinding, ...]
    failures: tuple[FailureFinding, ...]
    attempts: tuple[AttemptFinding, ...]
    exercised: tuple[ExercisedFinding, ...]
    counts: Mapping[str, SuiteCount]
    commands: Mapping[str, str]


def explain(analysis: Results, name: str) -> tuple[Explanation, ...]:
    """Explain a claim on every backend, or on one when `name` is `claim@backend`.

    Raises ConfigurationError for an unknown claim, with those that are written alike.
    """
    found = [claim for claim in analysis.claims if name in (claim.id, _plain(claim))]
    if not found:
        raise _unknown(analysis, name)
    return tuple(_explanation(analysis, claim) for claim in found)


def lines(explanation: Explanation) -> Iterator[str]:
    """Say an explanation as the terminal prints it, with the label of each part in front of its first line."""
    claim = explanation.claim
    yield claim.id
    yield from _part("statement", claim.statement)
    yield from _part("section", claim.section)
    yield from _part("verdict", f"{mark_of(claim.verdict.value).sign} {claim.verdict.value} (it {claim.weight})")
    yield from _part("number", claim.numbers)
    yield from _part("reason", "" if claim.reason == claim.numbers else claim.reason)
    yield from _part("would flip", claim.would_flip)
    for compared in explanation.comparisons:
        yield from _part("noise floor" if compared.is_noise_floor else "comparison", *_comparison(compared))
    yield from _part("cells", *(_cell(cell) for cell in explanation.cells))
    yield from _part("slowest", *(_layer(layer) for layer in explanation.layers))
    yield from _part("failures", *(_failure(failure) for failure in explanation.failures))
    yield from _part("attempts", *(f"{tried.title}: {tried.outcome}" for tried in explanation.attempts))
    yield from _part("exercised", *(words for worked in explanation.exercised for words in worked.sentences))
    yield from _part("counted", *(_count(name, count, claim.metric) for name, count in explanation.counts.items()))
    yield from _part("commands", *(f"{label}: {command}" for label, command in explanation.commands.items()))


def _plain(claim: ClaimFinding) -> str:
    return claim.id.partition("@")[0]


def _unknown(analysis: Results, name: str) -> ConfigurationError:
    known = list(dict.fromkeys(_plain(claim) for claim in analysis.claims))
    near = difflib.get_close_matches(name.partition("@")[0], known, n=_NEAR, cutoff=0.5)
    return ConfigurationError(
        f"there is no claim {name}",
        cause=f"the run {analysis.run.run_id} weighed {text.count(len(known), 'claim')}, and none has that name",
        hint=f"{'did you mean' if near else 'it has'}: {', '.join(near or known) or 'no claim'}",
    )


def _explanation(analysis: Results, claim: ClaimFinding) -> Explanation:
    named = {claim.subject, claim.rival, *(name for pair in claim.pairs for name in pair)}
    comparisons = _comparisons(analysis, claim)
    is_timed = claim.kind not in _NOT_TIMED
    own = (claim.backend,) if is_timed else ()
    return Explanation(
        claim=claim,
        comparisons=comparisons,
        cells=tuple(cell for cell in analysis.cells if cell.contender in named and cell.backend in own),
        layers=tuple(
            layer
            for layer in analysis.layers
            if claim.kind == "layer-limit" and layer.contender in named and layer.backend in own
        ),
        failures=tuple(f for f in analysis.failures if f.contender in named and f.backend in own),
        attempts=tuple(tried for tried in analysis.attempts if tried.attempt in named and tried.backend in own),
        exercised=tuple(worked for worked in analysis.exercised if worked.contender in named and worked.backend in own),
        counts={} if is_timed else {name: found for name, found in analysis.suites.items() if name in named},
        commands=_commands(analysis, claim),
    )


def _comparisons(analysis: Results, claim: ClaimFinding) -> tuple[ComparisonFinding, ...]:
    """Give the comparisons that the claim rests on and, after them, the A/A comparison in the same metric."""
    where = (claim.backend, claim.metric)
    compared = [
        found
        for subject, rival in ((claim.subject, claim.rival), *claim.pairs)
        for found in analysis.comparisons
        if found.rival_contender == rival
        and not found.is_noise_floor
        and found.baseline.startswith(f"{subject}@")
        and (found.backend, found.metric) == where
    ]
    compared += [
        factor.comparison
        for factor in analysis.factors
        if (factor.contender, factor.factor, factor.backend, factor.metric) == (claim.subject, claim.rival, *where)
    ]
    floor = [found for found in analysis.comparisons if found.is_noise_floor and (found.backend, found.metric) == where]
    return (*compared, *floor) if compared else ()


def _commands(analysis: Results, claim: ClaimFinding) -> Mapping[str, str]:
    names = (claim.subject, claim.rival, *(name for pair in claim.pairs for name in pair))
    own = tuple(f"{_SUITE}{name}," for name in dict.fromkeys(names))
    return {
        label: command
        for label, command in analysis.run.commands.items()
        if not label.startswith(_SUITE) or label.startswith(own)
    }


def _part(label: str, *shown: str) -> Iterator[str]:
    labels = [label, *[""] * len(shown)]
    yield from (f"  {label:{_WIDTH}} {words}" for label, words in zip(labels, filter(None, shown), strict=False))


def _comparison(found: ComparisonFinding) -> Iterator[str]:
    yield f"{found.rival} over {found.baseline}, {METRIC_TITLES[found.metric]}: {found.words}"
    if found.estimate is None:
        return
    confidence = text.percent(found.estimate.confidence)
    yield (
        f"{text.estimate_ratio(found.estimate)}, {confidence} interval {text.estimate_interval(found.estimate)} "
        f"(t: {text.interval(found.estimate.t_low, found.estimate.t_high)}), margin ±{text.percent(found.margin)}, "
        f"p {text.probability(found.estimate.p_value)}"
    )
    ratios = (text.ratio(math.exp(log_ratio)) for log_ratio in found.block_log_ratios)
    yield f"{text.count(found.blocks, 'block')}: {' '.join(ratios)}"
    if found.detectable_ratio is not None:
        yield f"could have seen {text.percent(abs(found.detectable_ratio - 1))} or more"
    yield from (f"warning: {warning}" for warning in found.warnings)


def _cell(cell: CellFinding) -> str:
    name = cell.cell + (" (A/A)" if cell.is_copy else "")
    return (
        f"{name}: {text.count(cell.trials, 'timed trial')}, {cell.failed_trials} failed, "
        f"{text.count(cell.tests, 'test')}, median wall {text.duration(cell.median_wall_ns)}, "
        f"CPU {text.duration(cell.median_cpu_ns)}"
    )


def _layer(layer: LayerFinding) -> str:
    return (
        f"{layer.layer} in {layer.cell}: {text.shorten(layer.slowest_test)}, {text.duration(layer.slowest_ns)} "
        f"({text.duration_range(layer.slowest_low_ns, layer.slowest_high_ns)})"
    )


def _failure(failure: FailureFinding) -> str:
    return (
        f"{failure.contender}: {failure.failed}/{failure.trials} trials failed, "
        f"at most {text.percent(failure.upper_bound)} (95 %)"
    )


def _count(name: str, count: SuiteCount, metric: str) -> str:
    return f"{name}: {getattr(count, metric, text.NOTHING)} {metric.replace('_', ' ')}"
