"""Laws of the block log-ratio."""

import numpy as np
import pytest

from bench.statistics import block_log_ratios, estimate


def test_log_ratio_is_the_difference_of_mean_logs() -> None:
    ratios = block_log_ratios([[1.0, 4.0], [2.0, 2.0]], [[2.0, 2.0], [4.0, 8.0]])
    assert ratios == pytest.approx([0.0, np.log(2) * 1.5])


def test_log_ratio_does_not_depend_on_the_unit() -> None:
    seconds = block_log_ratios([[1.5, 1.7]], [[1.1, 1.2]])
    nanoseconds = block_log_ratios([[1_500_000_000, 1_700_000_000]], [[1_100_000_000, 1_200_000_000]])
    assert nanoseconds == pytest.approx(seconds)


def test_log_ratio_cancels_a_drift_that_is_linear_over_a_mirrored_block() -> None:
    drift = np.exp([0.0, 0.1, 0.2, 0.3])
    assert block_log_ratios([drift[[0, 3]]], [drift[[1, 2]]]) == pytest.approx([0.0])


def test_log_ratio_changes_sign_when_the_arms_are_swapped() -> None:
    first, second = [[1.0, 2.0], [3.0, 5.0]], [[7.0, 11.0], [13.0, 17.0]]
    assert block_log_ratios(first, second) == pytest.approx(-block_log_ratios(second, first))


@pytest.mark.parametrize("broken", [0.0, -1.0, np.nan, np.inf])
def test_log_ratio_refuses_a_duration_without_a_logarithm(broken: float) -> None:
    with pytest.raises(ValueError, match="not a finite positive number"):
        block_log_ratios([[1.0, broken]], [[1.0, 1.0]])


def test_log_ratio_refuses_arms_of_different_shape() -> None:
    with pytest.raises(ValueError, match="different shapes"):
        block_log_ratios([[1.0, 1.0]], [[1.0]])


def test_log_ratio_refuses_durations_without_blocks() -> None:
    with pytest.raises(ValueError, match="shape"):
        block_log_ratios([], [])


@pytest.mark.parametrize("broken", [np.nan, np.inf, -np.inf])
def test_log_ratio_that_is_not_finite_is_refused_by_every_estimate(broken: float) -> None:
    with pytest.raises(ValueError, match="1 of 3 log-ratios are not finite"):
        estimate([0.1, broken, 0.2])


def test_log_ratio_beyond_two_measured_durations_is_refused() -> None:
    with pytest.raises(ValueError, match=r"1e\+300 cannot come from two measured durations"):
        estimate([0.1, 1e300])


def test_log_ratio_of_no_block_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one block"):
        estimate([])
