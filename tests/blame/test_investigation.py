"""A whole investigation on planted truths: who is named, as what, and what is said where nobody is."""

from dataclasses import replace

import pytest

from bench.experiments.blame.blocks import Phase
from bench.experiments.blame.investigation import Investigation, next_block, replayed
from bench.experiments.blame.rules import Rules
from bench.experiments.blame.verdict import Blame, Role
from tests.blame.conftest import PlantedMachine, a_chain, finished, unit

RULES = Rules()
NEEDS = {3: {1}, 6: {3, 2}}


def sums(effects):
    return lambda units: sum(effect for number, effect in effects.items() if number in units)


def investigated(level, *, needs=NEEDS, rules=RULES, size=8, **machine):
    planted = PlantedMachine(level=level, **machine)
    return finished(Investigation(chain=a_chain(size, needs), rules=rules), planted), planted


@pytest.mark.parametrize("culprit", range(8))
def test_one_culprit_is_named_alone_wherever_it_is_on_the_chain(culprit):
    conclusion, _ = investigated(sums({culprit: 0.1}))
    assert conclusion.verdict.blame is Blame.ALONE
    assert conclusion.verdict.named == (unit(culprit),)


def test_a_culprit_that_makes_it_faster_is_named_as_well():
    conclusion, _ = investigated(sums({4: -0.1}))
    assert (conclusion.verdict.blame, conclusion.verdict.named) == (Blame.ALONE, (unit(4),))


def test_two_culprits_are_both_named_each_with_a_part():
    conclusion, _ = investigated(sums({1: 0.1, 5: 0.09}))
    assert conclusion.verdict.blame is Blame.EACH
    assert set(conclusion.verdict.named) == {unit(1), unit(5)}


def test_a_unit_that_works_against_the_change_is_not_named():
    conclusion, _ = investigated(sums({1: 0.2, 5: -0.06}))
    assert conclusion.verdict.named == (unit(1),)
    assert conclusion.verdict.blame is Blame.PART


@pytest.mark.parametrize("pair", [(0, 7), (2, 5), (4, 5)])
def test_a_pair_that_only_acts_together_is_named_together(pair):
    conclusion, _ = investigated(lambda units: 0.1 * (set(pair) <= units))
    assert conclusion.verdict.blame is Blame.WITH
    assert set(conclusion.verdict.named) == {unit(pair[0]), unit(pair[1])}
    assert set(conclusion.verdict.roles.values()) == {Role.ONLY_WITH_OTHERS}


def test_either_of_two_that_is_enough_is_said_to_have_a_double():
    conclusion, _ = investigated(lambda units: 0.1 * bool({2, 5} & units))
    assert conclusion.verdict.roles[unit(2)] is Role.ONLY_WITHOUT_OTHERS
    assert conclusion.verdict.blame is Blame.PART


def test_a_change_of_many_small_parts_names_nobody():
    conclusion, _ = investigated(sums(dict.fromkeys(range(8), 0.012)), sd=0.001)
    assert conclusion.verdict.blame is Blame.SPREAD
    assert conclusion.verdict.named == ()


def test_without_a_change_there_is_nothing_to_attribute_and_nothing_is_searched():
    conclusion, machine = investigated(sums({}))
    assert conclusion.verdict.blame is Blame.NOTHING
    assert {request.phase for request in machine.asked} == {Phase.DETECTION}


def test_a_change_below_the_threshold_is_not_searched():
    conclusion, _ = investigated(sums({4: 0.02}))
    assert conclusion.verdict.blame is Blame.NOTHING
    assert conclusion.verdict.reason == "below the smallest change worth blaming"


def test_two_builds_of_one_set_that_differ_make_it_invalid():
    conclusion, _ = investigated(sums({4: 0.1}), placebo=0.05, rules=Rules(detection_blocks=(8,)))
    assert conclusion.verdict.blame is Blame.INVALID
    assert "two builds of the same set differ" in conclusion.verdict.reason


def test_a_set_that_cannot_be_measured_makes_it_invalid():
    conclusion, machine = investigated(sums({}), breaks=lambda units: len(units) == 8)
    assert conclusion.verdict.blame is Blame.INVALID
    assert len(machine.asked) == 2


def test_a_change_that_vanishes_on_fresh_blocks_is_not_confirmed():
    machine = PlantedMachine(level=sums({4: 0.1}))
    investigation = Investigation(chain=a_chain(8), rules=RULES)
    while investigation.request is not None:
        if investigation.request.phase is Phase.CONFIRMATION:
            machine.level = sums({})
        investigation.took(machine(investigation.request))
    verdict = investigation.conclusion().verdict
    assert (verdict.blame, verdict.named) == (Blame.NOT_CONFIRMED, ())


