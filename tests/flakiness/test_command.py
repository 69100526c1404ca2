"""`python -m bench flakes` on a suite that is not ours: the polluter is named, the printed command shows the flake."""

import json
import subprocess
import sys

import pytest

from bench.cli import main
from bench.commands.flakes import Trials

SUITE = """\
STATE = []
def test_a_victim(): assert not STATE
def test_b(): pass
def test_c_polluter(): STATE.append(1)
def test_d(): pass
"""


PLAIN = ("--env", "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1")


@pytest.fixture
def suite(tmp_path, monkeypatch):
    (tmp_path / "suite").mkdir()
    (tmp_path / "suite" / "test_it.py").write_text(SUITE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def search(suite, capsys):
    """Search the suite; gives the exit code and the JSON document."""

    def search(*options, pytest_args=("-q",), begins=True):
        chosen = ["--python", sys.executable, "--cwd", "suite", *PLAIN, "--suite-runs", "2", "--seed", "1"]
        after = ["--", *pytest_args] if begins else []
        code = main(["flakes", *(chosen if begins else []), "--reports", "reports", "--json", *options, *after])
        return code, json.loads(capsys.readouterr().out)

    return search


@pytest.mark.slow
def test_a_foreign_suite_gets_its_polluter_and_a_command_that_shows_it(suite, search):
    code, found = search()
    assert code == 0
    (flake,) = found["flakes"]
    assert (flake["flake_class"], flake["role"]) == ("order-dependent", "victim")
    assert flake["causes"] == ["test_it.py::test_c_polluter"]
    assert flake["left"] == ["test_it.STATE = [1] (was [])"]
    assert flake["replay"]["failures"] == 10
    replayed = subprocess.run(flake["replay"]["command"], shell=True, cwd=suite, capture_output=True, check=False)
    assert replayed.returncode == 1
    (folder,) = suite.glob("reports/[0-9]*-flakes")
    assert json.loads((folder / "flakes.json").read_text()) == found
    assert "test_c_polluter" in (folder / "report.html").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("stop", [2, 9])
def test_an_interrupted_search_is_kept_and_goes_on_where_it_was(suite, search, monkeypatch, stop):
    ran = []
    plain = Trials.run

    def interrupted(self, spec):
        if len(ran) == stop:
            raise KeyboardInterrupt
        ran.append(spec)
        return plain(self, spec)

    monkeypatch.setattr(Trials, "run", interrupted)
    code, partial = search("--jobs", "1")
    assert code == 130
    assert partial["suite_trials"] + partial["diagnosis_trials"] == stop
    monkeypatch.setattr(Trials, "run", plain)
    code, found = search("--resume", begins=False)
    assert code == 0
    assert [(flake["test"], flake["causes"]) for flake in found["flakes"]] == [
        ("test_it.py::test_a_victim", ["test_it.py::test_c_polluter"])
    ]
    (journal,) = suite.glob("reports/[0-9]*-flakes/trials.jsonl")
    blocks = [json.loads(line)["spec"]["block"] for line in journal.read_text().splitlines()]
    assert blocks == list(range(len(blocks)))


def test_what_a_search_was_begun_with_is_not_changed_when_it_goes_on(suite, search):
    code, document = search("--resume")
    assert code == 2
    assert document["error"] == "--python cannot be changed for a search that was begun"


def test_a_plan_is_shown_without_a_run(suite, search):
    with pytest.raises(json.JSONDecodeError):
        search("--dry-run")
    assert not (suite / "reports").exists()


def test_a_suite_that_does_not_run_is_refused_with_its_words(suite, search):
    (suite / "suite" / "test_it.py").write_text("import nothing_like_that\n")
    code, document = search()
    assert code == 2
    assert "nothing_like_that" in document["cause"]


def test_a_variable_that_is_not_set_is_refused(search):
    code, document = search("--env", "NOT_SET_ANYWHERE")
    assert code == 2
    assert "NOT_SET_ANYWHERE" in document["error"]


def test_an_interpreter_is_needed(suite, capsys):
    assert main(["flakes", "--reports", "reports"]) == 2
    assert "--python" in capsys.readouterr().err
