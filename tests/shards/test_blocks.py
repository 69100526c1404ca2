"""Machines share the blocks of a plan: each has its own, all together have every one, and none crosses machines."""

from dataclasses import replace

import pytest

from bench.campaign.frame import Shard
from bench.campaign.loop import is_ours
from bench.experiments.registry import EXPERIMENTS
from tests.conftest import FakeExecutor, a_contender, a_plan, run_campaign


def on(shard, plan):
    return replace(plan, frame=replace(plan.frame, shard=shard))


@pytest.fixture
def plan():
    return a_plan(a_contender("sync"), a_contender("async"), looks=(8,))


def measured(plan, number, of, tmp_path):
    return run_campaign(on(Shard(number=number, of=of), plan), FakeExecutor(), tmp_path / f"{number}.jsonl")


@pytest.mark.parametrize("of", [1, 2, 3])
def test_every_block_is_measured_by_one_machine(plan, of, tmp_path):
    by_machine = [measured(plan, number, of, tmp_path) for number in range(1, of + 1)]
    blocks = [{trial.block for trial in trials if not trial.warmup} for trials in by_machine]
    assert sorted(block for each in blocks for block in each) == list(range(1, 9))
    keys = [trial.key for trials in by_machine for trial in trials]
    assert len(keys) == len(set(keys))


def test_every_machine_has_a_warm_block_and_an_aa_pair_of_its_own(plan, tmp_path):
    for number in (1, 2):
        trials = measured(plan, number, 2, tmp_path)
        assert [trial.block for trial in trials if trial.warmup] == [0, 0]
        assert any(trial.cell.copy for trial in trials)
        assert {trial.spec.shard for trial in trials} == {number}


def test_a_machine_runs_its_blocks_as_one_machine_would(plan, tmp_path):
    whole = run_campaign(plan, FakeExecutor(), tmp_path / "whole.jsonl")
    order = {block: [t.cell.id for t in whole if t.block == block] for block in range(1, 9)}
    for number in (1, 2):
        for trial in measured(plan, number, 2, tmp_path):
            if trial.block:
                assert trial.cell.id in order[trial.block]
        blocks = {trial.block for trial in measured(plan, number, 2, tmp_path) if trial.block}
        own = {block: [t.cell.id for t in measured(plan, number, 2, tmp_path) if t.block == block] for block in blocks}
        assert own == {block: order[block] for block in blocks}


def test_what_shares_no_blocks_is_measured_by_one_machine():
    plan = a_plan(a_contender("sync"), micro=a_contender("micro"), flakiness_seconds=60.0)
    whole = [name for name in plan.studies if EXPERIMENTS[name].measures and not EXPERIMENTS[name].shares_blocks]
    for name in whole:
        assert sum(is_ours(on(Shard(number=number, of=3), plan), name) for number in (1, 2, 3)) == 1
    assert all(is_ours(on(Shard(number=number, of=3), plan), "speed") for number in (1, 2, 3))
