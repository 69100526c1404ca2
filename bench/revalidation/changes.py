"""How much did the upgrade change each ratio? Difference of differences, paired inside the block.

Let d be the block's log-ratio of rival over baseline under one set. The change is d after less d before, in the
same block: what slows the machine, or one set as a whole, cancels out. It is judged as every log-ratio is.
"""

from collections.abc import Sequence

from bench import text
from bench.campaign.plan import Plan
from bench.experiments.speed.study import NAME as TIMING
from bench.experiments.speed.study import Study
from bench.model import Cell, Trial, on_backend
from bench.paired.blocks import change_log_ratios
from bench.paired.comparing import MEASURES, comparison_words
from bench.paired.equal_work import differences
from bench.paired.finding import ComparisonFinding, Metric
from bench.paired.mirrored import Pair
from bench.results import Results
from bench.revalidation.findings import ChangeFinding
from bench.statistics import Comparison, ComparisonVerdict, Estimate, judge_at_looks


def changes(
    views: tuple[Plan, Plan], trials: Sequence[Trial], *, before: Results, after: Results
) -> tuple[ChangeFinding, ...]:
    """Judge the change of every rival's ratio, backend by backend, in each metric."""
    own = [trial for trial in trials if trial.experiment == TIMING]
    return tuple(
        _change(views[1], own, pairs, metric, (before, after))
        for backend in views[1].frame.backends
        for pairs in _pairs(views, backend)
        for metric in MEASURES
    )


def lines(found: Sequence[ChangeFinding]) -> list[str]:
    """Say each change of a ratio of wall times in one line."""
    return [_line(change, change.estimate) for change in found if change.metric == "wall" and change.estimate]


def _line(change: ChangeFinding, estimate: Estimate) -> str:
    before, after = (text.estimate_ratio(under) for under in (change.before, change.after))
    shown = f"{text.estimate_ratio(estimate)} ({text.estimate_interval(estimate)})"
    where = f"{change.rival_contender}{on_backend(change.backend)}"
    return f"{where}: {before} before, {after} after; change {shown}: {change.words}"


def _pairs(views: tuple[Plan, Plan], backend: str) -> list[tuple[Pair, Pair]]:
    """Give each rival's (baseline, rival) under both sets."""
    (first, *earlier), (second, *later) = (_study(view).cells(view.frame, backend) for view in views)
    return [
        ((first, old), (second, new))
        for old in earlier
        for new in later
        if old.contender == new.contender and not old.copy and not new.copy
    ]


def _study(view: Plan) -> Study:
    study: Study = view.studies[TIMING]
    return study


def _change(
    view: Plan,
    trials: Sequence[Trial],
    pairs: tuple[Pair, Pair],
    metric: Metric,
    analyses: tuple[Results, Results],
) -> ChangeFinding:
    frame, study = view.frame, _study(view)
    ratios = change_log_ratios(trials, *pairs, measure=MEASURES[metric])
    under = [_comparison(analysis, pair[1], metric) for analysis, pair in zip(analyses, pairs, strict=True)]
    broken = [reason for found in under if found is not None for reason in found.invalid_because]
    unequal = broken or _other_work(trials, pairs)
    looks = study.planned_looks
    judged = judge_at_looks(ratios, looks=looks, margin=frame.margin) if ratios.size and not broken else None
    words = "not measured" if judged is None else _words(judged)
    estimates = [None if found is None else found.estimate for found in under]
    said = ["not measured" if found is None else found.words for found in under]
    rival = pairs[1][1]
    return ChangeFinding(
        id=f"{rival.contender}@{rival.backend}:{metric}",
        backend=rival.backend,
        rival_contender=rival.contender,
        metric=metric,
        margin=frame.margin,
        before=estimates[0],
        after=estimates[1],
        words_before=said[0],
        words_after=said[1],
        estimate=None if judged is None else judged.estimate,
        verdict=None if judged is None else judged.verdict,
        words=f"{words}; {unequal[0]}" if unequal and judged is not None else words,
        blocks=len(ratios),
        blocks_needed=None if judged is None else judged.blocks_needed,
        detectable_ratio=None if judged is None else judged.detectable_ratio,
        block_log_ratios=tuple(ratios.tolist()),
    )


def _words(judged: Comparison) -> str:
    """Say the verdict on a change as the reader meets it."""
    match judged.verdict:
        case ComparisonVerdict.EQUIVALENT:
            return f"unchanged within ±{judged.margin * 100:g} %"
        case ComparisonVerdict.MATERIALLY_FASTER:
            return "changed: materially less time"
        case ComparisonVerdict.MATERIALLY_SLOWER:
            return "changed: materially more time"
        case ComparisonVerdict.FASTER:
            return "changed: less time, size unresolved"
        case ComparisonVerdict.SLOWER:
            return "changed: more time, size unresolved"
        case _:
            return comparison_words(judged)


def _comparison(analysis: Results, rival: Cell, metric: Metric) -> ComparisonFinding | None:
    return next((c for c in analysis.comparisons if (c.rival, c.metric) == (rival.id, metric)), None)


def _other_work(trials: Sequence[Trial], pairs: tuple[Pair, Pair]) -> tuple[str, ...]:
    """Say whether the baseline did other work after the upgrade: then a set's time is not the packages' alone."""
    return differences(trials, pairs[0][0], pairs[1][0], twins=True)
