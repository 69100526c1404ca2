"""A search finds what flips, names its class and cause, and proves the replay and its contrast."""

import math
from collections import Counter

import pytest

from bench.flakiness.conditions import Circumstances, Setting, only, under
from bench.flakiness.diagnosis import NOT_TRIED
from bench.flakiness.findings import FlakeClass
from bench.flakiness.search import Examination, Search
from bench.flakiness.survey import Limits
from tests.flakiness.conftest import name

PLENTY = 1e9
SURVEY = (
    Circumstances(),
    under("reverse-order", hash_seed=2),
    under("schedule", 3, hash_seed=3),
    under("pressure", 4, hash_seed=4),
    under("clock", 5, hash_seed=5),
    under("hash-seed", hash_seed=6),
)


@pytest.fixture
def diagnose():
    """Survey a suite and diagnose what flipped; gives the diagnoses by test."""

    def diagnose(suite, *more):
        seen = suite.survey(*SURVEY, *more)
        searched = suite.examine(seen)
        return {each.test: each for each in searched.diagnoses}

    return diagnose


def seed_of(circumstances, condition):
    return dict(circumstances.settings).get(condition)


def test_a_stable_suite_has_no_flakes(make_suite, diagnose):
    assert diagnose(make_suite()) == {}


def test_a_test_that_always_fails_is_no_flake(make_suite, diagnose):
    assert diagnose(make_suite({5: lambda *_: False})) == {}


def test_a_victim_is_diagnosed_with_its_polluter(make_suite, diagnose, after):
    found = diagnose(make_suite({10: after(70)}))[name(10)]
    assert (found.flake_class, found.role, found.causes) == (FlakeClass.ORDER, "victim", (name(70),))
    assert found.bisection_runs <= 2 * math.log2(100) + 10


def test_a_victim_of_two_is_diagnosed_with_both(make_suite, diagnose, after):
    found = diagnose(make_suite({10: after(70, 30)}))[name(10)]
    assert (found.role, set(found.causes)) == ("victim", {name(70), name(30)})


def test_a_brittle_test_is_diagnosed_with_its_state_setter(make_suite, diagnose, needs):
    found = diagnose(make_suite({60: needs(20)}))[name(60)]
    assert (found.flake_class, found.role, found.causes) == (FlakeClass.ORDER, "brittle", (name(20),))


def test_a_replay_of_an_order_holds_only_the_tests_it_needs(make_suite, diagnose, after):
    found = diagnose(make_suite({10: after(70)}))[name(10)]
    assert found.replay.circumstances.order == only(name(70), name(10))
    assert (found.replay.failures, found.replay.runs) == (10, 10)


def test_every_diagnosis_carries_both_rates(make_suite, diagnose, after, under):
    for found in diagnose(make_suite({10: after(70), 20: under("clock")})).values():
        assert (found.contrast.failures, found.contrast.runs, found.contrast.without_failures) == (10, 10, 0)
        assert found.contrast.without_runs >= 4
        assert found.contrast.words in found.reason or found.flake_class is FlakeClass.ORDER


def test_what_a_polluter_leaves_is_part_of_the_cause(make_suite, diagnose, after):
    suite = make_suite({10: after(70)}, left={name(70): ["app.STATE = [1]"], name(71): ["app.OTHER = 1"]})
    found = diagnose(suite)[name(10)]
    assert found.left == ("app.STATE = [1]",)
    assert "app.STATE = [1]" in found.reason


@pytest.mark.parametrize(
    ("condition", "flake_class"),
    [("clock", FlakeClass.TIME), ("schedule", FlakeClass.SCHEDULE), ("pressure", FlakeClass.RESOURCE)],
)
def test_a_condition_gives_the_class(make_suite, diagnose, under, condition, flake_class):
    found = diagnose(make_suite({42: under(condition)}))[name(42)]
    assert found.flake_class is flake_class
    assert found.replay.is_proven


def test_of_conditions_carried_together_the_one_that_turns_the_outcome_is_named(make_suite, diagnose, under):
    together = Circumstances(
        settings=(
            Setting("random-order", 5),
            Setting("schedule", 8),
            Setting("random-values", 8),
            Setting("clock", 8),
        ),
        hash_seed=9,
    )
    suite = make_suite({42: under("schedule")})
    seen = suite.survey(Circumstances(), together)
    (found,) = suite.examine(seen).diagnoses
    assert found.flake_class is FlakeClass.SCHEDULE
    assert found.replay.circumstances.condition == "schedule"


def test_what_fails_only_beside_another_worker_is_named_and_replayed(make_suite, under, diagnose):
    workers = Circumstances(settings=(Setting("two-workers"),), hash_seed=7)
    found = diagnose(make_suite({4: under("two-workers")}), workers)[name(4)]
    assert found.flake_class is FlakeClass.INFRASTRUCTURE
    assert found.replay.is_proven
    assert found.replay.circumstances.condition == "two-workers"


