"""The time that is left: a range from the next planned look to the whole budget, and never more than that."""

import re

import pytest

from bench.campaign.progress import Pace

SECOND = 10**9


@pytest.fixture
def pace(make_plan, make_spec, make_trial):
    """Foresee a campaign of 12 trials a block (2 contenders and the A/A copy), 10 seconds each, budget 100 minutes."""

    def pace(*finished, done=0, **spec):
        plan = make_plan(looks=(8, 16), budget_seconds=6_000.0)
        trial = make_trial(wall_ns=9 * SECOND, overhead_ns=SECOND)
        made = Pace(plan, [trial] * done)
        for block, position in finished:
            made.note(make_spec(block=block, position=position, **spec), trial)
        return made

    return pace


def minutes(words):
    return [float(number) for number in re.findall(r"\d+\.\d", words)]


def test_at_the_start_the_least_is_the_first_look(pace):
    least, most = minutes(pace((1, 0)).left)
    assert least == pytest.approx((7 * 6 + 5) * 10 / 60, abs=0.06)
    assert most == pytest.approx((6_000 - 10) / 60, abs=0.06)


def test_the_least_falls_with_each_trial(pace):
    assert minutes(pace((1, 0), (1, 1)).left)[0] < minutes(pace((1, 0)).left)[0]


def test_after_a_look_the_least_is_the_next_one(pace):
    assert minutes(pace((9, 0)).left)[0] == pytest.approx((7 * 6 + 5) * 10 / 60, abs=0.06)


def test_at_the_very_end_of_a_look_nothing_may_be_left(pace):
    assert pace((8, 5)).left.startswith("0.0 to ")


def test_what_an_earlier_session_spent_is_spent(pace):
    assert minutes(pace((1, 0), done=60).left)[1] == pytest.approx(minutes(pace((1, 0)).left)[1] - 10, abs=0.06)


def test_where_the_budget_ends_first_only_the_budget_is_said(pace):
    assert pace((1, 0), done=598).left == "at most 0.2 min left"


def test_outside_of_the_timed_blocks_only_the_budget_is_said(pace):
    assert pace((0, 0), experiment="micro").left.startswith("at most ")


def test_nothing_is_ever_negative(pace):
    assert pace((1, 0), done=10_000).left == "at most 0.0 min left"
