"""Laws of the verdict."""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.statistics import (
    Comparison,
    ComparisonVerdict,
    Interval,
    blocks_to_resolve,
    detectable_ratio,
    judge,
)
from bench.statistics.comparison import attained_alpha, classify

ANY_BLOCKS = st.lists(st.floats(-50, 50), min_size=1, max_size=20)
MARGINS = st.floats(1e-6, 1)
ALPHAS = st.floats(1e-6, 0.49)
MIRRORED = {
    ComparisonVerdict.MATERIALLY_FASTER: ComparisonVerdict.MATERIALLY_SLOWER,
    ComparisonVerdict.MATERIALLY_SLOWER: ComparisonVerdict.MATERIALLY_FASTER,
    ComparisonVerdict.FASTER: ComparisonVerdict.SLOWER,
    ComparisonVerdict.SLOWER: ComparisonVerdict.FASTER,
}


def interval(low: float, high: float) -> Interval:
    return Interval(low=low, high=high, confidence=0.95, method="given")


def numbers(comparison: Comparison) -> list[float]:
    fields = (*dataclasses.astuple(comparison), *dataclasses.astuple(comparison.estimate))
    return [field for field in fields if isinstance(field, float)]


@pytest.mark.parametrize("percent", [5, 10])
def test_verdict_agrees_with_the_vectors(block_vector: dict[str, Any], percent: int) -> None:
    comparison = judge(block_vector["block_log_ratios"], margin=percent / 100)
    assert comparison.verdict == block_vector[f"verdict_margin_{percent}pct"]


@pytest.mark.parametrize(
    ("wide", "narrow", "verdict"),
    [
        ((0.05, 0.20), (0.06, 0.19), ComparisonVerdict.MATERIALLY_SLOWER),
        ((-0.20, -0.05), (-0.19, -0.06), ComparisonVerdict.MATERIALLY_FASTER),
        ((-0.06, 0.03), (-0.04, 0.02), ComparisonVerdict.EQUIVALENT),
        ((0.01, 0.04), (0.02, 0.03), ComparisonVerdict.EQUIVALENT),
        ((0.01, 0.09), (0.02, 0.08), ComparisonVerdict.SLOWER),
        ((-0.09, -0.01), (-0.08, -0.02), ComparisonVerdict.FASTER),
        ((-0.01, 0.09), (0.00, 0.08), ComparisonVerdict.INCONCLUSIVE),
        ((0.0, 0.09), (0.00, 0.08), ComparisonVerdict.INCONCLUSIVE),
    ],
)
def test_verdict_is_the_first_statement_that_holds(
    wide: tuple[float, float], narrow: tuple[float, float], verdict: ComparisonVerdict
) -> None:
    assert classify(interval(*wide), interval(*narrow), margin=0.05) is verdict


def test_verdict_is_symmetrical_on_the_log_scale() -> None:
    # Within 5 % slower and within 5 % faster are the same distance: log(1.05) either way, 1 / 1.05 = 0.952.
    edge = math.log(1.05)
    assert classify(interval(0, edge), interval(0, edge - 1e-9), margin=0.05) is ComparisonVerdict.EQUIVALENT
    assert classify(interval(-edge, 0), interval(1e-9 - edge, 0), margin=0.05) is ComparisonVerdict.EQUIVALENT
    assert classify(interval(0, edge), interval(0, edge), margin=0.05) is ComparisonVerdict.INCONCLUSIVE


def test_verdict_without_an_interval_is_too_few_blocks() -> None:
    comparison = judge([0.5] * 5, margin=0.05)
    assert comparison.verdict is ComparisonVerdict.TOO_FEW_BLOCKS
    assert (comparison.blocks_needed, comparison.detectable_ratio) == (1, None)


def test_verdict_of_a_difference_or_of_too_little_is_never_equivalent() -> None:
    assert not ComparisonVerdict.INCONCLUSIVE.is_resolved
    assert not ComparisonVerdict.FASTER.is_resolved
    assert ComparisonVerdict.FASTER.is_different
    assert not ComparisonVerdict.EQUIVALENT.is_different
    assert ComparisonVerdict.EQUIVALENT.is_resolved


