"""Every finished trial is on the disk before the next one starts, and none is run twice."""

import time
from pathlib import Path

import pytest

from bench.campaign import planning
from bench.configuration import config
from bench.errors import DatabaseError
from bench.model import Variant
from bench.storage import journal

OWN = config.read(Path(__file__).parents[2] / "pyproject.toml")


@pytest.fixture
def interrupted(make_plan, make_executor, measure):
    """Run a campaign that is stopped after so many trials."""

    def interrupted(trials):
        executor = make_executor(stop_after=trials)
        with pytest.raises(KeyboardInterrupt):
            measure(make_plan(), executor)
        return executor

    return interrupted


def test_a_campaign_runs_each_key_once(make_plan, measure):
    keys = [trial.key for trial in measure(make_plan())]
    assert len(keys) == len(set(keys)) == 2 + 6 * 6


@pytest.mark.parametrize("trials", [0, 1, 3, 4, 20, 37])
def test_a_resumed_campaign_is_the_uninterrupted_one(interrupted, make_plan, make_executor, measure, trials):
    first, second = interrupted(trials), make_executor()
    resumed = measure(make_plan(), second)
    assert len(first.asked) == trials
    assert len(resumed) == len(first.asked) + len(second.asked) == 38
    assert [trial.key for trial in resumed] == [spec.key for spec in [*first.asked, *second.asked]]


def test_a_finished_campaign_has_nothing_to_resume(make_plan, make_executor, measure):
    measure(make_plan())
    again = make_executor()
    measure(make_plan(), again)
    assert again.asked == []


def test_a_trial_is_on_the_disk_before_the_next_one_starts(make_plan, make_executor, measure, tmp_path):
    executor = make_executor()
    seen = []

    def execute(spec):
        seen.append(len(journal.read(tmp_path / "run" / "trials.jsonl")[0]))
        return executor(spec)

    measure(make_plan(), execute)
    assert seen == list(range(38))


def test_what_stops_a_campaign_keeps_the_trials_before_it(make_plan, make_executor, measure, tmp_path):
    executor = make_executor(stop_after=5)

    def execute(spec):
        try:
            return executor(spec)
        except KeyboardInterrupt:
            raise DatabaseError("the server is gone") from None

    with pytest.raises(DatabaseError):
        measure(make_plan(), execute)
    assert len(journal.read(tmp_path / "run" / "trials.jsonl")[0]) == 5


def test_micro_costs_are_measured_first(make_plan, make_contender, measure):
    trials = measure(make_plan(micro=make_contender("micro"), micro_processes=2))
    assert [trial.experiment for trial in trials][:3] == ["micro", "micro", "speed"]


def test_micro_costs_are_measured_on_each_backend_of_their_study(make_plan, make_contender, measure):
    both = ("sqlite", "postgresql")
    plan = make_plan(make_contender(backends=both), backends=both, micro=make_contender("m", backends=both))
    micro = [trial.cell.backend for trial in measure(plan) if trial.experiment == "micro"]
    assert micro == list(both)


@pytest.mark.parametrize(("profile", "backends"), [("smoke", ("sqlite",)), ("standard", ("sqlite", "postgresql"))])
def test_the_smallest_campaign_measures_micro_costs_on_its_first_backend(profile, backends):
    assert planning.make(OWN, profile=profile, seed=1).studies["micro"].backends == backends


@pytest.mark.parametrize(("experiment", "at_once"), [("attempts", 2), ("speed", 1)])
def test_trials_run_at_once_where_no_time_is_compared(
    make_plan, make_executor, measure, monkeypatch, experiment, at_once
):
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    running, most = set(), []

    class Watched(type(make_executor())):
        def __call__(self, spec):
            running.add(spec.key)
            if spec.experiment == experiment:
                time.sleep(0.05)
                most.append(len(running))
            running.discard(spec.key)
            return super().__call__(spec)

    attempts = tuple(
        Variant(id=name, title=name, contender="sync", pytest_args=(), environment={}) for name in ("one", "two")
    )
    measure(make_plan(attempts=attempts), Watched())
    assert max(most) == at_once
