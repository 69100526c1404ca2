"""Two dependency sets run in the same mirrored blocks, one A/A copy beside them, and either can fail alone."""

from dataclasses import replace

import pytest

from bench.model import Outcome
from tests.made_up import cells_of

SETS = ("old", "new")


def names(trials):
    return sorted(f"{t.cell.contender}@{t.cell.dependency_set}{'#' * t.cell.copy}" for t in trials)


def block_of(trials, index):
    return [trial for trial in trials if trial.block == index]


@pytest.fixture
def executor(make_executor):
    """An executor that knows a time, and what else is special, for each contender under each set."""

    class BySet(type(make_executor())):
        def __call__(self, spec):
            place = f"{spec.cell.contender}@{spec.cell.dependency_set}"
            self.seconds = {spec.cell.contender: self.times.get(place, 1.0)}
            self.changes = {spec.cell.contender: self.special.get(place, {})}
            return super().__call__(spec)

    def executor(times=None, special=None, **settings):
        made = BySet(**settings)
        made.times, made.special = times or {}, special or {}
        return made

    return executor


def test_a_block_holds_every_contender_under_every_set_and_one_copy_then_the_mirror(make_plan, measure):
    block = block_of(measure(make_plan(dependency_sets=SETS)), 1)
    assert names(block[:5]) == ["async@new", "async@old", "sync@new", "sync@old", "sync@old#"]
    assert [trial.cell for trial in block[5:]] == [trial.cell for trial in block[4::-1]]


def test_the_warm_block_counts_the_work_under_both_sets(make_plan, measure):
    warm = block_of(measure(make_plan(dependency_sets=SETS)), 0)
    assert names(warm) == ["async@new", "async@old", "sync@new", "sync@old"]
    assert all(trial.counting for trial in warm)


def test_each_view_is_an_ordinary_plan_of_one_set_and_the_first_has_the_copy(make_plan):
    plan = make_plan(dependency_sets=SETS)
    before, after = (replace(plan, frame=view) for view in plan.frame.views)
    assert [cell.id for cell in cells_of(before, "sqlite")] == [
        "sync@sqlite/old",
        "async@sqlite/old",
        "sync@sqlite/old#copy",
    ]
    assert [cell.id for cell in cells_of(after, "sqlite")] == ["sync@sqlite/new", "async@sqlite/new"]


def test_a_frame_without_sets_is_its_own_view(make_plan):
    frame = make_plan().frame
    assert frame.views == (frame,)


def test_a_rival_open_under_one_set_runs_under_both(make_plan, executor, measure):
    class Drifting(type(executor())):
        def __call__(self, spec):
            self.times = {"async@old": 9.0, "async@new": 1.3 if spec.block % 2 else 0.75}
            self.special = {}
            return super().__call__(spec)

    last = block_of(measure(make_plan(dependency_sets=SETS, looks=(10, 11)), Drifting()), 11)
    assert set(names(last)) == {"async@new", "async@old", "sync@new", "sync@old", "sync@old#"}


def test_a_campaign_ends_when_both_sets_and_their_change_are_settled(make_plan, executor, measure):
    trials = measure(make_plan(dependency_sets=SETS, looks=(10, 16)), executor({"async@old": 2.0, "async@new": 3.0}))
    assert max(trial.block for trial in trials) == 10


def test_a_set_whose_baseline_failed_is_left_and_the_other_one_is_measured(make_plan, executor, measure):
    trials = measure(make_plan(dependency_sets=SETS), executor(special={"sync@new": {"outcome": Outcome.FAILED}}))
    assert {t.cell.dependency_set for t in trials if t.block} == {"old"}
    assert max(trial.block for trial in trials) == 6


def test_a_rival_that_fails_under_one_set_still_runs_under_the_other(make_plan, executor, measure):
    trials = measure(make_plan(dependency_sets=SETS), executor(special={"async@new": {"outcome": Outcome.HUNG}}))
    assert set(names(block_of(trials, 1))) == {"async@old", "sync@old", "sync@new", "sync@old#"}


def test_an_interrupted_campaign_of_two_sets_is_finished_without_repeating_a_trial(make_plan, executor, measure):
    plan = make_plan(dependency_sets=SETS)
    with pytest.raises(KeyboardInterrupt):
        measure(plan, executor(stop_after=17))
    resumed = executor()
    trials = measure(plan, resumed)
    assert len(trials) == 17 + len(resumed.asked) == len({trial.key for trial in trials})
    assert [t.cell for t in trials] == [t.cell for t in measure(plan, executor(), run="uninterrupted")]
