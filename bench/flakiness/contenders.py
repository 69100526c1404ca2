"""Contenders compared: the same conditions, the same number of trials, Fisher's exact test, Holm over each family.

Trials are the sampling unit: failures inside one trial come in clusters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bench.flakiness.findings import FlakinessComparison
from bench.model import Cell
from bench.statistics import fewest_detectable_failures, fisher_p, holm

ALL = "all conditions"
ALPHA = 0.05
Flaked = Mapping[tuple[str, int], bool]
"""Whether the trial of a condition at a place of the schedule showed a flake."""


def compare(flaked: Mapping[Cell, Flaked], baseline: Cell) -> tuple[FlakinessComparison, ...]:
    """Compare every other cell with `baseline`, under all conditions together and under each.

    Only places of the schedule that both have measured count. The comparisons over all conditions are one
    family, those of single conditions another.
    """
    rivals = [cell for cell in flaked if cell != baseline]
    overall = [_comparison(flaked, baseline, rival, ALL) for rival in rivals]
    conditions = sorted({name for condition, _ in flaked.get(baseline, {}) for name in condition.split("+")})
    single = [_comparison(flaked, baseline, rival, name) for rival in rivals for name in conditions]
    return (*_adjusted(overall), *_adjusted([each for each in single if each.baseline_trials]))


def _comparison(flaked: Mapping[Cell, Flaked], baseline: Cell, rival: Cell, condition: str) -> FlakinessComparison:
    first, second = flaked.get(baseline, {}), flaked.get(rival, {})
    places = [place for place in first if place in second and (condition == ALL or condition in place[0].split("+"))]
    failures = sum(first[place] for place in places), sum(second[place] for place in places)
    trials = len(places)
    return FlakinessComparison(
        backend=rival.backend,
        baseline=baseline.contender,
        rival=rival.contender,
        condition=condition,
        baseline_failures=failures[0],
        baseline_trials=trials,
        rival_failures=failures[1],
        rival_trials=trials,
        p_value=fisher_p(failures, (trials, trials)) if trials else 1.0,
        detectable_failures=None,
        words="",
    )


def _detectable(trials: int, *, alpha: float) -> int | None:
    if not trials:
        return None
    return fewest_detectable_failures(trials, against=trials, alpha=alpha, alternative="two-sided")


def _adjusted(family: Sequence[FlakinessComparison]) -> list[FlakinessComparison]:
    """Correct a family after Holm; what could have been seen is what its smallest p-value would have had to show."""
    if not family:
        return []
    seen = {trials: _detectable(trials, alpha=ALPHA / len(family)) for trials in {each.rival_trials for each in family}}
    family = [replace(each, detectable_failures=seen[each.rival_trials]) for each in family]
    p_values = holm([each.p_value for each in family])
    return [
        replace(each, p_value=p_value, words=_words(each, p_value))
        for each, p_value in zip(family, p_values, strict=True)
    ]


def _words(compared: FlakinessComparison, p_value: float) -> str:
    counts = (
        f"{compared.baseline} {compared.baseline_failures}/{compared.baseline_trials}, "
        f"{compared.rival} {compared.rival_failures}/{compared.rival_trials}"
    )
    if p_value <= ALPHA:
        more = compared.rival if compared.rival_failures > compared.baseline_failures else compared.baseline
        return f"{counts}: {more} flakes more often (p = {p_value:.2g})"
    least = compared.detectable_failures
    seen = f"{least} or more against none would have shown" if least else "too few trials to show any difference"
    return f"{counts}: no difference shown (p = {p_value:.2g}; {seen})"
