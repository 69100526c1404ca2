"""What the host gives to other guests makes a machine unfit, as its own load does."""

from dataclasses import replace

import pytest

from bench.model import MachineReading
from tests.conftest import IDLE
from tests.made_up import results_of

# A trial of one second on two cores has 200 ticks; the margin is 5 %.
LITTLE, MUCH = 8, 14


@pytest.fixture
def results(make_plan, make_manifest, make_executor, measure):
    def results(ticks, **changes):
        after = MachineReading(load_1min=0.5, steal_ticks=ticks)
        executor = make_executor(changes={name: {"after": after, **changes} for name in ("sync", "async")})
        plan = make_plan()
        return results_of(make_manifest(plan), measure(plan, executor))

    return results


def test_much_steal_makes_a_run_unfit_and_says_how_much(results):
    (reason,) = results(MUCH).invalid_because
    assert reason.startswith("the host gave 6.")
    assert reason.endswith("% of the processors' time to others (steal), more than 5 %")


@pytest.mark.parametrize("ticks", [0, LITTLE, None])
def test_little_or_unknown_steal_does_not(results, ticks):
    assert results(ticks).invalid_because == ()


def test_trials_that_are_not_timed_do_not_count(make_plan, make_manifest, measure):
    plan = make_plan()
    trials = [
        replace(trial, after=replace(IDLE, steal_ticks=10**6)) if trial.warmup else trial for trial in measure(plan)
    ]
    assert results_of(make_manifest(plan), trials).invalid_because == ()
