"""Bad input is met with a sentence, a cause, a remedy and the stated exit code; JSON has stdout to itself."""

import json
import sys
import time

import pandas as pd
import pytest

from bench.storage.frames import COLUMNS

AMENDED = """
[[claim]]
id = "faster"
section = "s"
statement = "one is faster than two"
goal = "speed"
kind = "faster"
metric = "wall"
subject = "one"
rival = "two"
weight = "decides"
"""
ONE_TRIAL_EACH = ("--budget", "1s", "--profile", "smoke", "--seed", "1")


@pytest.fixture
def two_suites(project):
    project.configure(
        {"one/test_a.py": "def test_a(): pass", "two/test_b.py": "def test_b(): pass"},
        one={"directory": "one"},
        two={"directory": "two"},
    )
    return project


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("run", "--profile", "huge"), "unknown profile: huge"),
        (("run", "--backend", "mysql"), "unknown backend: mysql"),
        (("run", "--backend", "sqlite"), "unknown backend for these contenders: sqlite"),
        (("run", "--contender", "nobody"), "unknown contender: nobody"),
        (("run", "--fail-on", "bad luck"), "--fail-on does not know 'bad luck'"),
        (("run", "--budget", "soon"), "the command line is not understood"),
        (("run", "--budget", "0"), "the command line is not understood"),
        (("run", "--seed", "x"), "the command line is not understood"),
        (("run", "--prof", "smoke"), "the command line is not understood"),
        (("run", "--resume"), "there is no run yet"),
        (("run", "--resume", "yesterday"), "there is no run yesterday"),
        (("run", "--claims", "nowhere.toml"), "cannot read the claims"),
        (("factors", "--profile", "quick"), "factors has no profile 'quick'"),
        (("flakiness", "--profile", "standard"), "flakiness has no profile 'standard'"),
        (("report",), "there is no run yet"),
        (("report", "yesterday"), "there is no run yesterday"),
        (("suites", "--contender", "nobody"), "unknown contender: nobody"),
    ],
)
def test_bad_input_is_told_with_a_remedy_and_exit_code_2(bench, arguments, error):
    said = bench(*arguments)
    assert said.code == 2
    assert f"error: {error}" in said.err
    assert "hint:  " in said.err
    assert "exit code 2: usage or configuration error" in said.err
    assert "Traceback" not in said.err
    assert said.out == ""


def test_a_failed_command_with_json_gives_one_document(bench):
    said = bench("run", "--json", "--profile", "huge")
    assert said.document["schema"] == "error/1"
    assert said.document["exit_code"] == said.code == 2


def test_a_command_line_that_is_not_understood_gives_one_document_too(bench):
    assert bench("run", "--json", "--no-such-option").document["schema"] == "error/1"


def test_what_follows_two_dashes_is_not_read_as_ours(bench):
    said = bench("flakes", "--python", "/no/such/python", "--", "--json", "--verbose")
    assert said.code == 2
    assert said.out == ""
    assert "Traceback" not in said.err


def test_verbose_shows_where_an_error_comes_from(bench):
    assert "Traceback" in bench("run", "--verbose", "--profile", "huge").err


def test_a_defect_is_a_sentence_and_exit_code_1(bench, monkeypatch):
    monkeypatch.setattr("bench.storage.run_folder.listing", lambda _: 1 / 0)
    said = bench("report", "--list", "--json")
    assert said.code == said.document["exit_code"] == 1
    assert "unexpected failure: ZeroDivisionError" in said.document["error"]
    assert "Traceback" not in said.err


def test_an_interruption_anywhere_is_exit_code_130(bench, monkeypatch):
    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("bench.storage.run_folder.listing", interrupt)
    said = bench("report", "--list", "--json")
    assert said.code == said.document["exit_code"] == 130


def test_a_broken_configuration_is_told_with_its_line(bench, project):
    (project.folder / "bench.toml").write_text('baseline = "one"\nmargin = "wide"\n', encoding="utf-8")
    said = bench("run")
    assert said.code == 2
    assert "bench.toml, line 2" in said.err


def test_a_dry_run_announces_the_plan_and_leaves_nothing(bench, two_suites):
    said = bench("run", "--dry-run", "--seed", "7")
    assert said.code == 0
    assert "profile standard, seed 7" in said.err
    assert "one, two, one (A/A copy)" in said.err
    assert not two_suites.reports.exists()


