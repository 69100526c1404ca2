"""A replay command is a plain pytest command that a shell understands."""

import shlex
import subprocess
from dataclasses import replace

import pytest

from bench.flakiness.conditions import Circumstances, only, under
from bench.flakiness.replay import Suite, attempts_for
from bench.flakiness.verdict import Replay

SUITE = Suite(python="python", directory=".", arguments=("-q", "a suite"), environment={}, probe="bench/probe")


def command(circumstances, *, suite=SUITE, attempts=1):
    return suite.command(Replay(circumstances=circumstances, attempts=attempts, failures=10, runs=10))


def test_a_command_names_plugins_order_and_hash_seed():
    words = shlex.split(command(under("schedule", 4, hash_seed=9, order=only("a.py::test[x y]"))))
    assert {"PYTHONHASHSEED=9", "TWINBENCH_SCHEDULE=4", "twinbench_schedule", "twinbench_order"} <= set(words)
    assert 'TWINBENCH_ORDER={"first": 0, "then": ["a.py::test[x y]"]}' in words
    assert words[-2:] == ["-q", "a suite"]


def test_a_fresh_folder_is_made_by_the_shell():
    assert "HOME=$(mktemp -d) " in command(under("fresh-home"))


def test_a_rare_flake_is_tried_until_it_shows():
    assert command(Circumstances(), attempts=7).startswith("(for attempt in $(seq 7); do ")


@pytest.mark.parametrize("attempts", [1, 3])
def test_the_command_fails_as_pytest_does_and_knows_its_folders(tmp_path, attempts):
    (tmp_path / "a b").mkdir()
    script = f'#!/bin/sh\n[ "$WHERE|$EMPTY|$PWD" = "in {tmp_path}/x||{tmp_path}/a b" ] && exit 3\nexit 0\n'
    (tmp_path / "python").write_text(script)
    (tmp_path / "python").chmod(0o755)
    suite = replace(
        SUITE, python="../python", directory="a b", environment={"WHERE": "in {project}/x", "EMPTY": ""}, arguments=()
    )
    done = subprocess.run(
        command(Circumstances(), suite=suite, attempts=attempts), shell=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 3


@pytest.mark.parametrize(("rate", "attempts"), [(1.0, 1), (0.5, 6), (0.1, 38), (0.01, None), (0.0, None)])
def test_attempts_make_a_failure_nearly_certain(rate, attempts):
    assert attempts_for(rate) == attempts
