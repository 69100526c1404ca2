"""A specification carries everything a process needs, in an environment that any system accepts."""

import json

import msgspec

from bench.flakiness.conditions import Circumstances, Order, Setting, only, under
from bench.flakiness.conditions.condition import LONGEST_NAME, abbreviated
from bench.flakiness.specification import LONGEST_VARIABLE, applied, specify
from bench.model import NO_BACKEND, Cell

CELL = Cell(contender="suite", dependency_set="own", backend=NO_BACKEND)


def specified(circumstances):
    return specify(CELL, circumstances, block=0, position=0)


def test_conditions_bring_their_plugins_and_settings_together():
    needs = applied(Circumstances(settings=(Setting("random-order", 5), Setting("schedule", 3), Setting("clock", 1))))
    assert {"twinbench_order", "twinbench_schedule", "twinbench_clock"} <= set(needs.plugins)
    assert json.loads(needs.environment["TWINBENCH_ORDER"]) == {"seed": 5}
    assert needs.environment["TWINBENCH_SCHEDULE"] == "3"


def test_an_explicit_order_goes_before_that_of_a_condition():
    chosen = under("random-order", 5, order=only("a.py::test"))
    assert json.loads(applied(chosen).environment["TWINBENCH_ORDER"]) == {"first": 0, "then": ["a.py::test"]}


def test_thousands_of_ids_travel_in_a_file():
    tests = [f"a.py::test_{'x' * 60}[{number}]" for number in range(1600)]
    spec = specified(Circumstances(order=only(*tests)))
    assert all(len(text) <= LONGEST_VARIABLE for text in spec.environment.values())
    assert spec.environment["TWINBENCH_ORDER"] == "@{scratch}/TWINBENCH_ORDER.json"
    assert json.loads(spec.files["TWINBENCH_ORDER.json"])["then"] == tests


def test_a_giant_id_is_abbreviated_and_different_ones_stay_different():
    first, second = (f"a.py::test[{'x' * 5000}{number}]" for number in range(2))
    assert len(abbreviated(first)) <= LONGEST_NAME
    assert abbreviated(first) != abbreviated(second)
    assert abbreviated(first) in specified(Circumstances(order=only(first))).environment["TWINBENCH_ORDER"]


def test_a_trial_says_itself_what_it_ran_under():
    circumstances = Circumstances(
        settings=(Setting("schedule", 3),),
        order=Order(seed=4, level="nested", without=("b",)),
        spared=(("clock", ("a",)),),
        copied_without=("state.db",),
    )
    spec = specified(circumstances)
    assert msgspec.convert(spec.answers, Circumstances) == circumstances
    assert spec.cell.variant == "schedule"


def test_spared_tests_and_a_copy_are_asked_for_by_variables():
    spec = specified(Circumstances(spared=(("clock", ("a",)),), copied_without=("state.db",)))
    assert json.loads(spec.environment["TWINBENCH_SPARED"]) == {"clock": ["a"]}
    assert json.loads(spec.environment["TWINBENCH_COPY_WITHOUT"]) == ["state.db"]
