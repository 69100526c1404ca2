"""verdict.json of real analyses fits its published schema, whatever the run was like."""

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from bench.errors import ExitCode
from bench.model import Outcome
from bench.report.verdict_document import SCHEMA, verdict_document
from bench.storage.files import json_bytes
from tests.made_up import results_of

ROOT = Path(__file__).parents[2]
VALIDATOR = jsonschema.Draft202012Validator(
    json.loads((ROOT / "docs" / "verdict.schema.json").read_text(encoding="utf-8"))
)
CLAIMS = (ROOT / "bench" / "claims.toml").read_text(encoding="utf-8")
NAMES = ("sync", "async-function", "async-session", "sync-best")


@pytest.fixture
def document(make_plan, make_contender, make_executor, make_manifest, measure):
    """Give verdict.json of a run of the record's contenders with its claims, as another program reads it."""

    def document(*, seconds=None, changes=None, code=ExitCode.JUDGED, claims_text=None, looks=(8,)):
        plan = make_plan(*map(make_contender, NAMES), looks=looks)
        speed = replace(plan.studies["speed"], pairs=(("sync-best", "async-session"),))
        plan = replace(plan, studies={**plan.studies, "speed": speed})
        trials = measure(plan, make_executor(seconds or {}, changes or {}))
        analysis = results_of(make_manifest(plan, claims_text=CLAIMS), trials, claims_text=claims_text)
        return json.loads(json_bytes(SCHEMA, verdict_document(analysis, code=code)))

    return document


@pytest.mark.parametrize(
    "run",
    [
        {"seconds": {"async-function": 1.5, "async-session": 1.3}},
        {"seconds": {"async-function": 1.5, "async-session": 0.8}},
        {},
        {"changes": {"async-session": {"outcome": Outcome.FAILED}}},
        {"changes": {"sync": {"outcome": Outcome.HUNG}}, "code": ExitCode.UNFIT},
        {"claims_text": ""},
        {"looks": (6,)},
    ],
    ids=["slower", "faster", "equal", "a rival fails", "the baseline hangs", "amended", "too few blocks"],
)
def test_the_document_fits_its_schema(document, run):
    found = document(**run)
    assert [error.message for error in VALIDATOR.iter_errors(found)] == []


@pytest.mark.parametrize("code", list(ExitCode))
def test_every_exit_code_is_in_the_schema(document, code):
    assert VALIDATOR.is_valid(document(code=code))


@pytest.mark.parametrize("key", sorted(json.loads((ROOT / "docs" / "verdict.schema.json").read_text())["required"]))
def test_every_key_is_promised(document, key):
    found = document()
    del found[key]
    assert not VALIDATOR.is_valid(found)


def test_an_unknown_key_is_not_in_the_schema(document):
    assert not VALIDATOR.is_valid({**document(), "path": "somewhere"})


def test_a_faster_alternative_challenges_the_record(document):
    found = document(seconds={"async-function": 1.5, "async-session": 0.8})
    assert found["decision"] == "challenged"
    verdicts = {claim["id"]: claim["verdict"] for claim in found["claims"] if claim["weight"] == "decides"}
    assert verdicts["faster-than-async-function@sqlite"] == "supported"
    assert verdicts["faster-than-async-session@sqlite"] == "refuted"


def test_pairs_that_disagree_make_it_depend_on_the_pair(document):
    found = document(seconds={"async-function": 1.5, "async-session": 0.8, "sync-best": 0.6})
    (claim,) = [claim for claim in found["claims"] if claim["id"] == "faster-than-async-session@sqlite"]
    assert claim["verdict"] == "depends"
    assert "supported by async-session against sync-best; refuted by async-session against sync" in claim["reason"]
    assert found["decision"] == "undetermined"
    assert "deciding claims depends on how the suites are wired" in found["sentence"]


def test_slower_alternatives_leave_flakiness_open_until_enough_trials_were_run(document):
    found = document(seconds={"async-function": 1.5, "async-session": 1.3})
    verdicts = {claim["id"]: claim for claim in found["claims"]}
    assert found["decision"] == "undetermined"
    assert verdicts["never-flaky@sqlite"]["verdict"] == "inconclusive"
    assert verdicts["never-flaky@sqlite"]["would_flip"] == "about 26 more trials without a failure"


def test_every_claim_of_the_record_about_a_measured_backend_is_answered(document):
    asked = [row for row in tomllib.loads(CLAIMS)["claim"] if "sqlite" in row.get("backends", ["sqlite"])]
    assert len(document()["claims"]) == len(asked)
