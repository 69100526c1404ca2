"""Laws of the interval of a median."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.statistics import median_interval


@pytest.mark.parametrize(
    # Ranks from the critical values of the sign test (W. J. Conover, "Practical Nonparametric Statistics").
    ("size", "low", "high"),
    [(6, 1, 6), (8, 1, 8), (9, 2, 8), (10, 2, 9), (15, 4, 12), (20, 6, 15), (100, 40, 61)],
)
def test_median_interval_runs_between_two_order_statistics(size: int, low: int, high: int) -> None:
    interval = median_interval(range(1, size + 1))
    assert interval is not None
    assert (interval.low, interval.high) == (low, high)


def test_median_interval_names_its_order_statistics() -> None:
    interval = median_interval(range(10))
    assert interval is not None
    assert interval.method == "order statistics 2 and 9 of 10"


@pytest.mark.parametrize("size", [1, 2, 5])
def test_median_interval_needs_six_observations(size: int) -> None:
    assert median_interval([1.0] * size) is None


@given(st.lists(st.floats(-1e300, 1e300), min_size=6, max_size=50))
def test_median_interval_lies_within_the_observations(observations: list[float]) -> None:
    interval = median_interval(observations)
    assert interval is not None
    assert min(observations) <= interval.low <= interval.high <= max(observations)


@pytest.mark.parametrize("broken", [[], [1.0, math.nan], [math.inf], [[1.0], [2.0]]])
def test_median_interval_refuses_what_has_no_order(broken: list[float]) -> None:
    with pytest.raises(ValueError, match="at least one observation"):
        median_interval(broken)


@pytest.mark.parametrize("confidence", [0.0, 1.0, math.nan])
def test_median_interval_refuses_a_confidence_out_of_range(confidence: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        median_interval([1.0] * 8, confidence=confidence)