def test_a_dry_run_with_json_gives_the_plan(bench, two_suites):
    document = bench("run", "--dry-run", "--json", "--seed", "7").document
    assert document["schema"] == "plan/2"
    assert document["hash"] == bench("run", "--dry-run", "--json", "--seed", "7").document["hash"]


def test_a_run_with_json_gives_one_document(bench, two_suites):
    said = bench("run", "--json", *ONE_TRIAL_EACH)
    assert said.document["exit_code"] == said.code
    assert said.document["run"] == two_suites.newest().name
    assert not said.document["claims"]


def test_a_run_leaves_every_promised_file(bench, two_suites):
    bench("run", *ONE_TRIAL_EACH)
    names = {path.name for path in two_suites.newest().iterdir()}
    assert names >= {"manifest.json", "trials.jsonl", "analysis.json", "report.html", "summary.md", "charts"}
    assert (two_suites.reports / "latest").resolve() == two_suites.newest().resolve()


def test_every_json_file_of_a_run_starts_with_its_schema(bench, two_suites):
    bench("run", *ONE_TRIAL_EACH)
    firsts = [next(iter(json.loads(path.read_bytes()))) for path in two_suites.newest().glob("*.json")]
    assert len(firsts) >= 2
    assert set(firsts) == {"schema"}


def test_amended_claims_have_a_folder_of_their_own(bench, two_suites):
    bench("run", *ONE_TRIAL_EACH)
    run = two_suites.newest()
    first = files_of(run)
    amended = two_suites.folder / "amended.toml"
    amended.write_text(AMENDED, encoding="utf-8")
    bench("report", "--claims", str(amended))
    (folder,) = run.glob("amended-*")
    assert {"report.html", "summary.md", "analysis.json", "verdict.json"} <= {path.name for path in folder.iterdir()}
    assert {name: text for name, text in files_of(run).items() if not name.startswith("amended-")} == first


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_run_is_exported_as_tables(bench, two_suites, kind):
    bench("run", *ONE_TRIAL_EACH)
    said = bench("export", "--to", kind, "--into", str(two_suites.folder / "tables"))
    assert said.code == 0
    names = {path.name for path in (two_suites.folder / "tables").iterdir()}
    assert names == {f"{name}.{kind}" for name in COLUMNS} | {"columns.csv"}
    read = pd.read_csv if kind == "csv" else pd.read_parquet
    tests = read(two_suites.folder / "tables" / f"tests.{kind}")
    assert {name.rpartition("::")[2] for name in tests["test"]} == {"test_a", "test_b"}


