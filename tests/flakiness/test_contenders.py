"""Contenders are compared where both ran under the same conditions."""

from bench.flakiness.contenders import ALL, compare
from bench.model import Cell

SYNC = Cell(contender="sync", dependency_set="own", backend="sqlite")
ASYNC = Cell(contender="async", dependency_set="own", backend="sqlite")


def flaked(trials, *, failing=0, condition="schedule", start=0):
    return {(condition, start + number): number < failing for number in range(trials)}


def over_all(outcomes):
    return next(each for each in compare(outcomes, SYNC) if each.condition == ALL)


def test_a_clear_difference_is_told_with_who_flakes_more():
    found = over_all({SYNC: flaked(40), ASYNC: flaked(40, failing=20)})
    assert found.p_value < 0.001
    assert "async flakes more often" in found.words


def test_no_difference_comes_with_the_smallest_one_that_could_have_been_seen():
    found = over_all({SYNC: flaked(300), ASYNC: flaked(300)})
    assert (found.p_value, found.detectable_failures) == (1.0, 6)
    assert "no difference shown" in found.words


def test_only_places_that_both_measured_count():
    found = over_all({SYNC: flaked(10), ASYNC: flaked(30, failing=20, start=5)})
    assert (found.baseline_trials, found.rival_trials, found.rival_failures) == (5, 5, 5)


def test_a_cell_is_not_compared_with_itself():
    assert compare({SYNC: flaked(10)}, SYNC) == ()
