"""Flakes of one root cause are one cluster, however many tests fail on it."""

import pytest

from bench.flakiness.clusters import Member, clusters
from bench.flakiness.findings import FlakeClass
from bench.flakiness.verdict import Diagnosis
from bench.model import NO_BACKEND, Cell, FailedPhase

CELL = Cell(contender="suite", dependency_set="own", backend=NO_BACKEND)
LOOP = "RuntimeError: <asyncio.locks.Event object at 0x1> is bound to a different event loop"


def diagnosis(test, *, causes=(), message="assert 1 == 2", role="victim", flake_class=FlakeClass.ORDER):
    return Diagnosis(
        test=test,
        flake_class=flake_class,
        role=role,
        causes=causes,
        cause=", then ".join(causes),
        key=(role, *causes),
        reason="",
        failure=FailedPhase(test, "call", "a.py", 7, message),
        replay=None,
    )


def clustered(*diagnoses):
    return clusters([Member(cell=CELL, diagnosis=each, command="") for each in diagnoses])


def test_victims_of_one_polluter_are_one():
    (found,) = clustered(diagnosis("a.py::a", causes=("c",)), diagnosis("a.py::b", causes=("c",), message="KeyError"))
    assert found.tests == ("a.py::a", "a.py::b")
    assert found.cause == "c leaves something behind"


def test_victims_of_different_polluters_are_two():
    assert len(clustered(diagnosis("a.py::a", causes=("c",)), diagnosis("a.py::b", causes=("d",)))) == 2


def test_tests_that_disturb_each_other_by_one_failure_are_one():
    first = diagnosis("a.py::a", causes=("a.py::b",), message="KeyError: 1")
    second = diagnosis("a.py::b", causes=("a.py::a",), message="KeyError: 1")
    (found,) = clustered(first, second)
    assert found.cause == "each of these tests leaves something that the others fail on"


def test_a_polluter_that_needs_one_of_its_victims_first_is_named():
    first = diagnosis("a.py::a", causes=("a.py::b", "a.py::clears"))
    second = diagnosis("a.py::b", causes=("a.py::a", "a.py::clears"))
    (found,) = clustered(first, second)
    assert found.cause == "a.py::clears leaves something behind once another of these tests has run"


def test_state_bound_to_an_event_loop_is_one_cluster_with_its_mend():
    names = [f"a.py::test_{number}" for number in range(3)]
    (found,) = clustered(
        diagnosis(names[0], causes=(names[1],), message=LOOP),
        diagnosis(names[1], causes=(names[2],), message=LOOP),
        diagnosis(names[2], causes=(names[0],), message=LOOP),
    )
    assert "make it inside the application's lifespan" in found.mend
    assert found.cause == "each of these tests leaves state bound to an event loop that the others fail on"


@pytest.mark.parametrize("other", ["KeyError: 'b'", "TypeError: no"])
def test_what_is_no_matter_of_order_is_told_apart_by_its_failure(other):
    kinds = {"flake_class": FlakeClass.TIME, "role": ""}
    assert len(clustered(diagnosis("a", **kinds, message="KeyError: 'a'"), diagnosis("b", **kinds, message=other))) == 2
    assert (
        len(clustered(diagnosis("a", **kinds, message="KeyError: 1"), diagnosis("b", **kinds, message="KeyError: 2")))
        == 1
    )
