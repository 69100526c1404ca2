"""Laws of the proportions."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.statistics import (
    clopper_pearson,
    fewest_detectable_failures,
    fisher_p,
    mcnemar_p,
    upper_bound,
    wilson,
)

COUNTS = st.integers(1, 400).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials)))


def test_clopper_pearson_agrees_with_the_vectors(proportion_vector: dict[str, Any]) -> None:
    interval = clopper_pearson(proportion_vector["failures"], proportion_vector["trials"])
    assert (interval.low, interval.high) == pytest.approx(tuple(proportion_vector["two_sided_95"]), abs=1e-9)


def test_upper_bound_agrees_with_the_vectors(proportion_vector: dict[str, Any]) -> None:
    bound = upper_bound(proportion_vector["failures"], proportion_vector["trials"])
    assert bound == pytest.approx(proportion_vector["upper_95_one_sided"], abs=1e-9)


def test_wilson_agrees_with_the_vectors(proportion_vector: dict[str, Any]) -> None:
    interval = wilson(proportion_vector["failures"], proportion_vector["trials"])
    assert (interval.low, interval.high) == pytest.approx(tuple(proportion_vector["wilson_95"]), abs=1e-9)


def test_fisher_agrees_with_the_vectors(fisher_vector: dict[str, Any]) -> None:
    (first, first_passed), (second, second_passed) = fisher_vector["table"]
    counts = (first, second), (first + first_passed, second + second_passed)
    assert fisher_p(*counts) == pytest.approx(fisher_vector["p_two_sided"], abs=1e-9)
    one_sided = fisher_p(*counts, alternative="greater")
    assert one_sided == pytest.approx(fisher_vector["p_one_sided_greater"], abs=1e-9)


def test_mcnemar_agrees_with_the_vectors(mcnemar_vector: dict[str, Any]) -> None:
    p_value = mcnemar_p(mcnemar_vector["only_a"], mcnemar_vector["only_b"])
    assert p_value == pytest.approx(mcnemar_vector["p_exact"], abs=1e-9)


@pytest.mark.parametrize(("trials", "percent"), [(30, 9.50), (59, 4.95), (100, 2.95), (300, 0.99)])
def test_no_failure_still_bounds_the_rate_from_above(trials: int, percent: float) -> None:
    assert 100 * upper_bound(0, trials) == pytest.approx(percent, abs=0.005)


@pytest.mark.parametrize(("trials", "one_sided", "two_sided"), [(300, 5, 6), (20, 5, 5), (4, 4, 4), (2, None, None)])
def test_fewest_detectable_failures_are_the_first_significant_count(
    trials: int, one_sided: int | None, two_sided: int | None
) -> None:
    assert fewest_detectable_failures(trials, against=trials) == one_sided
    assert fewest_detectable_failures(trials, against=trials, alternative="two-sided") == two_sided


def test_mcnemar_without_discordant_pairs_finds_nothing() -> None:
    assert mcnemar_p(0, 0) == 1.0


@given(COUNTS)
def test_intervals_of_a_proportion_contain_it_and_stay_within_zero_to_one(count: tuple[int, int]) -> None:
    for interval in (clopper_pearson(*count), wilson(*count)):
        assert 0 <= interval.low <= count[0] / count[1] <= interval.high <= 1


@given(COUNTS)
def test_interval_of_failures_mirrors_that_of_successes(count: tuple[int, int]) -> None:
    failures, trials = count
    interval, mirrored = clopper_pearson(failures, trials), clopper_pearson(trials - failures, trials)
    assert (mirrored.low, mirrored.high) == pytest.approx((1 - interval.high, 1 - interval.low), abs=1e-9)


@pytest.mark.parametrize(("failures", "trials"), [(1, 0), (0, 0), (-1, 5), (6, 5)])
def test_impossible_counts_are_refused(failures: int, trials: int) -> None:
    with pytest.raises(ValueError, match="not a possible count"):
        upper_bound(failures, trials)


def test_negative_pairs_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        mcnemar_p(-1, 2)
