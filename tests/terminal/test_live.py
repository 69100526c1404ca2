"""On a terminal: the plan first, progress in place with what is left, and at the end where everything is."""

import re

import pytest

TINY = ("run", "--profile", "tiny", "--seed", "1")
LEFT = re.compile(r"(?:at most |\d+\.\d to )\d+\.\d min left")
ENCODINGS = [
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"PYTHONIOENCODING": "latin-1"},
]


def test_a_dry_run_announces_cells_blocks_and_minutes_and_stops(screen, project):
    seen = screen(*TINY, "--dry-run")
    assert "compared: one, one (A/A copy)" in seen.text
    assert "at most 3 blocks per backend, judged at 3\n" in seen.text
    assert "at most about 10 minutes" in seen.text
    assert not project.reports.exists()


@pytest.mark.slow
def test_a_run_is_announced_followed_and_concluded(screen, project):
    seen = screen(*TINY)
    run = project.newest()
    drawn = [line for line in seen.lines if LEFT.search(line)]
    assert seen.text.index("at most 3 blocks per backend") < seen.text.index("speed, ")
    assert any("speed, block 3: " in line for line in drawn)
    assert any(re.search(r"\d\.\d to 1?\d\.\d min left", line) for line in drawn)
    assert "begun" not in seen.text
    assert f"report: file://{run}/report.html" in seen.text
    assert f"data:   {run}/analysis.json" in seen.text
    assert "Nothing is compared in this run" in seen.text
    assert seen.lines[-2:] == ["exit code 0: measured and judged", ""]
    assert all(len(line) <= 100 for line in drawn)


@pytest.mark.slow
def test_a_narrow_terminal_has_progress_on_one_line(screen):
    seen = screen(*TINY, columns=40)
    drawn = [line for line in seen.lines if LEFT.search(line)]
    assert len(drawn) > 5
    assert [line for line in drawn if len(line) > 40] == []
    assert any(re.search(r"min left +speed, ", line) for line in drawn)


@pytest.mark.slow
@pytest.mark.parametrize("environment", ENCODINGS, ids=["C", "latin-1"])
def test_a_terminal_without_unicode_shows_everything_it_can(screen, environment):
    seen = screen(*TINY, **environment)
    assert "exit code 0: measured and judged" in seen.text
    assert "Traceback" not in seen.text
    assert "\N{REPLACEMENT CHARACTER}" not in seen.text.replace("\N{PLUS-MINUS SIGN}", "")


def test_an_error_is_coloured_on_a_terminal(screen):
    assert screen("report", code=2).is_coloured


def test_no_color_is_obeyed(screen):
    seen = screen("report", code=2, NO_COLOR="1")
    assert not seen.is_coloured
    assert "error: there is no run yet" in seen.text


@pytest.mark.slow
def test_no_color_leaves_progress_readable(screen):
    seen = screen(*TINY, NO_COLOR="1")
    assert not seen.is_coloured
    assert any(LEFT.search(line) for line in seen.lines)


@pytest.mark.slow
def test_a_dumb_terminal_gets_lines(screen):
    seen = screen(*TINY, TERM="dumb")
    assert "speed, block 1 begun, " in seen.text
    assert "\x1b[" not in seen.raw


def test_explain_fits_any_terminal(screen):
    seen = screen("explain", "anything", code=2, columns=40)
    assert "error: there is no run yet" in seen.text
