"""Single tests: a twin is compared where it ran in every trial, and only what passed has a time."""

import pytest

from bench.model import ExecutedTest
from tests.made_up import finding_of

BLOCKS = range(1, 9)


def ran(name, total_ns, outcome="passed"):
    return ExecutedTest(f"unit/test_a.py::{name}", outcome, 0, total_ns, 0)


@pytest.fixture
def trials(make_spec, make_trial):
    """Give eight whole blocks; `sync` and `rival` give the tests of a block."""

    def trials(sync, rival):
        return [
            make_trial(make_spec(name, block=block, position=position), tests=tests(block))
            for block in BLOCKS
            for name, tests in (("sync", sync), ("async", rival))
            for position in ((0, 1) if name == "sync" else (2, 3))
        ]

    return trials


def test_a_twin_that_takes_twice_the_time_has_a_ratio_of_two(trials, make_plan):
    (twin,) = finding_of(make_plan(), "speed", trials(lambda _: (ran("a", 100),), lambda b: (ran("a", 200 + b),))).twins
    assert twin.ratio == pytest.approx(2.04, abs=0.01)
    assert twin.q_value < 0.05
    assert twin.layer == "unit"


def test_a_twin_that_never_changes_is_not_different(trials, make_plan):
    (twin,) = finding_of(make_plan(), "speed", trials(lambda _: (ran("a", 100),), lambda _: (ran("a", 100),))).twins
    assert (twin.ratio, twin.q_value) == (1.0, 1.0)


@pytest.mark.parametrize("missing", [(), (ran("a", 1, "skipped"),)])
def test_a_twin_that_one_trial_lacks_has_no_ratio_and_the_others_keep_theirs(trials, make_plan, missing):
    sync = lambda _: (ran("a", 100), ran("b", 100))  # noqa: E731 - one of two functions given to one call
    rival = lambda block: ((ran("a", 200),) if block != 3 else missing) + (ran("b", 300 + block),)  # noqa: E731
    found = {twin.test: twin for twin in finding_of(make_plan(), "speed", trials(sync, rival)).twins}
    first, second = (found[f"unit/test_a.py::{name}"] for name in ("a", "b"))
    assert (first.ratio, first.q_value) == (None, None)
    assert second.ratio == pytest.approx(3.05, abs=0.02)
    assert second.q_value is not None


def test_a_test_that_only_one_contender_has_is_no_twin(trials, make_plan):
    assert finding_of(make_plan(), "speed", trials(lambda _: (ran("a", 100),), lambda _: (ran("b", 100),))).twins == ()


def test_strangers_have_no_twins(trials, make_plan, make_contender):
    planned = make_plan(make_contender(twins=None), make_contender("async", twins=None))
    assert finding_of(planned, "speed", trials(lambda _: (ran("a", 100),), lambda _: (ran("a", 100),))).twins == ()


def test_the_slowest_test_of_a_layer_is_named_with_its_interval(trials, make_plan):
    found = finding_of(make_plan(), "speed", trials(lambda b: (ran("a", 100), ran("b", 500 + b)), lambda _: ())).layers
    (layer,) = found
    assert layer.slowest_test == "unit/test_a.py::b"
    assert 501 <= layer.slowest_low_ns <= layer.slowest_ns <= layer.slowest_high_ns <= 508
    assert layer.tests == 2


def test_a_test_that_did_not_pass_has_no_time_to_hold_against_a_limit(trials, make_plan):
    skipped = trials(lambda _: (ran("a", 100, "skipped"),), lambda _: (ran("a", 100, "failed"),))
    assert finding_of(make_plan(), "speed", skipped).layers == ()


def test_too_few_trials_give_no_interval(trials, make_plan):
    few = [trial for trial in trials(lambda _: (ran("a", 100),), lambda _: ()) if trial.block < 3]
    (layer,) = finding_of(make_plan(), "speed", few).layers
    assert (layer.slowest_ns, layer.slowest_low_ns) == (100, None)
