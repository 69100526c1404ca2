"""A run is continued by the command that began it."""

import argparse

import pytest

from bench.commands import asking
from bench.errors import RunError
from bench.storage.run_folder import RunFolder


@pytest.fixture
def begun(tmp_path, make_plan, make_manifest):
    """Write down the beginning of a run of a profile."""

    def begun(profile):
        folder = RunFolder(tmp_path)
        folder.write_manifest(make_manifest(make_plan(profile=profile)))
        return folder

    return begun


def test_a_search_of_one_suite_is_not_continued_as_a_bench(begun):
    with pytest.raises(RunError, match="was begun by another command") as refused:
        asking.resumed_plan(begun("flakes"), argparse.Namespace(command="run"))
    assert refused.value.hint.startswith("python -m bench flakes --resume ")


def test_a_bench_is_continued_with_its_plan(begun):
    folder = begun("smoke")
    assert asking.resumed_plan(folder, argparse.Namespace(command="run")) == folder.read_manifest().plan


@pytest.mark.parametrize("name", ["claims", "profile", "budget", "seed"])
def test_what_was_planned_cannot_be_changed(begun, name):
    options = argparse.Namespace(command="run", **{name: "other"})
    with pytest.raises(Exception, match=f"--{name} cannot be changed"):
        asking.resumed_plan(begun("smoke"), options)
