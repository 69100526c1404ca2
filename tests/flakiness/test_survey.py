"""A survey spends its executions on what may still show something, and ends when more would not."""

from dataclasses import replace

import pytest

from bench.flakiness import survey
from bench.flakiness.conditions import Circumstances
from bench.flakiness.survey import Limits
from tests.flakiness.conftest import name

PLENTY = 1e9


@pytest.fixture
def conduct():
    """Make a survey of a suite."""

    def conduct(suite, *, seed=3, **limits):
        chosen = Limits(**{"suite_runs": 20, "seconds": PLENTY} | limits)
        return suite.answer(survey.conduct(seed, {}, chosen))

    return conduct


def test_what_was_delayed_or_drew_values_is_run_again_by_itself_under_more_seeds(make_suite, conduct):
    seen = conduct(make_suite(facts={"delayed": [name(1)], "random": [name(2)]}))
    focused = [each for each in seen if not each.is_whole]
    assert len(focused) > 20
    assert {test.id for each in focused for test in each.trial.tests} == {name(1), name(2)}
    seeds = [each.circumstances.settings for each in focused]
    assert len(set(seeds)) == len(seeds)


def test_what_a_busy_machine_slows_down_is_run_on_a_busier_one(make_suite, conduct):
    suite = make_suite()
    plain = suite.run

    def run(circumstances):
        trial = plain(circumstances)
        names = circumstances.names
        times = {name(1): 90 if "pressure" in names else 30, name(2): 35 if "pressure" in names else 30}
        tests = tuple(test._replace(call_ns=times.get(test.id, 1) * 10**6) for test in trial.tests)
        return replace(trial, tests=tests)

    suite.run = run
    focused = [each for each in conduct(suite) if not each.is_whole]
    assert {each.circumstances.names for each in focused} == {("heavy-pressure",)}
    assert {test.id for each in focused for test in each.trial.tests} == {name(1)}
    assert len(focused) == survey.MOST_STRAINED


def test_what_flipped_already_is_not_run_again(make_suite, conduct, under):
    suite = make_suite({1: under("schedule")}, facts={"delayed": [name(1)]})
    assert all(each.is_whole for each in conduct(suite))


def test_plain_trials_and_focused_ones_together_keep_to_the_suite_runs(make_suite, conduct):
    suite = make_suite(facts={"delayed": [name(number) for number in range(40)]})
    assert sum(len(each.trial.tests) for each in conduct(suite)) <= 20 * 100


def test_a_survey_ends_when_its_time_is_up(make_suite, conduct):
    assert len(conduct(make_suite(), seconds=5)) <= 6


def test_two_at_once_take_half_the_time(make_suite, conduct):
    assert len(conduct(make_suite(), seconds=6, jobs=2)) > len(conduct(make_suite(), seconds=6)) + 3


def test_a_bound_that_is_asked_for_ends_it(make_suite, conduct):
    seen = conduct(make_suite(size=3), suite_runs=500, until=0.05)
    assert len(seen) == 59  # 0 of 59 bounds the rate at 5 %
    assert survey.bound(seen) <= 0.05


def test_it_ends_when_everything_was_seen_often(make_suite, conduct):
    often = {number: lambda circumstances, _: circumstances.hash_seed % 2 == 0 for number in (1, 2)}
    assert len(conduct(make_suite(often), suite_runs=60)) < 54


def test_the_promise_holds_runs_rate_and_what_orders_show(make_trial):
    text = survey.promise(make_trial(wall_ns=10 * 10**9), Limits(suite_runs=20, seconds=100, jobs=1))
    assert "takes 10.0 s: 10 of them fit" in text
    assert "26 % of such runs" in text  # 1 - 0.05 ** (1 / 10)
    assert "chance of 0.001" in text  # 0.5 ** 10


def test_tests_that_always_fail_are_no_part_of_the_bound(make_suite):
    suite = make_suite({1: lambda *_: False}, size=4)
    seen = suite.survey(*(Circumstances(hash_seed=number) for number in range(10)))
    assert survey.bound(seen) == pytest.approx(1 - 0.05 ** (1 / 10))
