"""A survey learns from its trials: what hangs, what is renamed, what a condition breaks, what is left behind."""

from dataclasses import replace

import pytest

from bench.flakiness import knowledge
from bench.flakiness.conditions import Circumstances, under
from bench.flakiness.outcomes import Observation
from bench.flakiness.survey import fitted
from bench.model import ExecutedTest, Outcome
from tests.flakiness.conftest import name

PLAIN = Circumstances()


@pytest.fixture
def trial_of(make_trial):
    """Observe a trial that ran tests of these ids, or with other fields."""

    def trial_of(*tests, circumstances=PLAIN, **changes):
        passed = tuple(ExecutedTest(test, "passed", 1, 1, 1) for test in tests)
        return Observation(circumstances=circumstances, trial=make_trial(tests=passed, **changes))

    return trial_of


def test_ids_that_differ_are_followed_by_number(trial_of):
    seen = [trial_of("a.py::test[x1]", "a.py::test_b[1]"), trial_of("a.py::test[x2]", "a.py::test_b[1]")]
    assert knowledge.unstable_functions(seen) == ("a.py::test",)
    assert fitted(Circumstances(), seen).numbered == ("a.py::test",)


def test_a_function_once_numbered_stays_numbered(trial_of):
    numbered = Circumstances(numbered=("a.py::test",))
    seen = [trial_of("a.py::test[0]", circumstances=numbered), trial_of("a.py::test[0]", circumstances=numbered)]
    assert knowledge.unstable_functions(seen) == ("a.py::test",)
    assert knowledge.unstable_tests(seen) == 1


def test_a_test_that_was_left_out_is_not_renamed(trial_of):
    without = Circumstances(without=("a.py::test[2]",))
    seen = [trial_of("a.py::test[1]", "a.py::test[2]"), trial_of("a.py::test[1]", circumstances=without)]
    assert knowledge.unstable_functions(seen) == ()


def test_a_test_that_hung_is_left_out_of_what_follows(trial_of):
    hung = trial_of("a.py::test_a", outcome=Outcome.HUNG, unfinished="a.py::test_b")
    assert fitted(Circumstances(), [hung]).without == ("a.py::test_b",)


def test_a_process_that_died_leaves_nothing_out(trial_of):
    assert fitted(Circumstances(), [trial_of(outcome=Outcome.KILLED, unfinished="a.py::test_b")]).without == ()


def test_what_a_condition_breaks_each_time_is_spared_by_it(make_suite, under):
    suite = make_suite({3: under("clock")}, size=5)
    seen = suite.survey(Circumstances(), _clock(1), Circumstances(hash_seed=2), _clock(2))
    assert knowledge.spared(seen) == (("clock", (name(3),)),)


def test_one_failure_spares_nothing(make_suite, under):
    seen = make_suite({3: under("clock")}, size=5).survey(Circumstances(), _clock(1), Circumstances(hash_seed=2))
    assert knowledge.spared(seen) == ()


def test_what_fails_without_the_condition_too_is_not_spared(make_suite):
    suite = make_suite({3: lambda *_: False}, size=5)
    assert knowledge.spared(suite.survey(Circumstances(), _clock(1), Circumstances(), _clock(2))) == ()


def test_files_that_appear_and_files_that_change_are_kept_apart(trial_of):
    first = trial_of(facts={"tree": [["+", "state.db"], ["~", "data.json"]]})
    second = trial_of(facts={"tree": [["~", "state.db"], ["-", "old.txt"]]})
    assert knowledge.appeared([first, second]) == ("state.db",)
    assert knowledge.changed([first, second]) == ("data.json", "old.txt")


def test_those_that_leave_something_go_first_forth_and_back(make_suite):
    suite = make_suite(size=6, left={name(2): ["x = 1"], name(4): ["y = 1"]})
    seen = suite.survey(Circumstances(), under("watched"))
    led = [fitted(under("polluters-first", seed), seen) for seed in (2, 3)]
    assert [suite.order(place)[:2] for place in led] == [[name(2), name(4)], [name(4), name(2)]]
    assert [suite.order(place)[2:] for place in led] == [
        [name(0), name(1), name(3), name(5)],
        [name(5), name(3), name(1), name(0)],
    ]


def test_where_nothing_is_left_behind_a_random_order_takes_the_place(make_suite):
    seen = make_suite(size=6).survey(Circumstances(), under("watched"))
    assert fitted(under("polluters-first", 7), seen).settings == under("random-order", 7).settings


def test_a_suite_of_one_file_is_shuffled_by_tests_where_files_were_meant(make_suite):
    seen = make_suite(size=6).survey(Circumstances())
    assert fitted(under("module-order", 7), seen).settings == under("random-order", 7).settings
    two = make_suite(tests=("a.py::test_a", "b.py::test_b")).survey(Circumstances())
    assert fitted(under("module-order", 7), two).settings == under("module-order", 7).settings


def _clock(seed):
    return replace(under("clock", seed), hash_seed=seed)
