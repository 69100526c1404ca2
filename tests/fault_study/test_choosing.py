"""Tests are chosen for a fault by the functions that they enter, and the choice is checked."""

from dataclasses import replace

import pytest

from bench.experiments.faults import page
from bench.experiments.faults.blocks import SUITES, WHOLE
from bench.experiments.faults.choosing import changed_functions, chosen
from tests.fault_study.conftest import LATE, TEST
from tests.made_up import finding_of

ENTERED = {"tests": ["a", "b", "c"], "calls": {"shop:4": "1", "shop:9": "6"}, "always": []}


def test_a_fault_is_put_before_the_tests_that_enter_what_it_changes_and_some_before_all(
    make_study_plan, measure, seeing
):
    plan = make_study_plan(arms=("sync",))
    (function,) = plan.studies["faults"].patches[LATE].functions
    entered = {**ENTERED, "calls": {function: "2"}}
    execute = seeing()
    trials = measure(plan, lambda spec: replace(execute(spec), facts={"entered": entered}))
    ran = [trial.spec for trial in trials if trial.spec.answers["fault"] == LATE and "arm" in trial.spec.answers]
    orders = {spec.block: spec.environment.get("TWINBENCH_ORDER") for spec in ran}
    assert orders == {SUITES: '{"without": ["a", "c"]}', WHOLE: None}
    assert trials[4].spec.environment["TWINBENCH_CALLS"] == "shop"


@pytest.mark.parametrize(
    ("functions", "tests"),
    [
        (["shop:4"], ("a",)),
        (["shop:9"], ("b", "c")),
        (["shop:4", "shop:9"], None),
        (["shop:1"], None),
    ],
    ids=["one", "two of three", "nearly all", "none"],
)
def test_the_tests_that_enter_a_function_are_chosen_where_that_is_worth_it(functions, tests):
    assert chosen(ENTERED, functions) == tests


def test_all_tests_are_meant_where_a_function_is_entered_outside_of_a_test_or_nothing_was_noted():
    assert chosen({**ENTERED, "always": ["shop:4"]}, ["shop:4"]) is None
    assert chosen({}, ["shop:4"]) is None


MODULE = """import os

LIMIT = 3

@cached(
    LIMIT)
def outer(given=1):
    total = 0

    def inner():
        return given

    return inner()


async def last():
    pass
"""


@pytest.mark.parametrize(
    ("lines", "functions"),
    [
        ([8], {"shop:7"}),
        ([11], {"shop:10"}),
        ([8, 17], {"shop:7", "shop:16"}),
        ([13, 14], {"shop:7"}),
        ([3], None),
        ([6], None),
        ([7], None),
        ([10], None),
        ([14, 15], None),
    ],
)
def test_a_change_belongs_to_the_innermost_function_and_outside_of_bodies_to_all(lines, functions):
    assert changed_functions("shop", MODULE, lines) == functions


def test_a_test_that_was_not_chosen_and_sees_the_fault_is_named(make_study_plan, measure, seeing):
    plan = make_study_plan(arms=("sync",))
    blind, sharp = seeing(), seeing(seen={("sync", LATE)})

    def execute(spec):
        trial = (sharp if spec.block == WHOLE else blind)(spec)
        return replace(trial, tests=()) if spec.block == SUITES else trial

    found = finding_of(plan, "faults", measure(plan, execute))
    assert (found.choice.run, found.choice.checked) == (0, 3)
    assert [(each.fault, each.test) for each in found.choice.missed] == [(LATE, TEST)]
    assert any(f"further tests saw a fault: {TEST} ({LATE})" in words for words in page.section(found).paragraphs)
