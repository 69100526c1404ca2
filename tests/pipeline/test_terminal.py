"""One place speaks to the user: results on stdout, everything else on stderr, whatever the names hold."""

import io
import json
import sys

import pytest

from bench.campaign.progress import TrialProgress
from bench.errors import ConfigurationError, ExitCode
from bench.model import Outcome
from bench.terminal import Terminal

HOSTILE = [
    ("\x1b[2J", "\\x1b[2J"),
    ("\u202eevil", "\\u202eevil"),
    ("\udc80", "\\udc80"),
    ("[bold]", "[bold]"),
    (":bug:", ":bug:"),
    ("<script>", "<script>"),
    ("\x00", "\\x00"),
    ("\r", "\\r"),
]


@pytest.mark.parametrize(("words", "shown"), HOSTILE)
def test_a_hostile_word_is_shown_and_never_obeyed(capsys, words, shown):
    Terminal().result(f"test {words}")
    Terminal().notice(f"test {words}")
    Terminal().error(ConfigurationError(f"test {words}", cause=f"test {words}", hint=f"test {words}"))
    out, err = capsys.readouterr()
    assert out == f"test {shown}\n"
    assert err.count(f"test {shown}\n") == 4


def test_a_terminal_that_cannot_show_a_letter_shows_its_escape(monkeypatch):
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", narrow)
    Terminal().result("±5 % \U0001f41b")
    narrow.flush()
    assert narrow.buffer.getvalue() == b"\\xb15 % \\U0001f41b\n"


def test_a_very_long_line_is_not_wrapped(capsys):
    Terminal().result("x" * 1000)
    assert capsys.readouterr().out == "x" * 1000 + "\n"


def test_json_has_stdout_to_itself(capsys):
    terminal = Terminal(as_json=True)
    terminal.result("words")
    terminal.notice("progress")
    terminal.document({"schema": "x/1", "b": "ü\udc80", "a": 1})
    out, err = capsys.readouterr()
    assert list(json.loads(out)) == ["schema", "a", "b"]
    assert err == "progress\n"


def test_without_json_a_document_is_not_printed(capsys):
    Terminal().document({"schema": "x/1"})
    assert capsys.readouterr().out == ""


def test_an_error_tells_what_why_the_remedy_and_the_exit_code(capsys):
    Terminal().error(ConfigurationError("what", cause="why", hint="remedy"))
    assert capsys.readouterr().err == (
        "error: what\ncause: why\nhint:  remedy\nexit code 2: usage or configuration error\n"
    )


def test_an_error_is_the_json_document_of_a_failed_command(capsys):
    Terminal(as_json=True).error(ConfigurationError("what", cause="why", hint="remedy"))
    assert json.loads(capsys.readouterr().out) == {
        "schema": "error/1",
        "error": "what",
        "cause": "why",
        "hint": "remedy",
        "exit_code": 2,
    }


@pytest.mark.parametrize("code", ExitCode)
def test_every_exit_code_has_a_meaning(code):
    assert code.meaning


@pytest.fixture
def make_progress(make_plan):
    """Follow a campaign; made inside the test, because each phase of a test has its own stderr."""
    return lambda: TrialProgress(Terminal(), make_plan(), done=[])


def test_progress_without_a_terminal_is_one_line_for_each_block(make_progress, make_spec, make_trial, capsys):
    specs = [make_spec(block=block, position=position) for block in (1, 2) for position in (0, 1)]
    progress = make_progress()
    [progress.watch(spec, make_trial(spec)) for spec in specs]
    assert [line.split(" begun")[0] for line in capsys.readouterr().err.splitlines()] == [
        "  speed on SQLite, block 1",
        "  speed on SQLite, block 2",
    ]


def test_a_failed_trial_is_said_at_once_with_its_last_line(make_progress, make_spec, make_trial, capsys):
    make_progress().watch(make_spec(), make_trial(outcome=Outcome.FAILED, message="first\nE   assert 1 == 2\n"))
    assert "sync@sqlite/own did not pass (failed): E   assert 1 == 2" in capsys.readouterr().err


def test_progress_never_shows_a_time_or_a_ratio_of_a_contender(make_progress, make_spec, make_trial, capsys):
    make_progress().watch(make_spec(), make_trial(wall_ns=123_456_789))
    assert "123" not in capsys.readouterr().err
