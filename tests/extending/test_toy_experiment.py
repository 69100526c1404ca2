"""A new experiment is one folder and one registration: it appears everywhere, and nothing else knows of it."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from bench.campaign import planning
from bench.campaign.plan import decode, encode
from bench.claims import file as claims_file
from bench.configuration import config
from bench.errors import ConfigurationError, ExitCode
from bench.experiments.registry import EXPERIMENTS
from bench.model import Outcome
from bench.report import render
from bench.storage import journal
from bench.terminal import Terminal
from tests.conftest import a_manifest
from tests.extending.strictness import EXPERIMENT
from tests.made_up import results_of
from tests.report.reader import PageReader

ROOT = Path(__file__).parents[2]
CLAIM = """
[[claim]]
id = "never-warns"
section = "Reliability"
statement = "sync emits no warning"
goal = "strictness"
kind = "warns-never"
subject = "sync"
backends = ["sqlite"]
weight = "decides"
least_runs = 2
"""


@pytest.fixture
def registered(monkeypatch):
    monkeypatch.setitem(EXPERIMENTS, EXPERIMENT.name, EXPERIMENT)


@pytest.fixture
def plan(registered, make_plan):
    made = make_plan()
    return replace(made, studies={**made.studies, "strictness": EXPERIMENT.study(times=2)})


@pytest.fixture
def trials(plan, measure, make_executor):
    class Warns(type(make_executor())):
        def __call__(self, spec):
            warns = spec.experiment == "strictness" and spec.cell.contender == "async"
            self.changes = {"async": {"outcome": Outcome.FAILED, "message": "UserWarning"}} if warns else {}
            return super().__call__(spec)

    return measure(plan, Warns())


@pytest.fixture
def results(plan, trials):
    return results_of(a_manifest(plan, claims_text=CLAIM), trials)


def test_it_is_in_the_plan_of_a_profile_and_announced(registered, capsys):
    made = planning.make(config.read(ROOT / "pyproject.toml"), profile="smoke", seed=1)
    assert made.studies["strictness"].times == 2
    assert decode(msgspec.json.decode(msgspec.json.encode(encode(made)))).hash == made.hash
    Terminal().announce(made, run_id="run")
    assert "warnings as errors: each suite 2 times" in capsys.readouterr().err


def test_its_trials_are_in_the_journal_with_all_that_they_answer(trials, tmp_path):
    kept, _ = journal.read(tmp_path / "run" / "trials.jsonl")
    strict = [trial for trial in kept if trial.experiment == "strictness"]
    assert len(strict) == 4
    assert {trial.spec.arguments for trial in strict} == {("-W", "error")}


def test_its_failures_are_answers_and_neither_failed_trials_nor_the_machines_load(results):
    assert results.invalid_because == ()
    assert not [warning for warning in results.warnings if "did not pass" in warning]
    assert all(failure.failed == 0 for failure in results.failures)
    assert all(point.may_fail for point in results.trials if point.experiment == "strictness")


def test_its_claims_are_weighed_and_reach_the_decision_and_the_first_screen(results):
    (claim,) = results.claims
    assert (claim.verdict.value, claim.numbers) == ("supported", "2 of 2 strict runs of sync passed")
    assert results.decision.decision.value == "stands"
    assert "strictness" in [line.goal for line in results.goals]


def test_its_keys_are_known_where_it_is_registered_and_refused_where_not(registered, monkeypatch):
    assert claims_file.parse(CLAIM, source="claims.toml")[0].terms == {"least_runs": 2}
    monkeypatch.delitem(EXPERIMENTS, "strictness")
    with pytest.raises(ConfigurationError, match="never-warns") as refused:
        claims_file.parse(CLAIM, source="claims.toml")
    assert "warns-never" in refused.value.cause or "least_runs" in refused.value.cause


def test_the_page_the_summary_and_the_terminal_show_it(results, tmp_path, capsys):
    files = render(results)
    page = PageReader(files["report.html"])
    headline = "1 of 2 suites pass when warnings are errors."
    assert headline in page.by_id("strictness").text
    assert "2/2" in page.by_id("table-strictness").text
    assert "Strictness" in page.all("nav")[0].text
    assert headline in files["summary.md"].decode()
    Terminal().conclude(results, folder=tmp_path, code=ExitCode.JUDGED)
    assert f"Strictness: {headline}" in capsys.readouterr().out


def test_the_json_holds_its_finding(results):
    content = json.loads(render(results)["analysis.json"])
    assert content["findings"]["by_experiment"]["strictness"] == {"passed": {"async": [0, 2], "sync": [2, 2]}}


def test_an_analysis_that_raises_becomes_a_section_that_says_so(plan, trials, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("no strict runs")

    monkeypatch.setattr("tests.extending.strictness.analysis.analyse", broken)
    files = render(results_of(a_manifest(plan), trials))
    assert "ZeroDivisionError: no strict runs" in PageReader(files["report.html"]).by_id("strictness").text


def test_a_resumed_campaign_does_not_run_it_again(plan, trials, measure, make_executor):
    again = make_executor()
    measure(plan, again)
    assert again.asked == []


def test_nothing_in_the_harness_knows_of_it():
    words = subprocess.run(
        ["git", "grep", "-il", "strictness", "--", "bench"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert words.stdout == ""
