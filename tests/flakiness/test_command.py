"""`python -m bench flakes` on a suite that is not ours: the polluter is named, the printed command shows the flake."""

import json
import subprocess
import sys

import pytest

from bench.cli import main

SUITE = """\
STATE = []
def test_a_victim(): assert not STATE
def test_b(): pass
def test_c_polluter(): STATE.append(1)
def test_d(): pass
"""


@pytest.fixture
def suite(tmp_path, monkeypatch):
    (tmp_path / "suite").mkdir()
    (tmp_path / "suite" / "test_it.py").write_text(SUITE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    return tmp_path


@pytest.mark.slow
def test_a_foreign_suite_gets_its_polluter_and_a_command_that_shows_it(suite, capsys):
    options = ["--python", sys.executable, "--cwd", "suite", "--reports", "reports", "--suite-runs", "2", "--seed", "1"]
    assert main(["flakes", *options, "--json", "--", "-q"]) == 0
    found = json.loads(capsys.readouterr().out)
    (flake,) = found["flakes"]
    assert (flake["flake_class"], flake["role"]) == ("order-dependent", "victim")
    assert flake["causes"] == ["test_it.py::test_c_polluter"]
    assert flake["replay"]["failures"] == 10
    replayed = subprocess.run(flake["replay"]["command"], shell=True, cwd=suite, capture_output=True, check=False)
    assert replayed.returncode == 1
    written = json.loads(next(suite.glob("reports/*-flakes/flakes.json")).read_text())
    assert written == found


def test_a_suite_that_does_not_run_is_refused_with_its_words(suite, capsys):
    (suite / "suite" / "test_it.py").write_text("import nothing_like_that\n")
    assert main(["flakes", "--python", sys.executable, "--cwd", "suite", "--reports", "reports", "--", "-q"]) == 2
    assert "nothing_like_that" in capsys.readouterr().err


def test_an_interpreter_is_needed(suite, capsys):
    assert main(["flakes", "--reports", "reports"]) == 2
    assert "--python" in capsys.readouterr().err
