"""Before any time counts, rivals must have done the same work."""

import pytest

from bench.model import ExecutedTest, Outcome
from bench.paired.equal_work import are_twins, differences, layer, twin_id


def one_test(outcome="passed", name="unit/test_a.py::test_one"):
    return ExecutedTest(name, outcome, 1, 1, 1)


@pytest.fixture
def pair(make_spec, make_trial):
    """Give one trial of each contender with these changes."""

    def pair(sync=None, rival=None):
        return [make_trial(make_spec("sync"), **(sync or {})), make_trial(make_spec("async"), **(rival or {}))]

    return pair


@pytest.fixture
def unequal(make_spec):
    def unequal(trials, *, twins=True):
        return differences(trials, make_spec("sync").cell, make_spec("async").cell, twins=twins)

    return unequal


def test_equal_work_has_no_differences(pair, unequal):
    assert unequal(pair()) == ()


def test_a_test_that_only_one_executed_is_named(pair, unequal):
    two = (one_test(), one_test(name="api/test_b.py::test_two"))
    trials = pair(sync={"tests": two}, rival={"tests": (one_test(),)})
    assert unequal(trials) == ("only sync@sqlite/own executed api/test_b.py::test_two (passed)",)


def test_a_test_with_another_outcome_is_named_for_both(pair, unequal):
    two = one_test(name="unit/test_a.py::test_two")
    trials = pair(sync={"tests": (one_test(), two)}, rival={"tests": (one_test("skipped"), two)})
    assert "only sync@sqlite/own executed unit/test_a.py::test_one (passed)" in unequal(trials)
    assert "only async@sqlite/own executed unit/test_a.py::test_one (skipped)" in unequal(trials)


def test_a_test_executed_twice_is_a_difference(pair, unequal):
    assert unequal(pair(sync={"tests": (one_test(), one_test())}, rival={"tests": (one_test(),)}))


def test_many_differences_are_counted_not_listed(pair, unequal):
    many = tuple(one_test(name=f"unit/test_a.py::test_{number}") for number in range(9))
    assert "and 5 more" in unequal(pair(sync={"tests": many}, rival={"tests": many[:1]}))[0]


def test_a_route_with_another_count_is_named_with_both_counts(pair, unequal):
    sync, rival = ({"facts": {"requests": {"GET /users 200": count}}} for count in (2, 3))
    assert "GET /users 200 (2 against 3)" in unequal(pair(sync, rival))[0]


def test_a_route_that_only_one_asked_for_is_named(pair, unequal):
    sync, rival = ({"facts": {"requests": requests}} for requests in ({}, {"POST /login 201": 1}))
    assert "POST /login 201 (0 against 1)" in unequal(pair(sync, rival))[0]


def test_a_failed_trial_is_told_with_its_tests(pair, unequal):
    broken = {"outcome": Outcome.FAILED, "tests": (one_test("failed"),)}
    assert unequal(pair(rival=broken)) == (
        "async@sqlite/own failed in 1 of 1 trials (failed: unit/test_a.py::test_one)",
    )


def test_tests_that_change_from_trial_to_trial_are_told(pair, unequal, make_trial, make_spec):
    other = make_trial(make_spec("async", position=1), tests=(one_test(),))
    assert "did not execute the same tests in each of its trials" in " ".join(unequal([*pair(), other]))


def test_strangers_are_compared_without_their_tests(pair, unequal):
    assert unequal(pair(rival={"tests": (one_test(name="test_x.py::test_y"),)}), twins=False) == ()


def test_a_stranger_that_failed_cannot_be_compared(pair, unequal):
    assert unequal(pair(rival={"outcome": Outcome.HUNG}), twins=False)


@pytest.mark.parametrize("twins", [True, False])
def test_a_suite_in_which_no_test_passed_is_no_work(pair, unequal, twins):
    nothing = {"tests": (one_test("skipped"),)}
    assert "no test passed" in " ".join(unequal(pair(nothing, nothing), twins=twins))


@pytest.mark.parametrize("measured", ["sync", "async"])
def test_what_was_not_measured_is_not_unequal(pair, unequal, measured):
    assert unequal([trial for trial in pair() if trial.cell.contender == measured]) == ()


def test_nothing_measured_is_not_unequal(unequal):
    assert unequal([]) == ()


@pytest.mark.parametrize(
    ("test_id", "expected"),
    [
        ("unit/test_a.py::test_one", "unit/test_a.py::test_one"),
        ("suites/sync/unit/test_a.py::test_one", "unit/test_a.py::test_one"),
        ("suites/async/api/v1/test_a.py::test_one", "api/v1/test_a.py::test_one"),
        ("unit/api/test_a.py::test_one", "unit/api/test_a.py::test_one"),
        ("test_a.py::test_one[unit/x]", "test_a.py::test_one[unit/x]"),
        ("unit.py::test_one", "unit.py::test_one"),
        ("unit/test_a.py::Class::test_one[a::b]", "unit/test_a.py::Class::test_one[a::b]"),
    ],
)
def test_a_twin_is_named_from_its_layer(test_id, expected):
    assert twin_id(test_id) == expected


@pytest.mark.parametrize(
    ("test_id", "expected"), [("a/integration/test_b.py::c", "integration"), ("test_b.py::c", ""), ("", "")]
)
def test_a_layer_is_the_folder_that_names_it(test_id, expected):
    assert layer(test_id) == expected


def test_twins_share_a_family(make_contender):
    assert are_twins(make_contender(twins="a"), make_contender(twins="a"))
    assert not are_twins(make_contender(twins="a"), make_contender(twins="b"))
    assert not are_twins(make_contender(twins=None), make_contender(twins=None))
