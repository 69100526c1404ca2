"""The experiment inside a campaign: equal conditions for all, within its share of the budget, resumable."""

from dataclasses import replace

import msgspec
import pytest

from bench.experiments.flakiness.blocks import rotation
from bench.experiments.flakiness.surveys import DIAGNOSIS
from bench.flakiness.conditions import REGISTRY, Circumstances
from bench.flakiness.specification import NAME
from bench.model import ExecutedTest, FailedPhase, Outcome
from tests.made_up import finding_of


@pytest.fixture
def flaking(make_executor, make_trial):
    """Make an executor of suites in which api/test_users.py::test_login of async fails under a shifted clock."""

    class Flaking(type(make_executor())):
        def __call__(self, spec):
            trial = replace(super().__call__(spec), wall_ns=SECOND)
            bad = spec.cell.contender == "async" and "clock" in conditions_of(spec)
            if not bad:
                return trial
            test = trial.tests[1].id
            return make_trial(
                spec,
                wall_ns=SECOND,
                outcome=Outcome.FAILED,
                tests=(trial.tests[0], ExecutedTest(test, "failed", 1, 1, 1)),
                failures=(FailedPhase(test, "call", "suite/test_users.py", 3, "assert 1 == 2"),),
            )

    return Flaking


SECOND = 10**9


def conditions_of(spec):
    """Name the conditions of a trial that do not spare the second test."""
    circumstances = msgspec.convert(spec.answers, Circumstances) if spec.answers else Circumstances()
    spared = [condition for condition, _ in circumstances.spared]
    return [name for name in circumstances.names if name not in spared]


def slowest(conditions):
    return max(REGISTRY[name].slowdown for name in conditions)


def own(trials):
    return [trial for trial in trials if trial.experiment == NAME]


def test_without_a_share_of_the_budget_nothing_is_hunted(make_plan, measure):
    trials = measure(make_plan())
    assert own(trials) == []


def test_each_block_runs_every_contender_once_under_one_condition(make_plan, measure):
    trials = own(measure(make_plan(flakiness_seconds=60.0)))
    blocks = {trial.block: [each for each in trials if each.block == trial.block] for trial in trials}
    assert len(blocks) > 10
    assert all({each.cell.contender for each in block} == {"sync", "async"} for block in blocks.values())
    assert all(len({each.cell.variant for each in block}) == 1 for block in blocks.values())


def test_the_share_of_the_budget_is_kept(make_plan, measure, flaking):
    trials = own(measure(make_plan(flakiness_seconds=40.0), flaking()))
    assert sum(trial.wall_ns for trial in trials) <= 42e9


def test_the_hunt_takes_no_more_than_the_others_have_left(make_plan, measure, flaking):
    plan = make_plan(flakiness_seconds=40.0, budget_seconds=60.0)
    trials = measure(plan, flaking())
    others = sum(trial.wall_ns for trial in trials if trial.experiment != NAME)
    assert others > 20e9
    assert 0 < sum(trial.wall_ns for trial in own(trials)) <= 62e9 - others


def test_a_condition_that_costs_too_much_is_passed_over_for_cheaper_ones(make_plan, measure, make_executor):
    class Slow(type(make_executor())):
        def __call__(self, spec):
            slowdown = slowest(conditions_of(spec)) if spec.experiment == NAME else 1
            return replace(super().__call__(spec), wall_ns=round(SECOND * slowdown))

    plan = make_plan(flakiness_seconds=18.0)
    trials = own(measure(plan, Slow()))
    ran = {trial.block for trial in trials}
    passed_over = set(range(max(ran))) - ran
    places = rotation(plan.frame, plan.studies[NAME])
    slowdowns = {place: slowest(places[place].names) for place in range(max(ran) + 1)}
    assert passed_over
    assert min(slowdowns[place] for place in passed_over) > slowdowns[max(ran)]
    assert sum(trial.wall_ns for trial in trials) <= 18e9