def files_of(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_rendering_again_gives_the_same_bytes(bench, two_suites):
    bench("run", *ONE_TRIAL_EACH)
    first = files_of(two_suites.newest())
    bench("report")
    second = files_of(two_suites.newest())
    bench("report", two_suites.newest().name)
    assert first == second == files_of(two_suites.newest())


def test_rendering_again_never_measures(bench, two_suites):
    bench("run", *ONE_TRIAL_EACH)
    before = two_suites.lines()
    said = bench("report", "--json")
    assert said.document["run"] == two_suites.newest().name
    assert two_suites.lines() == before


def test_runs_are_listed(bench, two_suites):
    assert bench("report", "--list", "--json").document["runs"] == []
    bench("run", *ONE_TRIAL_EACH)
    heading, row = bench("report", "--list").out.splitlines()
    assert heading.split() == ["run", "profile", "status", "decision"]
    assert row.split()[0] == two_suites.newest().name
    assert bench("report", "--list", "--json").document["runs"] == [two_suites.newest().name]


def test_two_runs_are_put_side_by_side(bench, two_suites):
    bench("run", *ONE_TRIAL_EACH)
    first = two_suites.newest().name
    time.sleep(1)  # runs are named by the second
    bench("run", *ONE_TRIAL_EACH)
    said = bench("report", first, "--against", two_suites.newest().name)
    assert said.code == 0
    heading, *rows = said.out.splitlines()
    assert heading.split() == [first, two_suites.newest().name]
    assert [row.split()[0] for row in rows[:4]] == ["decision", "profile", "revision", "valid"]
    assert any(row.startswith("wall time of ") for row in rows)


def test_times_of_two_machines_are_not_compared(bench, two_suites):
    bench("run", *ONE_TRIAL_EACH)
    first = two_suites.newest()
    time.sleep(1)  # runs are named by the second
    bench("run", *ONE_TRIAL_EACH)
    manifest = json.loads((first / "manifest.json").read_text(encoding="utf-8"))
    manifest["machine"]["processor"] = "another one"
    (first / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    said = bench("report", first.name, "--against", two_suites.newest().name)
    assert "times are not compared" in said.out
    assert "wall time of " not in said.out


def test_the_manifest_tells_what_was_measured(bench, two_suites):
    bench("run", *ONE_TRIAL_EACH)
    manifest = two_suites.manifest()
    assert manifest["status"] == "complete"
    assert manifest["plan"]["frame"]["seed"] == 1
    assert manifest["dependency_sets"]["own (one)"]["packages"]["pytest"]
    assert manifest["machine"]["cores"]


def test_a_python_that_is_not_there_is_told_before_anything_is_measured(bench, project):
    project.configure({}, one={"python": "/no/such/python"})
    said = bench("run")
    assert said.code == 2
    assert "the interpreter of '/no/such/python' does not answer" in said.err
    assert not project.reports.exists()


def test_a_python_that_is_no_python_is_told(bench, project):
    project.configure({}, one={"python": "/bin/true"})
    assert bench("run").code == 2


def test_a_python_without_pytest_is_told_before_anything_is_measured(bench, project):
    python = project.folder / "venv" / "bin" / "python"
    from venv import create  # noqa: PLC0415 - the quickest interpreter without pytest

    create(project.folder / "venv", symlinks=True)
    project.configure({}, one={"python": str(python)})
    said = bench("run")
    assert said.code == 2
    assert "with no pytest" in said.err


def test_a_python_is_found_from_the_folder_of_its_contender(bench, project):
    (project.folder / "one" / "bin").mkdir(parents=True)
    (project.folder / "one" / "bin" / "mine").symlink_to(sys.executable)
    (project.folder / "one" / "test_a.py").write_text("def test_a(): pass", encoding="utf-8")
    project.configure({}, one={"directory": "one", "python": "bin/mine"})
    assert "does not answer" not in bench("run", *ONE_TRIAL_EACH).err


@pytest.mark.parametrize("name", ["missing", "altered", "no text"])
def test_a_dependency_set_that_cannot_be_trusted_is_told(bench, project, name):
    locks = project.folder / "locks"
    locks.mkdir()
    (locks / "altered.txt").write_text("pytest==9.0.0\n", encoding="utf-8")
    (locks / "no text.txt").write_bytes(b"\xff\xfe")
    project.configure({}, one={"dependency_set": name})
    said = bench("run")
    assert said.code == 2
    assert f"dependency set '{name}'" in said.err
    assert "git checkout -- locks/" in said.err


def test_doctor_tells_what_it_looked_at(bench):
    said = bench("doctor", "--json")
    assert said.code in (0, 5)
    assert said.document["fit"] == (said.code == 0)
    assert {check["name"] for check in said.document["checks"]} >= {"load", "memory", "disk"}


def test_a_server_that_does_not_answer_is_told_before_anything_is_measured(bench, project):
    project.configure({}, one={"backends": ["postgresql"]})
    said = bench("run", "--json", "--database-url", "postgresql://nobody@127.0.0.1:1/nothing")
    assert said.code == said.document["exit_code"] == 5
    assert "PostgreSQL" in said.document["error"]
    assert "--backend sqlite" in said.document["hint"]
    assert not project.reports.exists()


def test_an_address_that_is_no_server_is_bad_usage(bench, project):
    project.configure({}, one={"backends": ["postgresql"]})
    assert bench("run", "--database-url", "mysql://host/x").code == 2


def test_doctor_tells_of_a_server_that_does_not_answer(bench, project):
    project.configure({}, one={"backends": ["postgresql"]})
    said = bench("doctor", "--json", "--database-url", "postgresql://nobody@127.0.0.1:1/nothing")
    assert said.code == 5
    assert next(check for check in said.document["checks"] if check["name"] == "PostgreSQL")["passed"] is False


def test_suites_run_once_and_are_told(bench, two_suites):
    said = bench("suites", "--json")
    assert said.code == 0
    assert [suite["outcome"] for suite in said.document["suites"]] == ["passed", "passed"]


def test_suites_that_fail_are_told_with_their_reason(bench, project):
    project.configure({"test_a.py": "def test_a(): assert 1 == 2"}, one={})
    said = bench("suites")
    assert said.code == 1
    assert "assert 1 == 2" in said.out


def test_explaining_a_claim_of_no_run_is_refused(bench):
    said = bench("explain", "never-flaky", "--json")
    assert said.code == 2
    assert said.document["error"] == "there is no run yet"
