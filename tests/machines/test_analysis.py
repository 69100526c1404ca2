"""Machines that disagree make a verdict depend on them; machines that agree do not."""

import pytest

from bench.claims.weighed import Verdict
from bench.experiments import machines
from bench.experiments.contract import Background
from bench.experiments.machines import analysis, page
from bench.statistics import permutation_p
from tests.conftest import SECOND, a_contender, a_plan, a_spec, a_trial

FRAME = a_plan(a_contender("sync"), a_contender("async")).frame


def trials(*ratios, blocks=5):
    """Measure five blocks on each machine, with the machine's ratio and a little noise."""
    found = []
    for at, ratio in enumerate(ratios):
        for number in range(blocks):
            block = 1 + at + len(ratios) * number
            for position, name in enumerate(("sync", "async", "async", "sync")):
                seconds = (ratio if name == "async" else 1.0) * (1 + 0.002 * ((block * 7 + position) % 5))
                spec = a_spec(name, block=block, position=position, shard=at + 1)
                found.append(a_trial(spec, wall_ns=round(seconds * SECOND)))
    return found


def found(*ratios, **options):
    return analysis.analyse(FRAME, machines.Study(), trials(*ratios, **options), Background())


def test_machines_that_agree_are_shown_side_by_side():
    (effect,) = found(1.2, 1.2).effects
    assert set(effect.by_machine) == {1, 2}
    assert not effect.depends
    assert effect.p_value > 0.05


@pytest.mark.parametrize("ratios", [(1.2, 0.9), (1.2, 1.2, 0.9)])
def test_machines_that_disagree_beyond_the_margin_are_said(ratios):
    (effect,) = found(*ratios).effects
    assert effect.depends
    assert "1.20x on machine 1" in effect.sentence
    assert "disagree" in page.section(found(*ratios)).headline


def test_a_difference_within_the_margin_is_none():
    (effect,) = found(1.20, 1.22).effects
    assert effect.p_value <= 0.05
    assert not effect.depends


def test_one_machine_is_not_compared_with_itself():
    assert found(1.2).effects == ()
    assert page.section(found(1.2)) is None


def test_a_machine_with_one_block_says_nothing():
    assert found(1.2, 0.9, blocks=1).effects == ()


def test_the_order_of_a_pair_does_not_matter():
    assert found(1.2, 0.9).depends("async", "sync", "sqlite")
    assert found(1.2, 0.9).depends("sync", "async", "sqlite")
    assert found(1.2, 0.9).depends("sync", "async", "postgresql") is None


def test_a_settled_claim_depends_on_machines_that_disagree(weigh_faster):
    assert weigh_faster(trials(1.5, 1.2)).verdict is Verdict.DEPENDS
    assert weigh_faster(trials(1.5, 1.5)).verdict is Verdict.SUPPORTED


def test_a_permutation_p_value_is_that_of_all_orders():
    # Of the 20 ways to choose three of six, two are as extreme as the observed one.
    assert permutation_p([[1.0, 2.0, 3.0], [7.0, 8.0, 9.0]], seed=1) == pytest.approx(0.1, abs=0.01)
    assert permutation_p([[1.0, 1.0], [1.0, 1.0]], seed=1) == 1.0


@pytest.mark.parametrize("groups", [[[1.0]], [[1.0], []], []])
def test_a_comparison_needs_two_groups_with_values(groups):
    with pytest.raises(ValueError, match="two groups"):
        permutation_p(groups, seed=1)
