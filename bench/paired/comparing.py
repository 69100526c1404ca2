"""Compare a candidate with its baseline in the blocks that both ran in."""

import math
from collections.abc import Callable, Mapping, Sequence

from bench.campaign.frame import Frame
from bench.model import Cell, Trial
from bench.paired import equal_work
from bench.paired.blocks import log_ratios, whole_blocks
from bench.paired.finding import ComparisonFinding, Metric
from bench.statistics import Comparison, ComparisonVerdict, Looks, fewest_blocks, judge, judge_at_looks

MEASURES: Mapping[Metric, Callable[[Trial], int]] = {
    "wall": lambda trial: trial.wall_ns,
    "cpu": lambda trial: trial.cpu_ns,
    "setup": lambda trial: max(trial.phases.setup_ns, 1),
    "tests": lambda trial: max(trial.phases.setup_ns + trial.phases.call_ns + trial.phases.teardown_ns, 1),
}
PRIMARY: Metric = "wall"
ALPHA_OF_NOISE_FLOOR = 0.01


def compare(
    frame: Frame,
    trials: Sequence[Trial],
    *,
    baseline: Cell,
    candidate: Cell,
    metric: Metric,
    looks: Looks,
    title: str = "",
    unequal: tuple[str, ...] | None = None,
) -> ComparisonFinding:
    """Compare a candidate with its baseline in one metric, unless their work was unequal.

    `title` names the candidate where the contender's title does not; `unequal` is what `unequal_because` returned, for
    callers that compare a pair in several metrics.
    """
    contender = frame.contender(candidate.contender)
    if unequal is None:
        unequal = unequal_because(frame, trials, baseline=baseline, candidate=candidate)
    ratios = log_ratios(trials, baseline, candidate, measure=MEASURES[metric])
    comparison = judge_at_looks(ratios, looks=looks, margin=frame.margin) if ratios.size and not unequal else None
    return ComparisonFinding(
        id=f"{candidate.id}:{metric}",
        backend=candidate.backend,
        baseline=baseline.id,
        baseline_contender=baseline.contender,
        rival=candidate.id,
        rival_contender=f"{contender.id}+{candidate.variant}" if candidate.variant else contender.id,
        rival_title=title or (f"{contender.title} (A/A copy)" if candidate.copy else contender.title),
        rival_style=contender.style,
        metric=metric,
        is_noise_floor=bool(candidate.copy),
        margin=frame.margin,
        alpha=looks.alpha_per_look,
        looks=len(looks.blocks),
        comparison=comparison,
        words=_words(comparison, unequal),
        invalid_because=unequal,
        blocks=len(whole_blocks(trials, baseline, candidate)),
        block_log_ratios=tuple(ratios.tolist()),
    )


def unequal_because(frame: Frame, trials: Sequence[Trial], *, baseline: Cell, candidate: Cell) -> tuple[str, ...]:
    """Say why the two cells cannot be compared; () before anything was measured."""
    if not trials:
        return ()
    twins = equal_work.are_twins(frame.contender(baseline.contender), frame.contender(candidate.contender))
    return equal_work.differences(trials, baseline, candidate, twins=twins)


def _words(comparison: Comparison | None, unequal: Sequence[str]) -> str:
    if unequal:
        return f"invalid: {unequal[0]}"
    return "not measured" if comparison is None else comparison_words(comparison)


def comparison_words(comparison: Comparison) -> str:
    """Say a verdict as the reader meets it, with the margin or the blocks still needed."""
    match comparison.verdict:
        case ComparisonVerdict.EQUIVALENT:
            return f"equivalent within ±{comparison.margin * 100:g} %"
        case ComparisonVerdict.INCONCLUSIVE | ComparisonVerdict.TOO_FEW_BLOCKS:
            return f"{comparison.verdict.value}: about {comparison.blocks_needed} more blocks"
        case verdict:
            return verdict.value


def noise_floor_differs(comparison: ComparisonFinding) -> bool:
    """Tell whether the A/A pair, two cells of one contender, came out different at 1 %."""
    blocks = len(comparison.block_log_ratios)
    if not comparison.is_noise_floor or blocks < fewest_blocks(1 - ALPHA_OF_NOISE_FLOOR):
        return False
    tested = judge(comparison.block_log_ratios, margin=comparison.margin, alpha=ALPHA_OF_NOISE_FLOOR)
    low, high = tested.estimate.low, tested.estimate.high
    return low is not None and high is not None and not math.log(low) <= 0 <= math.log(high)
