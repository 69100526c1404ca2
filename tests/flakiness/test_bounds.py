"""Nothing is ever "not flaky": a count travels with what it bounds."""

import pytest

from bench.flakiness import bounds
from bench.flakiness.conditions import PLAIN


@pytest.mark.parametrize(
    ("trials", "words"), [(30, "0/30, at most 9.5 %"), (59, "0/59, at most 5 %"), (300, "0/300, at most 0.99 %")]
)
def test_no_failure_is_said_with_its_bound(trials, words):
    assert bounds.bound_words(0, trials) == words


def test_nothing_run_is_said():
    assert bounds.bound_words(0, 0) == "not run"


def test_plain_trials_stand_first_and_are_tested_against():
    outcomes = [((PLAIN,), False)] * 10 + [(("clock",), True)] * 10 + [(("schedule",), False)] * 10
    grid = bounds.grid(outcomes)
    assert [each.condition for each in grid] == [PLAIN, "clock", "schedule"]
    assert grid[0].p_value is None
    assert grid[1].p_value < 0.001
    assert grid[2].p_value < 0.05  # against all others: it fails less often


def test_a_trial_counts_under_each_condition_that_it_carries():
    outcomes = [((PLAIN,), False), (("clock", "schedule"), True), (("schedule",), False)]
    assert [(each.condition, each.failures, each.trials) for each in bounds.grid(outcomes)] == [
        (PLAIN, 0, 1),
        ("clock", 1, 1),
        ("schedule", 1, 2),
    ]


def test_holm_makes_every_p_value_at_least_as_large():
    clock = [(("clock",), True)] * 3 + [(("clock",), False)] * 5
    alone = bounds.grid([((PLAIN,), False)] * 8 + clock)
    family = bounds.grid([((PLAIN,), False)] * 7 + [(("schedule",), False)] + clock)
    assert (family[1].failures, family[1].trials) == (alone[1].failures, alone[1].trials)
    assert family[1].p_value > alone[1].p_value