def test_a_test_of_another_date_costs_no_tour_of_all_conditions(make_suite, under):
    suite = make_suite({4: under("clock")})
    searched = suite.examine(suite.survey(*SURVEY))
    assert searched.diagnoses[0].flake_class is FlakeClass.TIME
    assert {seen.condition for seen in searched.targeted} == {"same", "clock"}


def test_a_hash_seed_that_decides_is_chance(make_suite, diagnose):
    found = diagnose(make_suite({42: lambda circumstances, _: circumstances.hash_seed % 2 == 1}))[name(42)]
    assert found.flake_class is FlakeClass.CHANCE


def test_what_never_fails_again_is_unclassified_and_without_a_replay(make_suite, diagnose):
    failures = iter([True])

    def once(circumstances, _):
        return "schedule" not in circumstances.names or not next(failures, False)

    found = diagnose(make_suite({42: once}))[name(42)]
    assert (found.flake_class, found.replay) == (FlakeClass.UNCLASSIFIED, None)


def test_a_cause_without_a_contrast_is_never_named(make_suite, diagnose):
    failures = Counter()

    def half_the_time(*_):
        failures["runs"] += 1
        return failures["runs"] % 2 == 0

    found = diagnose(make_suite({42: half_the_time}))[name(42)]
    assert found.flake_class is FlakeClass.UNCLASSIFIED
    assert "nothing that was changed makes a difference" in found.reason


def test_a_rare_random_outcome_is_searched_for_by_seed(make_suite, diagnose):
    once = iter([True])

    def rare(circumstances, _):
        by_chance = "pressure" in circumstances.names and next(once, False)
        return not by_chance and seed_of(circumstances, "random-values") != 517

    found = diagnose(make_suite({42: rare}, facts={"random": [name(42)]}))[name(42)]
    assert found.flake_class is FlakeClass.CHANCE
    assert seed_of(found.replay.circumstances, "random-values") == 517


def test_a_race_that_short_delays_show_now_and_then_is_replayed_with_long_ones(make_suite, diagnose):
    chance = iter([True])

    def race(circumstances, _):
        if "long-delays" in circumstances.names:
            return seed_of(circumstances, "long-delays") != 509
        return "schedule" not in circumstances.names or not next(chance, False)

    found = diagnose(make_suite({42: race}, facts={"delayed": [name(42)]}))[name(42)]
    assert found.flake_class is FlakeClass.SCHEDULE
    assert seed_of(found.replay.circumstances, "long-delays") == 509


def test_what_no_seed_shows_each_time_is_replayed_by_the_seed_that_shows_it_most(make_suite, diagnose):
    runs = Counter()

    def race(circumstances, _):
        seed = seed_of(circumstances, "schedule")
        if seed is None:
            return True
        runs[seed] += 1
        if seed == 3:
            return runs[seed] % 4 == 0
        return seed > 0 or runs[seed] > 1  # seed 0 failed in its only run: one run is no rate

    found = diagnose(make_suite({42: race}))[name(42)]
    assert found.flake_class is FlakeClass.SCHEDULE
    assert seed_of(found.replay.circumstances, "schedule") == 3
    assert found.replay.attempts > 1
    assert found.replay.is_proven


@pytest.fixture
def search():
    """Search a suite to the end."""

    def search(suite, **limits):
        found = Search(3, limits=Limits(suite_runs=20, **limits), installed={})
        while batch := found.wanted:
            for trial in [suite.run(circumstances) for circumstances in batch]:
                found.take(trial)
        return found.searched

    return search


def test_a_search_keeps_to_its_suite_runs(make_suite, search):
    searched = search(make_suite(), seconds=PLENTY)
    executions = sum(len(each.trial.tests) for each in searched.survey)
    assert executions <= 20 * 100
    assert searched.targeted == ()


def test_a_search_ends_when_its_budget_is_spent(make_suite, search, after):
    searched = search(make_suite({10: after(70)}), seconds=8)
    assert len(searched.survey) + len(searched.targeted) <= 8 + 1
    assert [(each.test, each.reason) for each in searched.diagnoses] == [(name(10), NOT_TRIED)]
    assert searched.is_spent


@pytest.mark.parametrize("kept", [0, 1, 7, 20])
@pytest.mark.parametrize("jobs", [1, 3])
def test_a_diagnosis_is_taken_up_from_the_journal(make_suite, after, under, kept, jobs):
    suite = make_suite({10: after(70), 20: under("clock")})
    seen = suite.survey(*SURVEY)
    whole = suite.examine(seen, jobs=jobs)
    trials = [each.trial for each in whole.targeted]
    part = Examination(seen, budget_seconds=PLENTY, installed={}, jobs=jobs)
    for trial in trials[:kept]:
        part.take(trial)
    assert part.count <= kept < part.count + len(part.wanted)
    expected = whole.targeted[part.count : part.count + len(part.wanted)]
    assert part.wanted == tuple(each.circumstances for each in expected)
    for trial in trials[kept:]:
        part.take(trial)
    assert (part.wanted, part.searched) == ((), whole)
