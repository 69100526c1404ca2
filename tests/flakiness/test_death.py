"""A process that ends during another test each time is the fault of none of them."""

from dataclasses import replace

import pytest

from bench.flakiness.conditions import Circumstances, under
from bench.flakiness.findings import FlakeClass
from bench.flakiness.outcomes import Observation
from bench.model import Outcome
from tests.flakiness.conftest import name

SURVEY = (Circumstances(), under("random-order", 1), under("random-order", 2), under("reverse-order"))


@pytest.fixture
def search(make_suite):
    """Search a suite whose process ends some tests after one of `fatal`."""

    def search(*fatal, later=5, size=40):
        suite = make_suite(size=size)
        plain = suite.run

        def run(circumstances):
            trial = plain(circumstances)
            ran = [test.id for test in trial.tests]
            places = [ran.index(test) + later for test in fatal if test in ran]
            end = min(places, default=len(ran))
            if end >= len(ran):
                return trial
            return replace(
                trial,
                tests=trial.tests[:end],
                outcome=Outcome.CRASHED,
                exit_code=0,
                unfinished=ran[end],
                message="it ended",
            )

        suite.run = run
        seen = [Observation(circumstances=each, trial=suite.run(each)) for each in SURVEY]
        return suite, suite.examine(seen)

    return search


def test_the_test_that_armed_it_is_named_with_both_rates(search):
    suite, searched = search(name(7))
    (found,) = searched.diagnoses
    assert (found.test, found.flake_class, found.causes) == (name(7), FlakeClass.PROCESS, (name(7),))
    assert found.reason.startswith("the process ends with status 0 during another test each time")
    assert (found.contrast.without_failures, found.contrast.without_runs) == (0, 4)
    assert found.replay.is_proven
    assert len(suite.runs) < 40


def test_where_no_single_test_ends_it_none_is_blamed(search):
    _, searched = search(name(7), name(8))
    (found,) = searched.diagnoses
    assert (found.flake_class, found.causes) == (FlakeClass.UNCLASSIFIED, ())
    assert "no single test was found" in found.reason


def test_a_test_that_ends_its_process_itself_is_no_such_case(search):
    _, searched = search(name(7), later=0)
    assert FlakeClass.PROCESS not in {each.flake_class for each in searched.diagnoses}
