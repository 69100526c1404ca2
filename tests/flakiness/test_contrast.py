"""A cause needs two rates that differ by an exact test."""

import pytest

from bench.flakiness import replay
from bench.flakiness.conditions import Circumstances, only, under
from bench.flakiness.contrast import MOST_CONTROLS, Contrast
from bench.flakiness.notebook import Notebook
from bench.flakiness.verdict import Replay
from tests.flakiness.conftest import name


def contrast(failures, runs, without_failures, without_runs):
    return Contrast(
        cause="under clock",
        failures=failures,
        runs=runs,
        without_failures=without_failures,
        without_runs=without_runs,
    )


@pytest.mark.parametrize(
    ("counts", "is_shown"),
    [
        ((10, 10, 0, 4), True),  # one of 1,001 ways to place the failures
        ((10, 10, 10, 10), False),
        ((10, 10, 9, 10), False),
        ((9, 10, 1, 10), True),
        ((5, 5, 0, 4), False),  # one of 126
        ((0, 10, 10, 10), False),  # the difference has a direction
        ((10, 10, 0, 0), False),
        ((0, 0, 0, 10), False),
    ],
)
def test_a_difference_is_shown_by_both_rates_or_not_at_all(counts, is_shown):
    assert contrast(*counts).is_shown is is_shown


def test_the_sentence_holds_both_counts_and_the_test():
    assert contrast(10, 10, 0, 4).words == (
        "fails in 10 of 10 runs under clock, in 0 of 4 without (Fisher's exact test, one-sided: p = 0.001)"
    )


@pytest.fixture
def controls(make_suite):
    """Count the controls that a replay with these failures gets, for a control that passes as `passes` says."""

    def controls(failures, runs, passes):
        suite = make_suite({0: passes}, size=1)
        notebook = Notebook([], budget_seconds=1e9)
        plain = Circumstances(order=only(name(0)))
        proof = Replay(
            circumstances=under("clock"),
            attempts=1,
            failures=failures,
            runs=runs,
            single_failures=failures,
            single_runs=runs,
        )
        found = suite.answer(replay.contrast(notebook, name(0), proof, plain, cause="under clock"))
        return found.without_runs, found.is_shown

    return controls


def test_four_controls_that_pass_are_enough_for_what_always_fails(controls):
    assert controls(10, 10, lambda *_: True) == (4, True)


def test_a_rate_below_one_gets_as_many_controls_as_it_needs(controls):
    runs, is_shown = controls(10, 13, lambda *_: True)
    assert 4 < runs < MOST_CONTROLS
    assert is_shown


def test_controls_end_once_no_more_of_them_could_help(controls):
    assert controls(10, 10, lambda *_: False) == (5, False)  # 10 of 10 against 5 of 10 is p = 0.016
