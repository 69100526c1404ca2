"""What fails in every run of the whole suite is broken only with a bound, after it was run by itself."""

import pytest

from bench.flakiness.conditions import Circumstances, Order, under
from bench.flakiness.findings import FlakeClass
from bench.flakiness.outcomes import file_of
from bench.flakiness.summary import CellSearch, cell_finding
from bench.model import NO_BACKEND, Cell
from tests.flakiness.conftest import name

PLENTY = 1e9
SURVEY = (Circumstances(), Circumstances(hash_seed=2))


@pytest.fixture
def search():
    """Survey a suite as it is written and diagnose it."""

    def search(suite, *survey):
        return suite.examine(suite.survey(*(survey or SURVEY)))

    return search


def test_a_test_that_passes_alone_is_the_victim_of_what_runs_in_every_order_before_it(make_suite, search, after):
    (found,) = search(make_suite({70: after(30)})).diagnoses
    assert (found.test, found.role, found.causes) == (name(70), "victim", (name(30),))
    assert found.contrast.is_shown


def test_a_test_that_passes_after_its_file_is_brittle(make_suite, search):
    tests = [*(f"a.py::test_{number}" for number in range(20)), *(f"b.py::test_{number}" for number in range(5))]
    needs_its_file = lambda _, before: "b.py::test_3" in before and "a.py::test_7" not in before  # noqa: E731
    found = search(make_suite({"b.py::test_4": needs_its_file}, tests=tests)).diagnoses[0]
    assert (found.test, found.role, found.causes) == ("b.py::test_4", "brittle", ("b.py::test_3",))


def test_a_file_whose_import_is_the_polluter_is_named(make_suite, search):
    tests = [f"{file}.py::test_{number}" for file in ("a", "b_stub", "c") for number in range(3)]
    suite = make_suite(tests=tests)
    suite.behaviours = {"a.py::test_1": lambda circumstances, _: "b_stub.py" not in _collected(circumstances, tests)}
    (found,) = search(suite).diagnoses
    assert (found.flake_class, found.causes) == (FlakeClass.ORDER, ("b_stub.py",))
    assert found.reason.startswith("fails whenever b_stub.py is collected, whether its tests run or not")
    assert found.replay.circumstances.order.files == ("a.py", "b_stub.py")


def test_what_never_passes_is_no_flake_and_has_a_bound_and_its_runs(make_suite, search):
    searched = search(make_suite({5: lambda *_: False}))
    assert searched.diagnoses == ()
    cell = Cell(contender="suite", dependency_set="own", backend=NO_BACKEND)
    finding = cell_finding(CellSearch(cell=cell, searched=searched, suite=None), earlier=(0, 0))
    (never,) = finding.never_passed
    assert never.runs > 2 + 5
    assert never.upper == pytest.approx(1 - 0.05 ** (1 / never.runs))
    assert "it passes in at most" in never.words


def test_a_test_that_fails_half_the_time_and_was_seen_twice_is_not_broken(make_suite, search):
    outcomes = iter([False, False, True, False, True, *[True, False] * 200])
    searched = search(make_suite({5: lambda *_: next(outcomes)}, size=6))
    assert searched.never_passed.get(name(5), (1, 0))[0] > 0 or searched.diagnoses


def test_tests_that_are_skipped_as_they_are_written_need_no_natural_order(make_suite, search):
    shown = {name(3): lambda circumstances, _: circumstances.order != Order() or bool(circumstances.settings)}
    suite = make_suite({3: lambda _, before: name(5) in before}, size=8, skips=shown)
    searched = search(suite, Circumstances(), under("random-order", 2), under("random-order-reversed", 2))
    assert [each.role for each in searched.diagnoses if each.test == name(3)] == ["brittle"]


def _collected(circumstances, tests):
    return circumstances.order.files or {file_of(test) for test in tests}
