"""Judge a comparison at the planned looks."""

from numpy.typing import ArrayLike

from bench.statistics.comparison import Comparison, ComparisonVerdict, judge
from bench.statistics.log_ratio import as_log_ratios
from bench.statistics.looks import Looks


def judge_at_looks(block_log_ratios: ArrayLike, *, looks: Looks, margin: float) -> Comparison:
    """Judge at each planned look in turn and stop at the first that settles it; later blocks then do not count.

    Blocks beyond the latest look are judged together with the others: the budget ended the campaign there.
    Raises ValueError as `judge` does.
    """
    ratios = as_log_ratios(block_log_ratios)
    for blocks in looks.blocks:
        if blocks < ratios.size:
            comparison = judge(ratios[:blocks], margin=margin, alpha=looks.alpha_per_look)
            if is_settled(comparison, comparisons=looks.comparisons):
                return comparison
    return judge(ratios, margin=margin, alpha=looks.alpha_per_look)


def is_settled(comparison: Comparison, *, comparisons: int) -> bool:
    """Tell whether more blocks have nothing to add, even after the correction for all comparisons.

    Bonferroni's correction is never kinder than Holm's, so what is settled here survives there.
    """
    if comparison.verdict is ComparisonVerdict.EQUIVALENT:
        return True
    return comparison.verdict.is_resolved and comparison.estimate.p_value * comparisons <= comparison.alpha
