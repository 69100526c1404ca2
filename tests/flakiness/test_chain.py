"""Tests that are meant to run in order are one root cause, proved once."""

import itertools

import pytest

from bench.flakiness.clusters import Member, clusters
from bench.flakiness.conditions import Circumstances, under
from bench.model import NO_BACKEND, Cell

CHAIN = tuple(f"a.py::TestSmoke::test_{number:02}" for number in range(18))
OTHERS = tuple(f"b.py::test_{number}" for number in range(5))
SURVEY = (
    Circumstances(),
    under("reverse-order"),
    under("random-order", 1, hash_seed=2),
    under("random-order-reversed", 1, hash_seed=3),
    under("class-order", 3, hash_seed=4),
)


@pytest.fixture
def search(make_suite):
    """Search a suite in which each test of a class needs the one before it, and other tests with `more` behaviours."""

    def search(more=(), **changes):
        links = {test: _needs(before) for before, test in itertools.pairwise(CHAIN)}
        suite = make_suite(links | dict(more), tests=(*CHAIN, *OTHERS), **changes)
        return suite, suite.examine(suite.survey(*SURVEY))

    return search


def _needs(test):
    return lambda _, before: test in before


def _clusters(searched):
    cell = Cell(contender="suite", dependency_set="own", backend=NO_BACKEND)
    return clusters([Member(cell=cell, diagnosis=each, command="") for each in searched.diagnoses])


def test_a_class_that_is_meant_to_run_in_order_is_one_cluster_with_one_proof(search):
    suite, searched = search()
    (found,) = _clusters(searched)
    assert found.cause.startswith("a chain in definition order: test_00 to test_17")
    assert set(found.tests) == set(CHAIN[1:])
    assert sum(each.replay is not None for each in searched.diagnoses) == 1
    assert len(suite.runs) < len(SURVEY) + 40


def test_what_is_not_meant_is_found_beside_a_chain(search):
    _, searched = search({OTHERS[0]: lambda _, before: OTHERS[3] not in before})
    (victim,) = [each for each in searched.diagnoses if each.role == "victim"]
    assert (victim.test, victim.causes) == (OTHERS[0], (OTHERS[3],))


def test_victims_of_one_class_are_no_chain(make_suite):
    leaks = {test: (lambda _, before: CHAIN[9] not in before) for test in CHAIN[:4]}
    suite = make_suite(leaks, tests=(*CHAIN, *OTHERS))
    searched = suite.examine(suite.survey(*SURVEY))
    (found,) = _clusters(searched)
    assert found.cause == f"{CHAIN[9]} leaves something behind"
    assert set(found.tests) == set(CHAIN[:4])
