"""Numbers to verdicts: pure functions from arrays to frozen values.

log_ratio -> subset -> interval -> estimation -> comparison -> looks; beside them schedule, proportions,
multiple, quantile.
"""

from bench.statistics.comparison import (
    Comparison,
    ComparisonVerdict,
    at_margin,
    blocks_to_resolve,
    detectable_ratio,
    judge,
)
from bench.statistics.estimation import Estimate, estimate
from bench.statistics.interval import (
    Interval,
    fewest_blocks,
    hodges_lehmann,
    subset_mean_interval,
    t_interval,
)
from bench.statistics.log_ratio import block_log_ratios
from bench.statistics.looks import Looks, is_settled, judge_at_looks
from bench.statistics.multiple import benjamini_hochberg, holm
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
