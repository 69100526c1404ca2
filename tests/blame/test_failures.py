"""A test that newly fails is bisected without statistics; where it flakes, with as many repeats as it takes."""

import numpy as np
import pytest

from bench.experiments.blame.blocks import Phase
from bench.experiments.blame.failures import FailureInvestigation
from bench.experiments.blame.rules import Rules
from bench.experiments.blame.verdict import Blame, Role
from tests.blame.conftest import PlantedMachine, a_chain, finished, unit

NEEDS = {3: {1}, 6: {3, 2}}


def investigated(fails, *, size=8, rate=1.0, seed=3, **machine):
    rng = np.random.default_rng(seed)
    planted = PlantedMachine(level=lambda units: float(fails(units) and rng.random() < rate), **machine)
    return finished(FailureInvestigation(chain=a_chain(size, NEEDS), rules=Rules()), planted)


@pytest.mark.parametrize("culprit", range(8))
def test_the_package_that_breaks_a_test_is_named_wherever_it_is(culprit):
    conclusion = investigated(lambda units: culprit in units)
    assert (conclusion.verdict.blame, conclusion.verdict.named) == (Blame.ALONE, (unit(culprit),))


def test_the_search_takes_few_runs():
    conclusion = investigated(lambda units: 5 in units, size=32)
    assert len(conclusion.path) <= 7
    assert (str(conclusion.old), str(conclusion.new)) == ("0 of 8 runs", "8 of 8 runs")


@pytest.mark.parametrize("pair", [(0, 7), (2, 5), (4, 5)])
def test_a_pair_that_only_breaks_it_together_is_named_together(pair):
    conclusion = investigated(lambda units: set(pair) <= units)
    assert conclusion.verdict.blame is Blame.WITH
    assert set(conclusion.verdict.named) == {unit(pair[0]), unit(pair[1])}


def test_three_that_only_break_it_together_are_named_together():
    conclusion = investigated(lambda units: {0, 4, 7} <= units)
    assert conclusion.verdict.blame is Blame.WITH
    assert set(conclusion.verdict.named) == {unit(0), unit(4), unit(7)}


def test_two_of_which_each_is_enough_are_both_named():
    conclusion = investigated(lambda units: bool({2, 5} & units))
    assert conclusion.verdict.blame is Blame.EACH
    assert conclusion.verdict.roles == {unit(2): Role.ONLY_WITHOUT_OTHERS, unit(5): Role.ONLY_WITHOUT_OTHERS}


def test_a_failure_that_flakes_is_repeated_until_it_is_named():
    ends = [investigated(lambda units: 5 in units, rate=0.5, seed=seed) for seed in range(30)]
    named = [end.verdict.named for end in ends]
    assert named.count((unit(5),)) >= 24
    assert not {group for groups in named for group in groups if 5 not in group}


def test_a_flake_that_first_looked_sure_is_not_judged_as_if_it_were():
    machine = PlantedMachine(level=lambda units: float(5 in units))
    investigation = FailureInvestigation(chain=a_chain(8), rules=Rules())
    rng = np.random.default_rng(1)
    while investigation.request is not None:
        if investigation.request.phase is Phase.CONFIRMATION:
            machine.level = lambda units: float(5 in units and rng.random() < 0.5)
        investigation.took(machine(investigation.request))
    assert {each.is_shown for each in investigation.conclusion().contrasts} == {False}
    assert investigation.conclusion().verdict.blame is Blame.NOT_CONFIRMED


def test_a_failure_that_is_not_new_is_not_attributed():
    conclusion = investigated(lambda _: True)
    assert conclusion.verdict.blame is Blame.NOTHING
    assert conclusion.verdict.reason == "it fails under the earlier set, too: 1 of 1 runs"


def test_a_failure_that_does_not_show_again_is_not_attributed():
    conclusion = investigated(lambda _: False)
    assert conclusion.verdict.blame is Blame.NOTHING
    assert conclusion.verdict.reason == "it does not fail under the later set: 0 of 10 runs"


def test_sets_in_between_that_do_not_run_leave_a_group():
    conclusion = investigated(lambda units: 4 in units, breaks=lambda units: len(units) in {4, 5} and 7 not in units)
    assert conclusion.suspects[0].because == "no set between them could be run"
    assert len(conclusion.suspects[0].units) > 1
    assert 4 in conclusion.suspects[0].units


def test_a_set_that_cannot_be_run_at_all_makes_it_invalid():
    assert investigated(lambda _: True, breaks=lambda units: not units).verdict.blame is Blame.INVALID


def test_a_failure_that_vanishes_on_fresh_runs_names_nobody():
    machine = PlantedMachine(level=lambda units: float(4 in units))
    investigation = FailureInvestigation(chain=a_chain(8), rules=Rules())
    while investigation.request is not None:
        if investigation.request.phase is Phase.CONFIRMATION:
            machine.level = lambda _: 0.0
        investigation.took(machine(investigation.request))
    assert investigation.conclusion().verdict.blame is Blame.NOT_CONFIRMED
