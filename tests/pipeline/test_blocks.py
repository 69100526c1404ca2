"""A block counts whole or not at all."""

import math

import pytest

from bench.model import Outcome
from bench.paired.blocks import log_ratios, timed, whole_blocks

SECOND = 10**9


@pytest.fixture
def block(make_spec, make_trial):
    """Give the four trials of a mirrored block: both contenders twice, with these wall times."""

    def block(index=1, *, sync=(1, 1), rival=(1, 1), **changes):
        return [
            make_trial(make_spec(name, block=index, position=position), wall_ns=round(seconds * SECOND), **changes)
            for position, (name, seconds) in enumerate(
                [("sync", sync[0]), ("async", rival[0]), ("async", rival[1]), ("sync", sync[1])]
            )
        ]

    return block


@pytest.fixture
def cells(make_spec):
    return make_spec("sync").cell, make_spec("async").cell


def wall(trial):
    return trial.wall_ns


def test_a_ratio_is_the_time_of_the_rival_over_the_baseline(block, cells):
    ratios = log_ratios(block(sync=(1, 1), rival=(2, 2)), *cells, measure=wall)
    assert ratios.tolist() == pytest.approx([math.log(2)])


def test_a_drift_inside_a_block_cancels(block, cells):
    ratios = log_ratios(block(sync=(1, 8), rival=(2, 4)), *cells, measure=wall)
    assert ratios.tolist() == pytest.approx([0])


def test_blocks_come_in_ascending_order(block, cells):
    assert whole_blocks([*block(3), *block(1), *block(2)], *cells) == [1, 2, 3]


def test_a_block_with_a_missing_trial_does_not_count(block, cells):
    assert whole_blocks([*block(1)[:3], *block(2)], *cells) == [2]


def test_a_block_with_a_failed_trial_does_not_count(block, cells):
    assert whole_blocks(block(outcome=Outcome.FAILED), *cells) == []


def test_the_warm_block_is_never_timed(block, cells):
    assert whole_blocks(block(warmup=True), *cells) == []


def test_a_counting_trial_is_never_timed(block, cells):
    assert timed(block(counting=True), cells[0]) == []


@pytest.mark.parametrize("nothing", [0, -1])
def test_a_block_without_a_positive_time_gives_no_ratio(block, cells, nothing):
    ratios = log_ratios([*block(1, sync=(nothing, 1)), *block(2, rival=(3, 3))], *cells, measure=wall)
    assert ratios.tolist() == pytest.approx([math.log(3)])


def test_no_trials_give_no_ratios(cells):
    assert log_ratios([], *cells, measure=wall).tolist() == []
