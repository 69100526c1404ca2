"""A hunt finds what flips, names its class and cause, and proves the replay."""

import math
from collections import Counter

import pytest

from bench.flakiness.conditions import Circumstances, Order
from bench.flakiness.findings import FlakeClass
from bench.flakiness.hunting import examine, hunt, replayed

PLENTY = 1e9
SURVEY = (
    Circumstances(),
    Circumstances(condition="reverse-order", hash_seed=2),
    Circumstances(condition="schedule", hash_seed=3),
    Circumstances(condition="pressure", hash_seed=4),
    Circumstances(condition="clock", hash_seed=5),
    Circumstances(condition="hash-seed", hash_seed=6),
)


@pytest.fixture
def diagnose():
    """Survey a suite and diagnose what flipped; gives the diagnoses by test."""

    def diagnose(suite):
        seen = suite.survey(*SURVEY)
        hunted = suite.answer(examine(seen, budget_seconds=PLENTY, installed={}))
        return {each.test: each for each in hunted.diagnoses}

    return diagnose


def test_a_stable_suite_has_no_flakes(make_suite, diagnose):
    assert diagnose(make_suite()) == {}


def test_a_test_that_always_fails_is_broken_and_no_flake(make_suite, diagnose):
    assert diagnose(make_suite(t005=lambda *_: False)) == {}


def test_a_victim_is_told_with_its_polluter(make_suite, diagnose, after):
    found = diagnose(make_suite(t010=after("t070")))["t010"]
    assert (found.flake_class, found.role, found.causes) == (FlakeClass.ORDER, "victim", ("t070",))
    assert found.bisection_runs <= 2 * math.log2(100) + 10


def test_a_victim_of_two_is_told_with_both(make_suite, diagnose, after):
    found = diagnose(make_suite(t010=after("t070", "t030")))["t010"]
    assert (found.role, set(found.causes)) == ("victim", {"t070", "t030"})


def test_a_brittle_test_is_told_with_its_state_setter(make_suite, diagnose, needs):
    found = diagnose(make_suite(t060=needs("t020")))["t060"]
    assert (found.flake_class, found.role, found.causes) == (FlakeClass.ORDER, "brittle", ("t020",))


def test_a_replay_of_an_order_holds_only_the_tests_it_needs(make_suite, diagnose, after):
    found = diagnose(make_suite(t010=after("t070")))["t010"]
    assert found.replay.circumstances.order == Order(first=0, then=("t070", "t010"))
    assert (found.replay.failures, found.replay.runs) == (10, 10)


@pytest.mark.parametrize(
    ("condition", "flake_class"),
    [("clock", FlakeClass.TIME), ("schedule", FlakeClass.SCHEDULE), ("pressure", FlakeClass.RESOURCE)],
)
def test_a_condition_gives_the_class(make_suite, diagnose, under, condition, flake_class):
    found = diagnose(make_suite(t042=under(condition)))["t042"]
    assert found.flake_class is flake_class
    assert found.replay.is_proven


def test_what_fails_only_beside_another_worker_is_named_and_replayed(make_suite, under):
    suite = make_suite(t004=under("two-workers"))
    seen = suite.survey(*SURVEY, Circumstances(condition="two-workers", hash_seed=7))
    (found,) = suite.answer(examine(seen, budget_seconds=PLENTY, installed={})).diagnoses
    assert found.flake_class is FlakeClass.INFRASTRUCTURE
    assert found.replay.is_proven
    assert found.replay.circumstances.condition == "two-workers"


def test_a_test_of_another_date_costs_no_tour_of_all_conditions(make_suite, under):
    suite = make_suite(t004=under("clock"))
    hunted = suite.answer(examine(suite.survey(*SURVEY), budget_seconds=PLENTY, installed={}))
    assert hunted.diagnoses[0].flake_class is FlakeClass.TIME
    assert {seen.condition for seen in hunted.targeted} == {"same", "clock"}


def test_a_hash_seed_that_decides_is_chance(make_suite, diagnose):
    found = diagnose(make_suite(t042=lambda circumstances, _: circumstances.hash_seed % 2 == 1))["t042"]
    assert found.flake_class is FlakeClass.CHANCE


def test_what_never_fails_again_is_unclassified_and_without_a_replay(make_suite, diagnose):
    failures = iter([True])
    suite = make_suite(t042=lambda circumstances, _: circumstances.condition != "schedule" or not next(failures, False))
    found = diagnose(suite)["t042"]
    assert (found.flake_class, found.replay) == (FlakeClass.UNCLASSIFIED, None)


def test_a_rare_random_outcome_is_searched_for_by_seed(make_suite, diagnose):
    once = iter([True])

    def rare(circumstances, _):
        by_chance = circumstances.condition == "pressure" and next(once, False)
        return not by_chance and (circumstances.condition, circumstances.seed) != ("random-values", 517)

    suite = make_suite(t042=rare)
    suite.facts = {"random": ["t042"]}
    found = diagnose(suite)["t042"]
    assert (found.flake_class, found.replay.circumstances.seed) == (FlakeClass.CHANCE, 517)


def test_a_race_that_short_delays_show_now_and_then_is_replayed_with_long_ones(make_suite, diagnose):
    chance = iter([True])

    def race(circumstances, _):
        if circumstances.condition == "long-delays":
            return circumstances.seed != 509
        return circumstances.condition != "schedule" or not next(chance, False)

    suite = make_suite(t042=race)
    suite.facts = {"delayed": ["t042"]}
    found = diagnose(suite)["t042"]
    assert (found.flake_class, found.replay.circumstances.seed) == (FlakeClass.SCHEDULE, 509)


def test_what_no_seed_shows_each_time_is_replayed_by_the_seed_that_shows_it_most(make_suite, diagnose):
    runs = Counter()

    def race(circumstances, _):
        if circumstances.condition != "schedule":
            return True
        runs[circumstances.seed] += 1
        return runs[circumstances.seed] % 4 == 0 if circumstances.seed == 3 else runs[circumstances.seed] > 1

    found = diagnose(make_suite(t042=race))["t042"]
    assert found.flake_class is FlakeClass.SCHEDULE
    assert found.replay.circumstances.seed == 3
    assert found.replay.attempts > 1
    assert found.replay.is_proven


def test_a_hunt_keeps_to_its_suite_runs(make_suite):
    suite = make_suite()
    hunted = suite.answer(hunt(3, suite_runs=20, budget_seconds=PLENTY, installed={}))
    executions = sum(len(each.trial.tests) for each in hunted.survey)
    assert executions <= 20 * 100
    assert hunted.targeted == ()


def test_a_hunt_ends_when_its_budget_is_spent(make_suite, after):
    suite = make_suite(t010=after("t070"))
    hunted = suite.answer(hunt(3, suite_runs=20, budget_seconds=8, installed={}))
    assert len(hunted.survey) + len(hunted.targeted) <= 8 + 30
    assert [each.test for each in hunted.diagnoses] == ["t010"]


@pytest.mark.parametrize("kept", [0, 1, 7, 20])
def test_a_diagnosis_is_taken_up_from_the_journal(make_suite, after, under, kept):
    suite = make_suite(t010=after("t070"), t020=under("clock"))
    seen = suite.survey(*SURVEY)
    whole = suite.answer(examine(seen, budget_seconds=PLENTY, installed={}))
    trials = [each.trial for each in whole.targeted]
    part = replayed(seen, trials[:kept], budget_seconds=PLENTY, installed={})
    assert part.wanted == whole.targeted[kept].circumstances
    full = replayed(seen, trials, budget_seconds=PLENTY, installed={})
    assert (full.wanted, full.hunted) == (None, whole)