def test_a_flake_of_a_contender_is_diagnosed_and_compared(make_plan, measure, flaking):
    plan = make_plan(flakiness_seconds=400.0)
    found = finding_of(plan, "flakiness", measure(plan, flaking())).search
    assert [(each.contender, each.flake_class.value) for each in found.flakes] == [("async", "time")]
    assert found.flakes[0].replay.failures == 10
    assert {cell.contender: cell.failures > 0 for cell in found.cells} == {"sync": False, "async": True}
    assert {each.rival for each in found.comparisons} == {"async"}
    assert len(found.clusters) == 1


def test_timing_trials_count_as_plain_trials(make_plan, measure):
    plan = make_plan(flakiness_seconds=30.0)
    found = finding_of(plan, "flakiness", measure(plan)).search
    plain = next(each for each in found.cells[0].conditions if each.condition == "same")
    assert plain.trials >= 12


@pytest.mark.parametrize("stop", [40, 60, 75, 90])
def test_a_resumed_hunt_is_the_uninterrupted_one(make_plan, measure, flaking, stop):
    plan = make_plan(flakiness_seconds=80.0)
    with pytest.raises(KeyboardInterrupt):
        measure(plan, flaking(stop_after=stop), run="resumed")
    resumed = measure(plan, flaking(), run="resumed")
    whole = measure(plan, flaking(), run="whole")
    assert [trial.key for trial in resumed] == [trial.key for trial in whole]
    assert finding_of(plan, "flakiness", resumed).search == finding_of(plan, "flakiness", whole).search


@pytest.fixture
def hanging(make_executor, make_trial):
    """Make an executor of suites in which one test of async hangs whenever it runs under a changed clock."""

    class Hanging(type(make_executor())):
        def __call__(self, spec):
            trial = replace(super().__call__(spec), wall_ns=SECOND)
            is_left_out = WITHOUT in spec.environment.get("TWINBENCH_ORDER", "")
            if spec.cell.contender != "async" or "clock" not in conditions_of(spec) or is_left_out:
                return trial
            return make_trial(
                spec,
                wall_ns=SECOND,
                outcome=Outcome.HUNG,
                tests=trial.tests[:1],
                unfinished=trial.tests[1].id,
                message="in wait_for",
            )

    return Hanging


WITHOUT = '"without"'


def test_a_test_that_hung_is_left_out_of_later_blocks_and_kept_as_a_result(make_plan, measure, hanging):
    plan = make_plan(flakiness_seconds=100.0)
    trials = measure(plan, hanging())
    blocks = [trial for trial in own(trials) if trial.block < DIAGNOSIS]
    assert sum(trial.outcome is Outcome.HUNG for trial in blocks) == 1
    assert sum("clock" in conditions_of(trial.spec) for trial in blocks) > 4
    found = finding_of(plan, "flakiness", trials).search
    assert [len(cell.hangs) for cell in found.cells] == [0, 1]
    assert found.flakes[0].message == "in wait_for"


def test_a_timing_trial_is_not_perturbed(make_plan, make_executor, measure):
    executor = make_executor()
    seen = []

    def watched(spec):
        seen.append(spec)
        return executor(spec)

    measure(make_plan(flakiness_seconds=60.0), watched)
    timed = [spec for spec in seen if spec.experiment != NAME]
    assert timed
    assert all((spec.arguments, dict(spec.environment)) == ((), {}) for spec in timed)


def test_a_replay_finds_the_plugins_from_the_folder_of_the_suite(make_plan, make_contender, measure, flaking):
    plan = make_plan(make_contender("sync"), make_contender("async", directory="./a/b/"), flakiness_seconds=400.0)
    found = finding_of(plan, "flakiness", measure(plan, flaking()), probe="../tool/bench/probe").search
    assert " PYTHONPATH=../../../tool/bench/probe " in found.flakes[0].replay.command
