"""Laws of the point estimate and of the intervals on the log scale."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.statistics import fewest_blocks, hodges_lehmann, sign_flip_p, subset_mean_interval, t_interval
from bench.statistics.interval import Interval, mean_and_sd

ANY_BLOCKS = st.lists(st.floats(-50, 50), min_size=1, max_size=20)
ENOUGH_BLOCKS = st.lists(st.floats(-1, 1), min_size=6, max_size=20)


def bounds(interval: Interval | None) -> tuple[float, float] | None:
    return (interval.low, interval.high) if interval else None


def test_hodges_lehmann_agrees_with_the_vectors(block_vector: dict[str, Any]) -> None:
    centre = hodges_lehmann(block_vector["block_log_ratios"])
    assert centre == pytest.approx(block_vector["hodges_lehmann"], abs=1e-9)


def test_mean_agrees_with_the_vectors(block_vector: dict[str, Any]) -> None:
    mean, _ = mean_and_sd(block_vector["block_log_ratios"])
    assert mean == pytest.approx(block_vector["mean"], abs=1e-9)


@pytest.mark.parametrize("percent", [90, 95])
def test_subset_mean_interval_agrees_with_the_vectors(block_vector: dict[str, Any], percent: int) -> None:
    interval = subset_mean_interval(block_vector["block_log_ratios"], confidence=percent / 100)
    expected = block_vector[f"subset_interval_{percent}"]
    assert bounds(interval) == (expected and pytest.approx(tuple(expected), abs=1e-9))


def test_t_interval_agrees_with_the_vectors(block_vector: dict[str, Any]) -> None:
    expected = block_vector["t_interval_95"]
    interval = t_interval(block_vector["block_log_ratios"], confidence=0.95)
    assert bounds(interval) == (expected and pytest.approx(tuple(expected), abs=1e-9))


@pytest.mark.parametrize(("confidence", "blocks"), [(0.9, 5), (0.95, 6), (1 - 0.05 / 3, 7), (0.99, 8), (0.5, 2)])
def test_subset_mean_interval_needs_the_fewest_blocks_and_no_more(confidence: float, blocks: int) -> None:
    assert fewest_blocks(confidence) == blocks
    assert subset_mean_interval(range(blocks - 1), confidence=confidence) is None
    assert subset_mean_interval(range(blocks), confidence=confidence) is not None


@given(ENOUGH_BLOCKS)
def test_subset_mean_interval_excludes_zero_exactly_when_the_sign_flip_test_rejects(
    blocks: list[float],
) -> None:
    interval = subset_mean_interval(blocks, confidence=0.95)
    assert interval is not None
    assert (0 not in interval) == (sign_flip_p(blocks) <= 0.05)


@given(ENOUGH_BLOCKS)
def test_subset_mean_interval_mirrors_when_the_arms_are_swapped(blocks: list[float]) -> None:
    interval = subset_mean_interval(blocks, confidence=0.95)
    mirrored = subset_mean_interval([-ratio for ratio in blocks], confidence=0.95)
    assert interval is not None
    assert bounds(mirrored) == pytest.approx((-interval.high, -interval.low), abs=1e-11)


@given(ENOUGH_BLOCKS, st.floats(1e-3, 10))
def test_subset_mean_interval_scales_with_the_blocks(blocks: list[float], factor: float) -> None:
    interval = subset_mean_interval(blocks, confidence=0.95)
    scaled = subset_mean_interval([factor * ratio for ratio in blocks], confidence=0.95)
    assert interval is not None
    assert bounds(scaled) == pytest.approx((factor * interval.low, factor * interval.high), abs=1e-10)


@given(ENOUGH_BLOCKS, st.floats(-5, 5))
def test_subset_mean_interval_moves_with_the_blocks(blocks: list[float], shift: float) -> None:
    interval = subset_mean_interval(blocks, confidence=0.95)
    moved = subset_mean_interval([ratio + shift for ratio in blocks], confidence=0.95)
    assert interval is not None
    assert bounds(moved) == pytest.approx((interval.low + shift, interval.high + shift), abs=1e-10)


@given(ENOUGH_BLOCKS)
def test_subset_mean_interval_widens_with_confidence(blocks: list[float]) -> None:
    wide, narrow = (subset_mean_interval(blocks, confidence=level) for level in (0.95, 0.9))
    assert wide is not None
    assert narrow is not None
    assert wide.low <= narrow.low <= narrow.high <= wide.high


@given(ENOUGH_BLOCKS)
def test_hodges_lehmann_lies_within_the_blocks(blocks: list[float]) -> None:
    assert min(blocks) <= hodges_lehmann(blocks) <= max(blocks)


@given(ANY_BLOCKS)
def test_t_interval_is_finite_or_absent(blocks: list[float]) -> None:
    interval = t_interval(blocks, confidence=0.99)
    assert interval is None or math.isfinite(interval.length)


@pytest.mark.parametrize("blocks", [[0.3], [0.1] * 7, [0.0, 0.0]])
def test_t_interval_is_absent_without_spread(blocks: list[float]) -> None:
    assert t_interval(blocks, confidence=0.95) is None


@pytest.mark.parametrize("confidence", [0.0, 1.0, -1.0, math.nan])
def test_confidence_outside_zero_to_one_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="confidence must lie between 0 and 1"):
        subset_mean_interval([0.1] * 8, confidence=confidence)


def test_sampled_interval_is_close_to_the_exact_one() -> None:
    # With 32 Gaussian blocks the sign-flip test and Student's test agree to within a few per cent.
    blocks = np.random.default_rng(7).normal(0.1, 0.05, 32)
    sampled, student = subset_mean_interval(blocks, confidence=0.95), t_interval(blocks, confidence=0.95)
    assert sampled is not None
    assert student is not None
    assert bounds(sampled) == pytest.approx(bounds(student), rel=0.03)
