"""Laws of the estimate."""

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.statistics import Estimate, estimate


def numbers(summary: Estimate) -> list[float]:
    return [field for field in dataclasses.astuple(summary) if isinstance(field, float)]


def test_estimate_reads_as_a_ratio() -> None:
    summary = estimate([math.log(0.75)] * 8)
    assert summary.ratio == pytest.approx(0.75)
    assert summary.mean_ratio == pytest.approx(0.75)


def test_estimate_carries_both_intervals_as_ratios() -> None:
    summary = estimate([-0.02, 0.01, 0.03, 0.02, 0.05, 0.04])
    assert (summary.low, summary.high) == pytest.approx((math.exp(-0.02), math.exp(0.05)))
    assert (summary.t_low, summary.t_high) == pytest.approx((0.995616, 1.048884), abs=1e-6)


def test_estimate_becomes_its_reciprocal_when_the_arms_are_swapped() -> None:
    forth, back = estimate([0.1, 0.3, 0.2, -0.1, 0.05, 0.15]), estimate([-0.1, -0.3, -0.2, 0.1, -0.05, -0.15])
    assert (forth.low, forth.high) == pytest.approx((math.exp(-0.1), math.exp(0.3)))
    assert (back.low, back.high) == pytest.approx((math.exp(-0.3), math.exp(0.1)))
    assert back.ratio == pytest.approx(1 / forth.ratio)


def test_estimate_says_how_it_was_made() -> None:
    assert estimate([0.0] * 8).method == "Hodges-Lehmann; inverted sign-flip test, all 255 subsets of 8 blocks"
    assert estimate([0.0] * 32).method.endswith("65,536 seeded subsets of 32 blocks")


def test_estimate_of_too_few_blocks_says_so_and_gives_no_interval() -> None:
    summary = estimate([0.1, 0.2, 0.3, 0.2, 0.1])
    assert (summary.low, summary.high) == (None, None)
    assert summary.warnings == ("5 blocks cannot give a 95 % interval: at least 6 are needed",)


def test_estimate_of_one_block_has_no_spread() -> None:
    summary = estimate([0.1])
    assert (summary.log_sd, summary.t_low, summary.t_high) == (None, None, None)


def test_estimate_of_equal_blocks_warns_that_there_is_no_spread() -> None:
    summary = estimate([0.1] * 7)
    assert (summary.log_sd, summary.t_low) == (0.0, None)
    assert summary.warnings == ("all 7 blocks gave the same log-ratio: there is no spread to judge them by",)


def test_estimate_of_ordinary_blocks_has_no_warning() -> None:
    assert estimate([0.01, -0.02, 0.03, 0.0, 0.02, -0.01, 0.015, 0.005]).warnings == ()


def test_estimate_warns_when_the_two_intervals_disagree_on_a_difference() -> None:
    summary = estimate([0.01, 0.02, 0.03, 0.02, 0.11, 0.003])
    assert summary.warnings == (
        "the t interval and the subset-mean interval disagree on whether there is a difference",
    )


def test_estimate_warns_when_a_wild_block_carries_the_mean() -> None:
    summary = estimate([-0.1, -0.11, -0.09, -0.1, -0.12, -0.1, -0.11, -0.1, -0.1, -0.1, -0.1, 0.9])
    assert summary.warnings == ("a few blocks stand apart: they carry the mean and widen the interval",)


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=20), st.sampled_from([0.9, 0.95, 0.99, 0.999]))
def test_estimate_of_finite_blocks_is_finite(blocks: list[float], confidence: float) -> None:
    assert all(math.isfinite(number) for number in numbers(estimate(blocks, confidence=confidence)))


@given(st.lists(st.floats(-1e-300, 1e-300), min_size=1, max_size=20))
def test_estimate_of_tiny_blocks_is_finite(blocks: list[float]) -> None:
    assert all(math.isfinite(number) for number in numbers(estimate(blocks)))


@given(st.lists(st.floats(-50, 50), min_size=6, max_size=20))
def test_estimate_lies_in_its_interval_of_six_blocks_or_more(blocks: list[float]) -> None:
    summary = estimate(blocks)
    assert summary.low is not None
    assert summary.high is not None
    assert 0 < summary.low <= summary.high


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=8))
def test_estimate_of_anything_is_finite_or_refused(blocks: list[float]) -> None:
    try:
        summary = estimate(blocks)
    except ValueError as refusal:
        assert "log-ratio" in str(refusal)  # noqa: PT017 - either outcome is lawful
    else:
        assert all(math.isfinite(number) for number in numbers(summary))
