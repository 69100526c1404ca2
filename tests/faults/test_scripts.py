"""A script trial runs a script in the subject's interpreter and keeps the one JSON object that it writes."""

import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from bench.errors import DependencySetError
from bench.model import Cell, Outcome
from bench.running.databases import Databases
from bench.running.trial import Runner
from bench.storage import journal
from tests.conftest import a_contender, a_spec

WRITES = "import json, os\nwith open(os.environ['TWINBENCH_RESULT'], 'w') as file: json.dump({}, file)"


@pytest.fixture
def runner(tmp_path, own_environment, databases):
    """Make a runner for one contender in the test's folder: `runner(timeout_seconds=2, environment={...})`."""

    def runner(*, served=databases, timeout_seconds=60.0, **changes):
        contender = a_contender(**changes)
        return Runner(
            root=tmp_path,
            contenders={contender.id: contender},
            environments={contender.id: own_environment},
            databases=served,
            timeout_seconds=timeout_seconds,
        )

    return runner


@pytest.fixture
def script_spec(tmp_path):
    """Write a script and specify its trial."""

    def script_spec(text, *arguments, backend="none", **changes):
        path = tmp_path / "script.py"
        path.write_text(dedent(text), encoding="utf-8")
        cell = Cell(contender="sync", dependency_set="own", backend=backend)
        return a_spec(cell=cell, script=str(path), arguments=arguments, **changes)

    return script_spec


def test_what_a_script_writes_is_the_result_of_its_trial(runner, script_spec):
    trial = runner()(script_spec(WRITES.format("{'answer': [1, None, 'é']}")))
    assert trial.outcome is Outcome.PASSED
    assert trial.result == {"answer": [1, None, "é"]}
    assert trial.message == ""
    assert trial.tests == ()
    assert trial.wall_ns > 0
    assert journal.decode([journal.encode(trial).rstrip(b"\n")], source=Path("a test")) == (trial,)


def test_a_script_is_named_relative_to_the_package(runner):
    cell = Cell(contender="sync", dependency_set="own", backend="none")
    trial = runner()(a_spec(cell=cell, script="probe/twinbench_notes.py"))
    assert (trial.exit_code, trial.outcome) == (0, Outcome.CRASHED)


def test_a_script_gets_arguments_seed_environment_and_a_scratch_folder(runner, script_spec, tmp_path):
    text = """
    import json, os, sys, tempfile
    from here import NAME
    found = {"arguments": sys.argv[1:], "seed": os.environ["PYTHONHASHSEED"], "own": os.environ["OWN"], "name": NAME}
    found["scratch"] = tempfile.gettempdir()
    with open(os.environ["TWINBENCH_RESULT"], "w") as file: json.dump(found, file)
    """
    (tmp_path / "here.py").write_text("NAME = 'imported from the folder of the contender'", encoding="utf-8")
    trial = runner(environment={"OWN": "{project}"})(script_spec(text, "a b", "{scratch}", hash_seed=7))
    scratch = trial.result.pop("scratch")
    assert trial.result == {
        "arguments": ["a b", scratch],
        "seed": "7",
        "own": str(tmp_path),
        "name": "imported from the folder of the contender",
    }
    assert not Path(scratch).exists()


@pytest.mark.parametrize("backend", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def test_a_script_gets_the_url_of_its_database(runner, script_spec, backend):
    with Databases(backends=(backend,)) as served:
        trial = runner(served=served)(script_spec(WRITES.format("dict(os.environ)"), backend=backend))
    assert trial.result["DATABASE_URL"].startswith(f"{backend}://")


def test_a_script_without_a_backend_gets_no_database(runner, script_spec):
    assert "DATABASE_URL" not in runner()(script_spec(WRITES.format("dict(os.environ)"))).result


@pytest.mark.parametrize(
    ("text", "outcome", "reason"),
    [
        ("", Outcome.CRASHED, "ended with status 0 and left no JSON object"),
        (WRITES.format("[1]"), Outcome.CRASHED, "left no JSON object"),
        (WRITES.format("{'x': float('nan')}"), Outcome.CRASHED, "left no JSON object"),
        (WRITES.format("{}") + "\nraise SystemExit(3)", Outcome.FAILED, "the script ended with status 3"),
        ("raise ValueError('why')", Outcome.FAILED, "ValueError: why"),
        ("import os\nos.kill(os.getpid(), 9)", Outcome.KILLED, "ended by signal SIGKILL"),
        ("import time\ntime.sleep(60)", Outcome.HUNG, "no end within 1 s"),
    ],
)
def test_a_script_passes_only_with_status_0_and_one_json_object(runner, script_spec, text, outcome, reason):
    trial = runner(timeout_seconds=1.0 if outcome is Outcome.HUNG else 60.0)(script_spec(text))
    assert trial.outcome is outcome
    assert reason in trial.message
    assert trial.signal == (signal.SIGKILL if outcome in (Outcome.KILLED, Outcome.HUNG) else None)


@pytest.mark.parametrize(("own", "campaign", "seconds"), [(1.0, 60.0, 1), (60.0, 2.0, 2), (0.0, 1.0, 1)])
def test_a_trial_is_killed_after_its_own_time_or_the_campaigns_whichever_is_shorter(
    runner, script_spec, own, campaign, seconds
):
    trial = runner(timeout_seconds=campaign)(replace(script_spec("import time\ntime.sleep(60)"), timeout_seconds=own))
    assert trial.outcome is Outcome.HUNG
    assert f"no end within {seconds} s" in trial.message


def test_a_script_whose_interpreter_is_gone_stops_the_campaign_with_a_sentence(runner, script_spec, own_environment):
    gone = replace(own_environment, python=Path("/no/such/python"))
    with pytest.raises(DependencySetError, match="cannot be started"):
        replace(runner(), environments={"sync": gone})(script_spec(""))


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_trials_at_once_each_have_a_database_and_a_folder_of_their_own(runner, script_spec, backend):
    text = """
    import json, os, time
    url = os.environ["DATABASE_URL"]
    if url.startswith("postgresql"):
        import psycopg
        connection = psycopg.connect(url, autocommit=True)
    else:
        import sqlite3
        connection = sqlite3.connect(url.partition("///")[2])
    connection.execute("CREATE TABLE only_mine (id int)")
    time.sleep(0.5)
    with open(os.environ["TWINBENCH_RESULT"], "w") as file:
        json.dump({"url": url, "folder": os.environ["TMPDIR"], "began": time.monotonic()}, file)
    """
    with Databases(backends=(backend,)) as served, ThreadPoolExecutor(2) as threads:
        run, spec = runner(served=served), script_spec(text, backend=backend)
        trials = list(threads.map(run, [spec] * 6))
    assert [trial.outcome for trial in trials] == [Outcome.PASSED] * 6, trials[0].message
    assert len({trial.result["url"] for trial in trials}) == 6
    assert len({trial.result["folder"] for trial in trials}) == 6
    began = sorted(trial.started_unix_ns for trial in trials)
    assert began[1] - began[0] < trials[0].wall_ns