def test_only_fresh_blocks_name_a_package():
    """In the search unit 4 did it, in the fresh blocks unit 6 does: neither is named."""
    machine = PlantedMachine(level=sums({4: 0.1}))
    investigation = Investigation(chain=a_chain(8), rules=RULES)
    while investigation.request is not None:
        if investigation.request.phase is Phase.CONFIRMATION:
            machine.level = sums({6: 0.1})
        investigation.took(machine(investigation.request))
    assert investigation.conclusion().verdict.blame is Blame.SPREAD


def test_stages_that_do_not_run_are_gone_around_and_it_is_said():
    """Nothing between 3 and 5 moved units runs, so units 3 and 4 cannot be told apart in the search."""
    conclusion, _ = investigated(sums({4: 0.1}), needs={}, breaks=lambda units: len(units) == 4)
    assert conclusion.verdict.named == (unit(3, 4),)
    assert conclusion.suspects[0].because == "no set between them could be measured"


def test_a_context_that_does_not_run_leaves_open_whether_it_is_alone():
    conclusion, _ = investigated(sums({4: 0.1}), breaks=lambda units: units == unit(0, 1, 2, 3, 5, 6, 7))
    assert conclusion.verdict.roles == {unit(4): Role.ONE_CONTEXT}
    assert conclusion.verdict.blame is Blame.PART


def test_one_failed_trial_costs_its_block_and_no_more():
    machine = PlantedMachine(level=sums({4: 0.1}))
    seen = []
    machine.breaks = lambda units: units == unit(0, 1, 2, 3) and not seen and not seen.append(units)
    conclusion = finished(Investigation(chain=a_chain(8), rules=RULES), machine)
    assert (conclusion.verdict.blame, conclusion.verdict.named) == (Blame.ALONE, (unit(4),))
    assert len(machine.asked) == conclusion.blocks + 1


def test_an_only_unit_is_named_without_a_search():
    conclusion, machine = investigated(sums({0: 0.1}), size=1, needs={})
    assert (conclusion.verdict.blame, conclusion.verdict.named) == (Blame.ALONE, (unit(0),))
    assert Phase.SEARCH not in {request.phase for request in machine.asked}


def test_the_budget_is_kept_and_what_was_not_told_apart_is_named_as_a_group():
    conclusion, _ = investigated(sums({4: 0.1}), rules=Rules(budget_seconds=190), size=32, sd=0.02)
    assert conclusion.seconds <= 190
    assert any("budget" in each.because for each in conclusion.suspects)
    assert all(4 in group for group in conclusion.verdict.named)


def test_an_investigation_resumed_anywhere_asks_the_same():
    machine = PlantedMachine(level=lambda units: 0.1 * ({2, 5} <= units), sd=0.02)
    investigation = Investigation(chain=a_chain(8, NEEDS), rules=RULES)
    answers, requests = [], [investigation.request]
    while investigation.request is not None:
        answers.append(machine(investigation.request))
        investigation.took(answers[-1])
        requests.append(investigation.request)
    assert len(answers) > 20
    for cut in range(0, len(requests), 7):
        assert next_block(a_chain(8, NEEDS), RULES, answers[:cut]) == requests[cut]
    assert replayed(a_chain(8, NEEDS), RULES, answers).conclusion() == investigation.conclusion()


@pytest.mark.parametrize("cut", [0, 3, 10, 20])
def test_a_run_that_was_cut_off_has_a_conclusion_that_names_nobody(cut):
    machine = PlantedMachine(level=sums({4: 0.1}))
    investigation = Investigation(chain=a_chain(8), rules=RULES)
    for _ in range(cut):
        investigation.took(machine(investigation.request))
    verdict = investigation.conclusion().verdict
    assert (verdict.blame, verdict.named) == (Blame.UNFINISHED, ())


def test_likely_units_are_isolated_in_fewer_steps():
    plain, _ = investigated(sums({9: 0.1}), size=16, needs={})
    chain = a_chain(16)
    units = (*chain.units[:9], replace(chain.units[9], weight=50.0), *chain.units[10:])
    weighted = replace(chain, units=units)
    likely = finished(Investigation(chain=weighted, rules=RULES), PlantedMachine(level=sums({9: 0.1})))
    assert likely.verdict == plain.verdict
    assert len(likely.steps) < len(plain.steps)
