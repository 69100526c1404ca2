"""A test that passes only where no earlier run left its files depends on them, and on nothing else."""

import pytest

from bench.flakiness.conditions import Circumstances
from bench.flakiness.findings import FlakeClass
from tests.flakiness.conftest import name


@pytest.fixture
def search(make_suite):
    """Search a suite whose test 3 passes until its file exists, which every run that is no clean copy makes."""
    on_disk = set()

    def passes(circumstances, _):
        gone = circumstances.copied_without or ()
        exists = bool(on_disk - set(gone))
        if circumstances.copied_without is None:
            on_disk.add("state.db")
        return not exists

    def search(facts):
        suite = make_suite({3: passes}, size=6, facts=facts)
        seen = suite.survey(*(Circumstances(hash_seed=number) for number in range(6)))
        return suite.examine(seen).diagnoses

    return search


def test_the_files_are_the_cause_with_both_rates(search):
    (found,) = search({"tree": [["+", "state.db"]]})
    assert (found.test, found.flake_class) == (name(3), FlakeClass.FILES)
    assert "it depends on files left by an earlier run: state.db" in found.reason
    assert (found.contrast.failures, found.contrast.without_failures) == (10, 0)
    assert found.replay.circumstances.copied_without == ()


def test_without_a_file_that_appeared_no_file_is_blamed(search):
    (found,) = search({})
    assert found.flake_class is FlakeClass.UNCLASSIFIED
