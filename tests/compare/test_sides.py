"""What was typed becomes the sides of a comparison, or a sentence that says what is missing."""

import argparse
from pathlib import Path

import pytest

from bench import cli, program
from bench.commands import compare, sides
from bench.errors import ConfigurationError


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Stand in a folder with a virtual environment."""
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    return tmp_path


def typed(*words: str) -> argparse.Namespace:
    return cli.parser().parse_args(["compare", *words])


def read(*words: str):
    return sides.read(typed(*words))


@pytest.mark.parametrize(
    ("text", "python", "arguments"),
    [
        ("pytest -q tests", "", ("-q", "tests")),
        (".venv/bin/pytest tests", ".venv/bin/python", ("tests",)),
        ("python -m pytest tests", "", ("tests",)),
        ("../new/bin/python3.12 -m pytest -k 'a or b'", "../new/bin/python3.12", ("-k", "a or b")),
    ],
)
def test_a_command_is_taken_apart(text, python, arguments):
    found = sides.command(text)
    assert (found.python, found.arguments, found.environment) == (python, arguments, {})


def test_variables_stand_before_a_command():
    assert sides.command("A=1 B='x y' pytest").environment == {"A": "1", "B": "x y"}


@pytest.mark.parametrize("text", ["uv run pytest", "tox", "python -X dev -m pytest", "python tests.py", "pytest 'open"])
def test_a_command_that_starts_no_pytest_is_refused_with_a_way_out(text):
    with pytest.raises(ConfigurationError) as refused:
        sides.command(text)
    assert refused.value.hint


def test_two_commands_are_called_by_what_tells_them_apart():
    one, two = read("pytest -q tests/sync", "pytest -q tests/async")
    assert (one.name, two.name) == ("sync", "async")
    assert one.title == "pytest -q tests/sync"
    assert one.python == two.python == ".venv/bin/python"


def test_one_command_under_two_interpreters_makes_two_sides_of_the_same_tests():
    found = read("--python", "old/bin/python", "--python", "new/bin/python", "pytest tests")
    assert [side.name for side in found] == ["old", "new"]
    assert sides.are_twins(found, wanted=None)


def test_a_variable_makes_two_sides():
    found = read("--vary", "LOOP=uvloop", "--vary", "LOOP=asyncio")
    assert [side.environment["LOOP"] for side in found] == ["uvloop", "asyncio"]
    assert [side.name for side in found] == ["LOOP-uvloop", "LOOP-asyncio"]


def test_two_commands_are_no_twins_unless_the_user_says_so():
    found = read("pytest a", "pytest b")
    assert not sides.are_twins(found, wanted=None)
    assert sides.are_twins(found, wanted=True)


def test_commands_and_interpreters_go_by_pairs():
    one, two = read("--python", "p1", "--python", "p2", "pytest a", "pytest b")
    assert (one.python, one.arguments, two.python, two.arguments) == ("p1", ("a",), "p2", ("b",))


def test_names_are_the_users():
    assert [side.name for side in read("--name", "before", "--name", "after now", "pytest a", "pytest b")] == [
        "before",
        "after-now",
    ]


def test_equal_names_are_told_apart():
    assert len({side.name for side in read("pytest 'a b'", "pytest 'a-b'")}) == 2


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("pytest tests",), "two sides"),
        (("--python", "a", "--python", "b", "pytest a", "pytest b", "pytest c"), "do not match"),
        (("--name", "x", "pytest a", "pytest b"), "1 names for 2 sides"),
        (("--cwd", "nowhere", "pytest a", "pytest b"), "no folder nowhere"),
        (("--env", "lower-case", "pytest a", "pytest b"), "sets no variable"),
        (("--env", "A={database_url}", "pytest a", "pytest b"), "asks for a database"),
        (("--env", "A={databse_url}", "pytest a", "pytest b"), "unknown placeholder"),
        (("--git", "main", "--git", "HEAD", "pytest"), "git"),
    ],
)
def test_what_is_no_comparison_is_refused_with_a_way_out(words, complaint):
    with pytest.raises(ConfigurationError, match=complaint) as refused:
        read(*words)
    assert refused.value.hint


def test_without_an_interpreter_nothing_is_guessed(folder: Path):
    (folder / ".venv" / "bin" / "python").unlink()
    with pytest.raises(ConfigurationError, match="no interpreter"):
        read("pytest a", "pytest b")


def test_the_active_environment_comes_first(folder: Path, monkeypatch):
    python = folder / "active" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    monkeypatch.setenv("VIRTUAL_ENV", str(folder / "active"))
    assert read("pytest a", "pytest b")[0].python == str(python)


def test_a_secret_is_not_written_into_the_command_that_the_page_shows():
    options = typed("--env", "API_TOKEN=hunter2", "--env", "MODE=fast", "pytest a", "pytest b")
    shown = compare._command(options, compare._plan(options))
    assert "hunter2" not in shown
    assert "--env API_TOKEN " in shown
    assert "--env MODE=fast " in shown


@pytest.mark.parametrize(
    ("called", "words"),
    [
        ("/somewhere/bin/twinbench", ["twinbench run", "twinbench faults", "twinbench compare"]),
        ("bench/__main__.py", ["nox -s bench --", "nox -s bench -- faults", "python -m bench compare"]),
    ],
)
def test_printed_commands_are_those_of_the_program_that_was_called(monkeypatch, called, words):
    monkeypatch.setattr("sys.argv", [called])
    assert [program.session(command) for command in ("run", "faults", "compare")] == words
