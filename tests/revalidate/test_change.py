"""The change of a ratio is a difference of differences: exact on planted numbers, blind to what both pairs share."""

import math
import random

import numpy as np
import pytest

from bench.model import Cell, Outcome
from bench.paired.blocks import change_log_ratios
from bench.paired.comparing import MEASURES
from bench.statistics import judge_at_looks
from tests.conftest import SECOND, a_spec, a_trial


def cell(contender, dependency_set):
    return Cell(contender=contender, dependency_set=dependency_set, backend="sqlite")


BEFORE = (cell("sync", "old"), cell("async", "old"))
AFTER = (cell("sync", "new"), cell("async", "new"))


def block(index, seconds, **changes):
    """Make the block's trials, two of each cell, from the seconds of sync@old, async@old, sync@new and async@new."""
    return [
        a_trial(a_spec(cell=own, block=index, position=position), wall_ns=round(own_seconds * SECOND), **changes)
        for position, (own, own_seconds) in enumerate(2 * list(zip((*BEFORE, *AFTER), seconds, strict=True)))
    ]


def change(trials):
    return change_log_ratios(trials, BEFORE, AFTER, measure=MEASURES["wall"])


def test_a_planted_change_is_found_exactly():
    assert np.exp(change(block(1, (1.0, 2.0, 1.0, 3.0)))) == pytest.approx([1.5])


@pytest.mark.parametrize("slower", [0.5, 1.7, 40.0])
def test_a_set_that_slows_both_contenders_alike_changes_nothing(slower):
    assert change(block(1, (1.0, 2.0, slower, 2 * slower))) == pytest.approx([0.0])


@pytest.mark.parametrize("drift", [0.5, 1.7, 40.0])
def test_what_slows_a_whole_block_changes_nothing(drift):
    calm, slow = ((1.0, 2.0, 1.1, 3.0), tuple(drift * s for s in (1.0, 2.0, 1.1, 3.0)))
    found = change([*block(1, calm), *block(2, slow)])
    assert found[0] == pytest.approx(found[1])


def test_the_change_back_is_the_same_with_the_other_sign():
    trials = block(1, (1.0, 2.0, 1.1, 3.0))
    back = change_log_ratios(trials, AFTER, BEFORE, measure=MEASURES["wall"])
    assert back == pytest.approx(-change(trials))


def test_a_block_without_both_pairs_does_not_count():
    whole = block(1, (1.0, 2.0, 1.0, 3.0))
    halved = [trial for trial in block(2, (1.0, 2.0, 1.0, 3.0)) if trial.cell != AFTER[1]]
    assert change([*whole, *halved]).size == 1
    assert change(block(1, (1.0, 2.0, 1.0, 3.0), outcome=Outcome.FAILED)).size == 0


def noisy(seed, ratio_after, blocks=16):
    """Draw blocks in which async takes twice the time before and `ratio_after` times after, with 4 % of noise."""
    draw = random.Random(seed)
    return [
        trial
        for index in range(1, blocks + 1)
        for trial in block(index, [s * math.exp(draw.gauss(0, 0.04)) for s in (1.0, 2.0, 1.0, ratio_after)])
    ]


@pytest.fixture
def judged(make_plan):
    def judged(trials):
        looks = make_plan(looks=(8, 16)).studies["speed"].planned_looks
        return judge_at_looks(change(trials), looks=looks, margin=0.05).verdict

    return judged


def test_a_planted_change_of_a_fifth_is_seen_in_nearly_every_campaign(judged):
    found = [judged(noisy(seed, 2.4)) for seed in range(30)]
    assert sum(verdict.is_different for verdict in found) >= 28


def test_no_change_is_hardly_ever_called_different(judged):
    found = [judged(noisy(seed, 2.0)) for seed in range(60)]
    assert sum(verdict.is_different for verdict in found) <= 6  # 5 % expected: more than 6 of 60 has p = 0.03