def test_comparison_carries_both_intervals() -> None:
    comparison = judge([-0.02, 0.01, 0.03, 0.02, 0.05, 0.04], margin=0.05)
    assert comparison.estimate.confidence == 0.95
    assert comparison.estimate.low == pytest.approx(math.exp(-0.02))
    # With 63 subset means the 90 % interval runs from the third smallest to the third largest.
    assert (comparison.equivalence_low, comparison.equivalence_high) == pytest.approx(
        (math.exp(0.0), math.exp(0.04)), abs=1e-9
    )


def test_comparison_needs_more_blocks_only_while_it_is_inconclusive() -> None:
    noisy, quiet = [0.09, -0.05, 0.07, -0.08, 0.06, -0.02, 0.05, -0.04], [0.001, -0.001] * 4
    in_all = blocks_to_resolve(float(np.std(noisy, ddof=1)), margin=0.05, alpha=0.05)
    assert judge(noisy, margin=0.05).blocks_needed == in_all - 8
    assert judge(quiet, margin=0.05).blocks_needed is None


@pytest.mark.parametrize(("sd", "blocks"), [(0.0, 6), (0.02, 6), (0.06, 26), (0.12, 96), (1e3, 1_000_000)])
def test_blocks_to_resolve_grow_with_the_square_of_the_sd(sd: float, blocks: int) -> None:
    assert blocks_to_resolve(sd, margin=0.05, alpha=0.05) == blocks


def test_blocks_to_resolve_make_the_interval_reach_half_the_margin() -> None:
    # t quantile for 26 and 25 blocks from the printed tables: 2.060 and 2.064.
    assert 2.060 * 0.06 / math.sqrt(26) <= math.log(1.05) / 2 < 2.064 * 0.06 / math.sqrt(25)


def test_detectable_ratio_is_that_of_the_paired_t_test() -> None:
    # Eight blocks attain 12 / 256; t quantiles for 7 degrees of freedom by an independent routine.
    assert detectable_ratio(8, sd=0.06, alpha=0.05) == pytest.approx(
        math.exp((2.4097 + 0.8960) * 0.06 / 8**0.5), rel=1e-4
    )


def test_detectable_ratio_does_not_exist_below_the_fewest_blocks() -> None:
    assert detectable_ratio(5, sd=0.06, alpha=0.05) is None


@pytest.mark.parametrize(("blocks", "rate"), [(5, 0), (6, 2 / 64), (8, 12 / 256), (16, 3276 / 65_536)])
def test_attained_alpha_is_a_count_of_sign_assignments(blocks: int, rate: float) -> None:
    assert attained_alpha(blocks, alpha=0.05) == pytest.approx(rate, rel=1e-9)


@given(ANY_BLOCKS, MARGINS, ALPHAS)
def test_comparison_of_finite_blocks_is_finite(blocks: list[float], margin: float, alpha: float) -> None:
    assert all(math.isfinite(number) for number in numbers(judge(blocks, margin=margin, alpha=alpha)))


@given(ANY_BLOCKS, MARGINS)
def test_verdict_is_mirrored_when_the_arms_are_swapped(blocks: list[float], margin: float) -> None:
    forth, back = judge(blocks, margin=margin), judge([-ratio for ratio in blocks], margin=margin)
    assert back.verdict == MIRRORED.get(forth.verdict, forth.verdict)


@given(ANY_BLOCKS, MARGINS)
def test_verdict_of_a_difference_always_has_an_interval_without_one(blocks: list[float], margin: float) -> None:
    comparison = judge(blocks, margin=margin)
    low, high = comparison.estimate.low, comparison.estimate.high
    excludes_one = low is not None and high is not None and not low <= 1 <= high
    assert excludes_one or not comparison.verdict.is_different


@given(st.lists(st.floats(-1e-300, 1e-300), min_size=6, max_size=16))
def test_comparison_of_tiny_blocks_is_equivalent(blocks: list[float]) -> None:
    assert judge(blocks, margin=0.05).verdict is ComparisonVerdict.EQUIVALENT


@pytest.mark.parametrize("margin", [0.0, -0.05, 1.5, math.nan, math.inf])
def test_comparison_refuses_a_margin_out_of_range(margin: float) -> None:
    with pytest.raises(ValueError, match="margin must lie between"):
        judge([0.1] * 8, margin=margin)


@pytest.mark.parametrize("alpha", [0.0, 0.5, math.nan])
def test_comparison_refuses_an_alpha_out_of_range(alpha: float) -> None:
    with pytest.raises(ValueError, match="alpha must lie between"):
        judge([0.1] * 8, margin=0.05, alpha=alpha)
