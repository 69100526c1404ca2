"""Numbers to verdicts: pure functions from arrays to frozen values.

log_ratio -> subset -> interval -> estimation -> comparison -> looks -> judging; beside them schedule, proportions,
multiple, quantile. A name is imported from its module when it is first asked for: numpy and scipy take a second, and
`--help` or a plan needs neither.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from bench.statistics.comparison import (
        Comparison,
        ComparisonVerdict,
        at_margin,
        blocks_to_resolve,
        detectable_ratio,
        judge,
    )
    from bench.statistics.estimation import Estimate, estimate
    from bench.statistics.fewest import fewest_blocks
    from bench.statistics.interval import Interval, hodges_lehmann, subset_mean_interval, t_interval
    from bench.statistics.judging import is_settled, judge_at_looks
    from bench.statistics.log_ratio import block_log_ratios
    from bench.statistics.looks import Looks
    from bench.statistics.multiple import benjamini_hochberg, holm
    from bench.statistics.permutation import permutation_p as permutation_p  # its module has no other name
    from bench.statistics.proportions import (
        clopper_pearson,
        fewest_detectable_failures,
        fisher_p,
        mcnemar_p,
        upper_bound,
        wilson,
    )
    from bench.statistics.quantile import median_interval
    from bench.statistics.schedule import BlockDraw, draw_block, mirrored_order
    from bench.statistics.subset import sign_flip_p, subset_means

_HOMES: Final = {
    "BlockDraw": "schedule",
    "Comparison": "comparison",
    "ComparisonVerdict": "comparison",
    "Estimate": "estimation",
    "Interval": "interval",
    "Looks": "looks",
    "at_margin": "comparison",
    "benjamini_hochberg": "multiple",
    "block_log_ratios": "log_ratio",
    "blocks_to_resolve": "comparison",
    "clopper_pearson": "proportions",
    "detectable_ratio": "comparison",
    "draw_block": "schedule",
    "estimate": "estimation",
    "fewest_blocks": "fewest",
    "fewest_detectable_failures": "proportions",
    "fisher_p": "proportions",
    "hodges_lehmann": "interval",
    "holm": "multiple",
    "is_settled": "judging",
    "judge": "comparison",
    "judge_at_looks": "judging",
    "mcnemar_p": "proportions",
    "median_interval": "quantile",
    "mirrored_order": "schedule",
    "permutation_p": "permutation",
    "sign_flip_p": "subset",
    "subset_mean_interval": "interval",
    "subset_means": "subset",
    "t_interval": "interval",
    "upper_bound": "proportions",
    "wilson": "proportions",
}


def __getattr__(name: str) -> Any:
    """Import a public name from its module."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


__all__ = [
    "BlockDraw",
    "Comparison",
    "ComparisonVerdict",
    "Estimate",
    "Interval",
    "Looks",
    "at_margin",
    "benjamini_hochberg",
    "block_log_ratios",
    "blocks_to_resolve",
    "clopper_pearson",
    "detectable_ratio",
    "draw_block",
    "estimate",
    "fewest_blocks",
    "fewest_detectable_failures",
    "fisher_p",
    "hodges_lehmann",
    "holm",
    "is_settled",
    "judge",
    "judge_at_looks",
    "mcnemar_p",
    "median_interval",
    "mirrored_order",
    "sign_flip_p",
    "subset_mean_interval",
    "subset_means",
    "t_interval",
    "upper_bound",
    "wilson",
]
