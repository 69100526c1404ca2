"""Stages between two sets: what has moved with a unit, what has not moved without it, and units that merge."""

import pytest

from bench.experiments.blame.chain import Chain, Stage, confirmed
from tests.blame.conftest import a_chain, names, unit

DIAMOND = {2: {0}, 3: {2, 1}}


def test_a_chain_starts_with_the_earlier_set_and_ends_with_the_later():
    chain = a_chain(3)
    assert chain.prefixes[0] == chain.old == Stage()
    assert chain.prefixes[-1] == chain.new == Stage(unit(0, 1, 2))


def test_a_unit_is_added_with_what_it_needs():
    assert a_chain(5, DIAMOND).added(unit(3)) == (Stage(unit(0, 1, 2)), Stage(unit(0, 1, 2, 3)))


def test_a_unit_is_taken_out_with_what_needs_it():
    assert a_chain(5, DIAMOND).removed(unit(0)) == (Stage(unit(1, 4)), Stage(unit(0, 1, 4)))


def test_both_contexts_of_a_unit_differ_by_that_unit_alone():
    chain = a_chain(5, DIAMOND)
    for number in range(5):
        for low, high in (chain.added(unit(number)), chain.removed(unit(number))):
            assert high.units - low.units == unit(number)


def test_an_order_in_which_a_unit_comes_before_its_need_is_refused():
    with pytest.raises(ValueError, match="comes before"):
        Chain(units=a_chain(2).units, needs=(unit(1), unit()))


def test_a_stage_has_the_packages_of_its_units():
    assert a_chain(3).packages(Stage(unit(0, 2))) == {"p0", "p2"}


def test_units_whose_prefix_does_not_resolve_merge_and_it_is_said():
    chain = confirmed(a_chain(4), lambda stage, chain: "p1 needs p2" if chain.packages(stage) == {"p0", "p1"} else "")
    assert names(chain) == [{"p0"}, {"p1", "p2"}, {"p3"}]
    assert chain.units[1].because == ("p1 does not move without p2: p1 needs p2",)


def test_units_merge_until_every_stage_resolves():
    chain = confirmed(a_chain(4), lambda stage, chain: "no" if stage.units and len(chain.packages(stage)) < 4 else "")
    assert names(chain) == [{"p0", "p1", "p2", "p3"}]
    assert len(chain.units[0].because) == 3


def test_what_needs_a_merged_unit_needs_all_of_it_and_what_it_needs():
    chain = a_chain(6, {1: {0}, 5: {2}}).merged(1, "together")
    assert names(chain) == [{"p0"}, {"p1", "p2"}, {"p3"}, {"p4"}, {"p5"}]
    assert chain.needs == (unit(), unit(0), unit(), unit(), unit(0, 1))


def test_the_ends_are_not_asked_about():
    asked = []
    confirmed(a_chain(3), lambda stage, _: asked.append(len(stage.units)) or "")
    assert asked == [1, 2]
