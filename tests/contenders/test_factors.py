"""A factor study compares contenders with themselves, changed in one thing, inside shared blocks."""

import pytest

from bench.model import Outcome
from tests.made_up import finding_of, results_of

BLOCKS = 6


@pytest.fixture
def plan(make_plan, make_contender, make_variant):
    changes = (make_variant("scope"), make_variant("pool", contender="async", pytest_args=()))
    return make_plan(make_contender("sync"), make_contender("async"), looks=(BLOCKS,), factors=changes)


@pytest.fixture
def slow(make_trial):
    """Give an executor under which one change makes a trial slower, by a ratio that varies a little."""

    def slow(change, ratio):
        def execute(spec):
            factor = ratio + 0.001 * spec.block if spec.cell.variant == change else 1
            return make_trial(spec, wall_ns=round(10**9 * (1 + 0.01 * spec.block) * factor))

        return execute

    return slow


def by_block(trials, block):
    return [trial.cell.id for trial in trials if trial.block == block]


def test_a_block_is_mirrored_and_holds_every_contender_as_it_is_and_changed(plan, measure):
    order = by_block(measure(plan), 1)
    assert order == order[::-1]
    assert set(order) == {"sync@sqlite/own", "sync@sqlite/own#copy", "async@sqlite/own"} | {
        "sync@sqlite/own+scope",
        "async@sqlite/own+pool",
    }


def test_the_warm_block_counts_each_cell_once_without_the_copy(plan, measure):
    warm = by_block(measure(plan), 0)
    assert len(warm) == len(set(warm)) == 4


def test_the_planned_blocks_are_measured_and_no_more(plan, measure):
    assert {trial.block for trial in measure(plan)} == set(range(BLOCKS + 1))


def test_a_factor_study_compares_no_contenders_with_one_another(plan, measure):
    assert {trial.experiment for trial in measure(plan)} == {"factors"}


def test_the_budget_ends_a_study_after_whole_blocks(make_plan, make_contender, make_variant, measure):
    plan = make_plan(make_contender("sync"), factors=(make_variant(),), budget_seconds=18.0)
    counts = [len(by_block(measure(plan), block)) for block in range(4)]
    assert counts == [2, 6, 6, 0]


def test_a_factor_that_doubles_the_time_is_found_with_its_interval(plan, measure, slow):
    found = {(f.factor, f.metric): f for f in finding_of(plan, "factors", measure(plan, slow("scope", 2.0))).factors}
    scope, pool = found["scope", "wall"], found["pool", "wall"]
    assert scope.change == pytest.approx(1.0, abs=0.01)
    assert scope.change_low <= scope.change <= scope.change_high
    assert pool.change == pytest.approx(0.0, abs=1e-9)


def test_a_factor_with_a_failing_trial_has_no_number(plan, measure, make_executor, make_trial):
    def execute(spec):
        bad = spec.cell.variant == "scope"
        return make_trial(spec, outcome=Outcome.FAILED if bad else Outcome.PASSED)

    (scope, *_) = finding_of(plan, "factors", measure(plan, execute)).factors
    assert scope.change is None
    assert "failed" in scope.comparison.invalid_because[0]


def test_a_factor_study_carries_its_noise_floor(plan, measure, make_manifest):
    found = results_of(make_manifest(plan), measure(plan))
    assert {comparison.is_noise_floor for comparison in found.comparisons} == {True}
    assert [factor.factor for factor in found.factors] == ["scope", "scope", "pool", "pool"]


def test_a_factor_study_answers_in_words_and_counts_its_blocks(plan, measure, slow, make_manifest):
    found = results_of(make_manifest(plan), measure(plan, slow("scope", 2.0)))
    title = plan.studies["factors"].variants[0].title
    speed = [line for line in found.goals if line.goal == "speed on SQLite"]
    assert [line.words for line in speed] == ["materially slower", "equivalent within ±5 %"]
    assert speed[0].numbers.startswith(f"{title} takes 2.0")
    assert found.run.blocks == {"sqlite": BLOCKS}
    assert sum(trial.timed for trial in found.trials) == BLOCKS * 2 * 5
