"""What a suite really exercised is counted once and told per contender."""

import pytest

from tests.made_up import finding_of


@pytest.fixture
def plan(make_plan, make_contender):
    return make_plan(make_contender("sync"), make_contender("async"))


@pytest.fixture
def finding(plan):
    """Give the finding of the first contender."""
    return lambda *trials: finding_of(plan, "counting", trials).cells[0]


def test_nothing_is_told_of_a_cell_that_was_not_counted(plan, make_trial):
    assert finding_of(plan, "counting", [make_trial()]).cells == ()


def test_portal_calls_are_told_per_request(finding, make_counted):
    assert finding(make_counted("sync", requests=4, portal_calls=32)).portal_calls_per_request == 8


def test_a_suite_without_requests_has_no_number_per_request(finding, make_counted):
    assert finding(make_counted("sync", requests=0)).portal_calls_per_request is None


def test_the_share_outside_is_what_neither_application_nor_driver_worked(finding, make_counted):
    # The two tests of the factory take 66,000 ns in all.
    assert finding(make_counted("sync", working_ns=16_500)).outside_share == pytest.approx(0.75)


def test_the_share_outside_is_never_negative(finding, make_counted):
    assert finding(make_counted("sync", working_ns=10**9)).outside_share == 0


def test_a_driver_that_only_rivals_open_is_named(finding, make_counted):
    bridged = make_counted("sync", connections={"sqlite3": 1})
    rival = make_counted("async", connections={"aiosqlite": 2})
    (sentence,) = finding(bridged, rival).sentences
    assert sentence.startswith("sync never opens the async driver aiosqlite on SQLite")


def test_a_sync_driver_that_only_rivals_open_is_no_lack(finding, make_counted):
    own = make_counted("sync", connections={"aiosqlite": 1})
    assert finding(own, make_counted("async", connections={"aiosqlite": 1, "sqlite3": 1})).sentences == ()


def test_the_floor_is_the_least_time_of_the_same_requests_inside_the_application(finding, make_counted):
    found = finding(make_counted("sync", application_ns=3000), make_counted("async", application_ns=2000))
    assert found.floor_ns == 2000


def test_the_distance_from_the_floor_is_that_of_the_median_wall_time(finding, make_counted, make_trial):
    found = finding(make_counted("sync", application_ns=10**8), make_trial())
    assert found.floor_ratio == pytest.approx(10.0)


def test_different_requests_have_no_common_floor(finding, make_counted):
    assert finding(make_counted("sync", requests=4), make_counted("async", requests=5)).floor_ns is None
