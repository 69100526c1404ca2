"""The schedule is a pure function of the plan and the trials, mirrored, random and stopped at planned looks."""

import pytest

from bench.model import Outcome


def block_of(trials, index):
    return [trial for trial in trials if trial.block == index]


def names(trials):
    return [f"{trial.cell.contender}{'#' * trial.cell.copy}" for trial in trials]


@pytest.fixture
def noisy(make_executor):
    """An executor under which `async` is never resolved, now faster and now slower, and `clear` at once."""

    class Noisy(type(make_executor())):
        def __call__(self, spec):
            self.seconds = {"sync": 1.0, "async": 1.3 if spec.block % 2 else 0.75, "clear": 9.0}
            return super().__call__(spec)

    return Noisy()


def test_the_warm_block_runs_each_contender_once_counts_the_work_and_is_not_timed(make_plan, measure):
    warm = block_of(measure(make_plan()), 0)
    assert sorted(names(warm)) == ["async", "sync"]
    assert all(trial.warmup and trial.counting for trial in warm)


def test_a_block_is_an_order_and_its_mirror(make_plan, measure):
    order = names(block_of(measure(make_plan()), 1))
    assert sorted(order[:3]) == ["async", "sync", "sync#"]
    assert order[3:] == order[2::-1]


def test_only_the_warm_block_counts_the_work(make_plan, measure):
    assert not any(trial.counting or trial.warmup for trial in measure(make_plan()) if trial.block)


def test_the_trials_of_a_block_share_hash_seed_and_padding(make_plan, make_executor, measure):
    executor = make_executor()
    measure(make_plan(), executor)
    assert len({(spec.hash_seed, spec.padding_bytes) for spec in executor.asked if spec.block == 1}) == 1


def test_blocks_differ_in_hash_seed(make_plan, make_executor, measure):
    executor = make_executor()
    measure(make_plan(), executor)
    assert len({spec.hash_seed for spec in executor.asked}) == 7


@pytest.fixture
def asked(make_plan, make_executor, measure):
    """Give what a campaign of this seed asks for."""

    def asked(seed, run):
        executor = make_executor()
        measure(make_plan(seed=seed), executor, run=run)
        return executor.asked

    return asked


def test_the_same_seed_gives_the_same_schedule(asked):
    assert asked(1, "first") == asked(1, "second")


def test_another_seed_gives_another_order(asked):
    assert [spec.cell for spec in asked(1, "first")] != [spec.cell for spec in asked(2, "second")]


def test_backends_take_turns_look_by_look(make_plan, make_contender, measure):
    both = ("sqlite", "postgresql")
    plan = make_plan(make_contender(backends=both), make_contender("async", backends=both), backends=both)
    turns = list(dict.fromkeys((trial.block, trial.cell.backend) for trial in measure(plan)))
    first = plan.studies["speed"].looks[0]
    assert turns[:2] == [(0, "sqlite"), (0, "postgresql")]
    assert turns[2 : 2 + 2 * first] == [
        *((block, "sqlite") for block in range(1, first + 1)),
        *((block, "postgresql") for block in range(1, first + 1)),
    ]


def test_a_resolved_campaign_stops_at_the_look_that_resolves_it(make_plan, make_executor, measure):
    trials = measure(make_plan(looks=(10, 16)), make_executor({"sync": 1.0, "async": 2.0}))
    assert max(trial.block for trial in trials) == 10


def test_an_unresolved_campaign_runs_to_its_last_look(make_plan, noisy, measure):
    assert max(trial.block for trial in measure(make_plan(looks=(8, 10)), noisy)) == 10


def test_a_campaign_is_never_judged_between_looks(make_plan, make_executor, measure):
    trials = measure(make_plan(looks=(12,)), make_executor({"sync": 1.0, "async": 5.0}))
    assert max(trial.block for trial in trials) == 12


def test_a_resolved_rival_leaves_while_another_is_open(make_plan, make_contender, noisy, measure):
    planned = make_plan(make_contender(), make_contender("async"), make_contender("clear"), looks=(10, 11))
    last = block_of(measure(planned, noisy), 11)
    assert sorted(set(names(last))) == ["async", "sync", "sync#"]


def test_a_lone_baseline_is_measured_against_its_copy_to_the_end(make_plan, make_contender, measure):
    assert max(trial.block for trial in measure(make_plan(make_contender(), looks=(6,)))) == 6


def test_a_rival_that_failed_is_not_run_again(make_plan, make_contender, make_executor, measure):
    planned = make_plan(make_contender(), make_contender("async"), make_contender("broken"))
    trials = measure(planned, make_executor(changes={"broken": {"outcome": Outcome.FAILED}}))
    assert {trial.block for trial in trials if trial.cell.contender == "broken"} == {0}
    assert {trial.block for trial in trials if trial.cell.contender == "async"} == set(range(7))


def test_nothing_is_run_against_a_baseline_that_failed(make_plan, make_executor, measure):
    trials = measure(make_plan(), make_executor(changes={"sync": {"outcome": Outcome.CRASHED}}))
    assert {trial.block for trial in trials} == {0}


def test_nothing_is_run_when_all_rivals_failed(make_plan, make_executor, measure):
    trials = measure(make_plan(), make_executor(changes={"async": {"outcome": Outcome.HUNG}}))
    assert {trial.block for trial in trials} == {0}


def test_the_warm_block_runs_whatever_the_budget(make_plan, measure):
    assert {trial.block for trial in measure(make_plan(budget_seconds=0.001))} == {0}


def test_a_block_that_does_not_fit_the_budget_is_not_begun(make_plan, measure):
    # 2 warm trials of 1 s, then blocks of 6 trials: two fit into 17 s, a third would not.
    assert max(trial.block for trial in measure(make_plan(budget_seconds=17))) == 2


def test_the_first_block_must_fit_with_the_copy_that_has_no_trial_yet(make_plan, measure):
    assert max(trial.block for trial in measure(make_plan(budget_seconds=7))) == 0


def test_a_block_that_was_begun_is_finished_whatever_the_budget(make_plan, make_executor, measure):
    with pytest.raises(KeyboardInterrupt):
        measure(make_plan(), make_executor(stop_after=4))
    trials = measure(make_plan(budget_seconds=0.001), make_executor())
    assert len(block_of(trials, 1)) == 6


def test_micro_costs_are_paid_from_the_same_budget(make_plan, make_contender, make_executor, measure):
    planned = make_plan(budget_seconds=17, micro=make_contender("micro"), micro_processes=20)
    assert {trial.block for trial in measure(planned) if trial.experiment == "speed"} == {0}
