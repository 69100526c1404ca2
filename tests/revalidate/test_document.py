"""verdict.json and analysis.json of a re-validation: the published schema holds, and the page has its numbers."""

import json
from pathlib import Path

import jsonschema
import pytest

from bench.errors import ExitCode
from bench.model import FailedPhase, Outcome
from bench.report import render
from bench.report.verdict_document import SCHEMA, verdict_document
from bench.storage.files import json_bytes

SCHEMA_FILE = Path(__file__).parents[2] / "docs" / "verdict.schema.json"
VALIDATOR = jsonschema.Draft202012Validator(json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))
FAILURE = FailedPhase(
    "api/test_users.py::test_login", "call", "site-packages/pluggy/a.py", 1, "DeprecationWarning: old"
)
BROKEN = {"outcome": Outcome.FAILED, "message": "E   DeprecationWarning: old", "failures": (FAILURE,)}
RUNS = {
    "held": {"times": {"async@old": 1.3, "async@new": 1.3}},
    "flipped": {"times": {"async@old": 1.3, "async@new": 0.8}},
    "broken": {"times": {"async@old": 1.3}, "special": {"sync@new": BROKEN}},
}


@pytest.fixture
def document(two_sets):
    def document(run):
        found = two_sets(**RUNS[run])
        return json.loads(json_bytes(SCHEMA, verdict_document(found.after, code=ExitCode.JUDGED, revalidation=found)))

    return document


@pytest.mark.parametrize("run", RUNS)
def test_the_document_fits_its_schema(document, run):
    assert list(VALIDATOR.iter_errors(document(run))) == []


@pytest.mark.parametrize(("run", "needed"), [("held", False), ("flipped", True), ("broken", True)])
def test_attention_is_asked_for_when_something_flipped_or_broke(document, run, needed):
    assert document(run)["revalidation"]["needs_attention"] is needed


def test_a_plain_run_has_no_such_part(two_sets):
    assert "revalidation" not in verdict_document(two_sets({}).after, code=ExitCode.JUDGED)


@pytest.fixture
def files(two_sets):
    def files(run):
        found = two_sets(**RUNS[run])
        return render(found.after, found)

    return files


def test_the_page_and_the_summary_say_what_changed(files):
    made = files("flipped")
    sentence = "The upgrade moves the decision from stands to challenged: faster@sqlite flipped."
    assert sentence in made["report.html"].decode()
    assert "The upgrade moves the decision from stands to challenged" in made["summary.md"].decode()
    assert len(made["summary.md"]) < 65_536
    assert {"charts/upgrade.svg", "charts/history.svg"} <= made.keys()


def test_analysis_json_holds_both_analyses(files):
    content = json.loads(files("flipped")["analysis.json"])
    assert content["judgement"]["decision"]["decision"] == "challenged"
    assert content["revalidation"]["before"]["judgement"]["decision"]["decision"] == "stands"


def test_a_broken_set_still_gives_a_report(files):
    made = files("broken")
    assert "DeprecationWarning: old" in made["report.html"].decode()
    assert "pluggy" in made["summary.md"].decode()


def test_foreign_words_are_escaped(two_sets):
    words = "ValueError: <script>alert(1)</script> @everyone"
    failure = FAILURE._replace(message=words)
    found = two_sets({}, {"sync@new": {"outcome": Outcome.FAILED, "message": words, "failures": (failure,)}})
    made = render(found.after, found)
    assert "<script>alert" not in made["report.html"].decode()
    assert "<script>" not in made["summary.md"].decode()
    assert " @everyone" not in made["summary.md"].decode()


def test_the_same_findings_give_the_same_bytes(two_sets):
    found = two_sets(**RUNS["flipped"])
    assert render(found.after, found) == render(found.after, found)
