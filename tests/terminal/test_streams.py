"""Away from a terminal: one line for each block, no control sequence, and JSON has stdout to itself."""

import json

import pytest

TINY = ("run", "--profile", "tiny", "--seed", "1")


@pytest.fixture
def piped(project):
    """Run the harness with both streams in files."""

    def piped(*arguments, **environment):
        project.environment |= environment
        return project.run(*arguments)

    return piped


@pytest.mark.slow
def test_a_file_gets_one_line_for_each_block_with_what_is_left(piped):
    harness = piped(*TINY)
    lines = [line.split(" begun, ")[0] for line in harness.err.splitlines() if " begun, " in line]
    assert lines == [f"  speed, {block}" for block in ("warm block", "block 1", "block 2", "block 3")]
    assert "min left" in harness.err
    assert "\x1b" not in harness.err + harness.out


@pytest.mark.slow
def test_forced_colour_colours_errors_and_draws_no_progress(piped):
    assert "\x1b[" in piped("report", FORCE_COLOR="1").err
    harness = piped(*TINY, FORCE_COLOR="1")
    assert "  speed, block 1 begun" in harness.err
    assert "\r" not in harness.err


@pytest.mark.parametrize(
    ("arguments", "schema"),
    [
        (("run", "--dry-run", "--profile", "tiny"), "plan/2"),
        (("report", "--list"), "runs/1"),
        (("report",), "error/1"),
        (("explain", "nothing"), "error/1"),
        (("doctor",), "doctor/1"),
        (("suites",), "suites/1"),
        pytest.param(TINY, "verdict/1", marks=pytest.mark.slow),
    ],
    ids=lambda shown: shown if isinstance(shown, str) else " ".join(shown[:2]),
)
def test_json_has_stdout_to_itself_and_begins_with_its_schema(piped, arguments, schema):
    harness = piped(*arguments, "--json")
    document = json.loads(harness.out)
    assert next(iter(document)) == "schema"
    assert document["schema"] == schema


def test_a_dry_run_as_json_has_cells_blocks_and_seconds(piped):
    document = json.loads(piped("run", "--dry-run", "--profile", "tiny", "--json").out)
    assert document["cells"] == {"none": ["one@none/own", "one@none/own#copy"]}
    assert document["looks"] == [3]
    assert document["seconds_at_most"] == 600


@pytest.mark.parametrize(
    ("budget", "seconds"), [("90", 90), ("90s", 90), ("1.5m", 90), ("4m30s", 270), ("1h", 3600), ("1h30m", 5400)]
)
def test_a_budget_can_be_written_as_people_write_durations(piped, budget, seconds):
    document = json.loads(piped("run", "--dry-run", "--profile", "tiny", "--json", "--budget", budget).out)
    assert document["seconds_at_most"] == seconds


@pytest.mark.parametrize("budget", ["", "0m", "10 m", "30s4m", "1h30", "1.2.3", "-5m", "soon"])
def test_what_is_no_duration_is_refused_with_one_that_is(piped, budget):
    said = piped("run", "--dry-run", f"--budget={budget}").err
    assert f"{budget!r} is not a duration; write 90s, 4m30s or 1h" in said


def test_doctor_says_what_it_looked_at(piped):
    said = piped("doctor").out
    assert [word for word in ("load", "frequency governor", "memory", "disk") if f"  {word}: " not in said] == []
    assert "fit" in said or "mend" in said
