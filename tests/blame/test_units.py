"""Packages that can only move together are one unit, and units come in an order that can be installed step by step."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement

from bench.experiments.blame.constraints import constraints
from bench.experiments.blame.units import Prior, chain_of
from tests.blame.conftest import names, package, two_sets


def test_packages_without_requirements_are_units_by_themselves():
    sets = two_sets([package("a", "1"), package("b", "1")], [package("a", "2"), package("b", "2")])
    assert names(chain_of(sets)) == [{"a"}, {"b"}]


def test_unchanged_packages_are_in_no_unit():
    sets = two_sets([package("a", "1"), package("b", "1")], [package("a", "1"), package("b", "2")])
    assert names(chain_of(sets)) == [{"b"}]


def test_a_later_version_that_refuses_an_earlier_one_moves_after_it():
    sets = two_sets([package("a", "1", "b"), package("b", "1")], [package("a", "2", "b>=2"), package("b", "2")])
    assert names(chain_of(sets)) == [{"b"}, {"a"}]


def test_an_earlier_version_that_refuses_a_later_one_moves_before_it():
    sets = two_sets([package("b", "1", "c<2"), package("c", "1")], [package("b", "2", "c"), package("c", "2")])
    assert constraints(sets) == {"b": frozenset(), "c": frozenset({"b"})}
    assert names(chain_of(sets, Prior(weights={"c": 9}))) == [{"b"}, {"c"}]


def test_packages_bound_to_exact_versions_of_each_other_are_one_unit():
    sets = two_sets(
        [package("model", "1", "core==1"), package("core", "1")],
        [package("model", "2", "core==2"), package("core", "2")],
    )
    assert names(chain_of(sets)) == [{"model", "core"}]


def test_a_cycle_over_several_packages_is_one_unit():
    sets = two_sets(
        [package("a", "1"), package("b", "1", "a<2"), package("c", "1")],
        [package("a", "2", "c>=2"), package("b", "2"), package("c", "2", "b>=2")],
    )
    assert constraints(sets)["a"] == {"b", "c"}
    assert names(chain_of(sets)) == [{"b"}, {"c"}, {"a"}]
    closed = two_sets(
        [package("a", "1"), package("b", "1", "a<2"), package("c", "1")],
        [package("a", "2"), package("b", "2", "a>=2"), package("c", "2")],
    )
    assert names(chain_of(closed)) == [{"a", "b"}, {"c"}]


def test_an_added_package_joins_the_only_one_that_needs_it():
    sets = two_sets([package("web", "1")], [package("web", "2", "docs"), package("docs", "1")])
    assert names(chain_of(sets)) == [{"web", "docs"}]


def test_an_added_package_that_two_need_is_a_unit_before_both():
    sets = two_sets(
        [package("a", "1"), package("b", "1")],
        [package("a", "2", "extra"), package("b", "2", "extra"), package("extra", "1")],
    )
    assert names(chain_of(sets)) == [{"extra"}, {"a"}, {"b"}]


def test_an_added_package_that_the_suites_ask_for_is_a_unit_with_what_only_it_needs():
    sets = two_sets(
        [package("web", "1")],
        [
            package("web", "2"),
            package("client", "1", "pool", "trust"),
            package("pool", "1", "trust"),
            package("trust", "1"),
        ],
        ["web", "client"],
    )
    assert sorted(map(sorted, names(chain_of(sets)))) == [["client", "pool", "trust"], ["web"]]


def test_a_removed_package_joins_the_only_one_that_needed_it():
    sets = two_sets([package("any", "1", "sniff"), package("sniff", "1")], [package("any", "2")])
    assert names(chain_of(sets)) == [{"any", "sniff"}]


def test_a_fork_that_takes_over_a_module_is_bound_to_what_it_replaces():
    sets = two_sets([package("info", "1")], [package("info2", "1", modules={"info"})], ["info", "info2"])
    assert names(chain_of(sets)) == [{"info", "info2"}]


def test_an_extra_binds_only_where_somebody_asks_for_it():
    old = [package("driver", "1", "binary==1; extra == 'c'"), package("binary", "1")]
    new = [package("driver", "2", "binary==2; extra == 'c'"), package("binary", "2")]
    assert names(chain_of(two_sets(old, new, ["driver[c]"]))) == [{"driver", "binary"}]
    assert len(chain_of(two_sets(old, new, ["driver"])).units) == 2


def test_an_extra_that_a_package_asks_for_counts_as_well():
    old = [package("app", "1", "driver[c]"), package("driver", "1", "binary==1; extra == 'c'"), package("binary", "1")]
    new = [package("app", "1", "driver[c]"), package("driver", "2", "binary==2; extra == 'c'"), package("binary", "2")]
    assert names(chain_of(two_sets(old, new))) == [{"driver", "binary"}]


def test_a_requirement_of_another_platform_binds_nothing():
    marker = "; sys_platform == 'no-such'"
    sets = two_sets(
        [package("a", "1", f"b==1{marker}"), package("b", "1")], [package("a", "2", f"b==2{marker}"), package("b", "2")]
    )
    assert len(chain_of(sets).units) == 2


def test_metadata_that_cannot_be_parsed_binds_nothing():
    sets = two_sets([package("a", "1", "b >= < 1"), package("b", "1")], [package("a", "2"), package("b", "2")])
    assert len(chain_of(sets).units) == 2


def test_packages_that_no_suite_loads_are_one_unit():
    sets = two_sets([package(name, "1") for name in "abcd"], [package(name, "2") for name in "abcd"])
    chain = chain_of(sets, Prior(loaded=frozenset({"b"})))
    assert names(chain) == [{"b"}, {"a", "c", "d"}]
    assert [each.quiet for each in chain.units] == [False, True]


def test_what_no_suite_loads_never_drags_a_loaded_package_along():
    """a must not move later than b, nor b later than c: a and c in one unit would take b in."""
    sets = two_sets(
        [package("a", "1"), package("b", "1"), package("c", "1")],
        [package("a", "2"), package("b", "2", "a>=2"), package("c", "2", "b>=2")],
    )
    assert names(chain_of(sets, Prior(loaded=frozenset({"b"})))) == [{"a"}, {"b"}, {"c"}]


def test_the_likely_come_first_where_the_constraints_leave_a_choice():
    sets = two_sets([package(name, "1") for name in "abc"], [package(name, "2") for name in "abc"])
    assert names(chain_of(sets, Prior(weights={"c": 5.0, "b": 2.0}))) == [{"c"}, {"b"}, {"a"}]


def test_a_unit_is_called_after_the_package_that_the_suites_ask_for():
    sets = two_sets(
        [package("core", "1"), package("model", "1", "core==1")],
        [package("core", "2"), package("model", "2", "core==2")],
        ["model"],
    )
    assert chain_of(sets).units[0].name == "model (+1)"


NAMES = "abcdef"
VERSIONS = st.sampled_from(["", "==1", "==2", ">=2", "<2"])
REQUIRED = st.dictionaries(st.sampled_from(NAMES), VERSIONS, max_size=3)


def consistent(needs, version):
    """Keep of the drawn requirements those that hold inside one set, so that both ends can be installed."""
    refused = {"1": {"==2", ">=2"}, "2": {"==1", "<2"}}[version]
    return [f"{name}{bound}" for name, bound in needs.items() if bound not in refused]


@given(
    st.lists(REQUIRED, min_size=6, max_size=6),
    st.lists(REQUIRED, min_size=6, max_size=6),
    st.sets(st.sampled_from(NAMES)),
)
def test_every_prefix_of_every_chain_can_be_installed(old_needs, new_needs, loaded):
    sets = two_sets(
        [package(name, "1", *consistent(needs, "1")) for name, needs in zip(NAMES, old_needs, strict=True)],
        [package(name, "2", *consistent(needs, "2")) for name, needs in zip(NAMES, new_needs, strict=True)],
    )
    chain = chain_of(sets, Prior(loaded=frozenset(loaded)))
    assert sorted(name for found in names(chain) for name in found) == list(NAMES)
    groups = [[number] for number in range(len(chain.units))]
    for stage in (*chain.prefixes, *map(chain.with_needs, groups), *map(chain.without, groups)):
        moved = chain.packages(stage)
        assert {name: problems(sets, name, moved) for name in NAMES} == {name: [] for name in NAMES}


def problems(sets, name, moved):
    mine = (sets.new if name in moved else sets.old)[name]
    needed = map(Requirement, mine.requires)
    return [each for each in needed if not each.specifier.contains("2" if each.name in moved else "1")]


@pytest.mark.parametrize("loaded", [None, frozenset()])
def test_equal_sets_have_no_units(loaded):
    sets = two_sets([package("a", "1")], [package("a", "1")])
    assert chain_of(sets, Prior(loaded=loaded)).units == ()
