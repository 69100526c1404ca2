"""Laws of the experiment: a table for each set, a failed one is a line, and claims are weighed row by row."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bench.campaign import planning
from bench.claims.claim import Claim
from bench.claims.file import kinds
from bench.claims.weighed import Verdict
from bench.configuration import config
from bench.experiments.fidelity.page import section
from bench.experiments.fidelity.study import Study
from bench.experiments.registry import EXPERIMENTS
from bench.model import Outcome
from bench.report import render
from tests.conftest import a_manifest
from tests.made_up import a_frame, finding_of, findings_of, next_block, results_of
from tests.report.reader import PageReader

OWN = config.read(Path(__file__).parents[2] / "pyproject.toml")
CLIENTS = [
    {"id": "server", "title": "uvicorn"},
    {"id": "testclient-entered", "title": "TestClient"},
    {"id": "asyncclient-httpx", "title": "AsyncClient"},
    {"id": "asyncclient-httpx2", "title": "AsyncClient of httpx2"},
]
IDS = [client["id"] for client in CLIENTS]


def a_mirror(rows):
    """Make what the script writes; `rows` map a title to what the four clients show."""
    return {
        "schema": "mirror/1",
        "packages": {},
        "clients": CLIENTS,
        "rows": [
            {
                "id": title,
                "title": title,
                "cells": {
                    name: {"value": shown} if shown else {"why": "missing"}
                    for name, shown in zip(IDS, values, strict=True)
                },
            }
            for title, values in rows.items()
        ],
    }


def an_awaits(**states):
    """Make what the script writes; `states` map work to (at return, at last) through TestClient, or to None."""
    done = {"at_return": {"done": 20}, "at_last": {"done": 20}}
    return {
        "schema": "awaits/1",
        "packages": {},
        "clients": CLIENTS,
        "rows": [
            {
                "id": name,
                "title": name,
                "cells": dict.fromkeys(IDS, done) | {"testclient-entered": _stood(states[name])},
            }
            for name in states
        ],
    }


def _stood(state):
    return {"why": "missing"} if state is None else {"at_return": {state[0]: 20}, "at_last": {state[1]: 20}}


@pytest.fixture
def plan(make_plan):
    made = make_plan()
    return replace(made, studies={**made.studies, "fidelity": Study(contender="sync", dependency_sets=("own",))})


@pytest.fixture
def measured(plan, make_trial):
    """Give the trials of the experiment, with these results or outcomes."""

    def measured(**results):
        return [
            make_trial(spec, result=results.get(spec.answers["table"]))
            if spec.answers["table"] in results
            else make_trial(spec, outcome=Outcome.HUNG)
            for spec in next_block(plan, "fidelity")
        ]

    return measured


@pytest.fixture
def weighed(plan, measured):
    def weighed(kind, results, **terms):
        claim = Claim(
            id="x", section="", statement="", goal="fidelity", kind=kind, subject="sync", weight="informs", terms=terms
        )
        found = finding_of(plan, "fidelity", measured(**results))
        findings = replace(findings_of(frame=a_frame()), by_experiment={"fidelity": found})
        return kinds()[kind].weigh(claim, "none", findings)

    return weighed


CLOSER = {"client": "asyncclient", "than": "testclient-entered"}


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        ({"a": "1111", "b": "1211"}, Verdict.SUPPORTED),
        ({"a": "1111", "b": "1122"}, Verdict.REFUTED),
        ({"a": "1222", "b": "1111"}, Verdict.EQUIVALENT),
        ({"a": "1211", "b": "1122"}, Verdict.DEPENDS),
    ],
)
def test_a_client_is_closer_only_where_it_disagrees_in_a_part_of_the_others_rows(weighed, rows, verdict):
    assert weighed("closer-to-server", {"mirror": a_mirror(rows)}, **CLOSER).verdict is verdict


def test_what_it_depends_on_is_named(weighed):
    found = weighed("closer-to-server", {"mirror": a_mirror({"parts": "1211", "redirects": "1122"})}, **CLOSER)
    assert found.reason == "on the row: this one alone disagrees in redirects; the other in parts"


def test_of_several_libraries_the_one_counts_by_which_most_was_observed(weighed):
    rows = {"a": ("1", "1", "", "1"), "b": ("1", "1", "", "2")}
    assert weighed("closer-to-server", {"mirror": a_mirror(rows)}, **CLOSER).verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    ("states", "verdict"),
    [
        ({"task": ("done", "done"), "background": ("done", "done")}, Verdict.SUPPORTED),
        ({"task": ("running", "done"), "background": ("done", "done")}, Verdict.REFUTED),
        ({"task": ("cancelled", "cancelled"), "background": None}, Verdict.REFUTED),
        ({"task": ("done", "done"), "background": None}, Verdict.INCONCLUSIVE),
    ],
)
def test_work_that_was_not_done_once_refutes_that_everything_is_awaited(weighed, states, verdict):
    found = weighed("awaits-everything", {"awaits": an_awaits(**states)}, client="testclient-entered")
    assert found.verdict is verdict


@pytest.mark.parametrize("kind", ["closer-to-server", "awaits-everything"])
def test_without_its_table_nothing_is_measured(weighed, kind):
    assert weighed(kind, {}, **CLOSER).verdict is Verdict.NOT_MEASURED


def test_a_table_that_failed_is_a_line_and_the_other_one_stays(plan, measured):
    found = finding_of(plan, "fidelity", measured(mirror=a_mirror({"a": "1111"})))
    assert found.failures == ("the table awaits of own could not be made: it broke",)
    assert found.latest.mirror is not None


def test_what_no_version_of_the_script_writes_is_a_line_too(plan, measured):
    found = finding_of(
        plan, "fidelity", measured(mirror={"schema": "mirror/1"}, awaits=an_awaits(task=("done", "done")))
    )
    assert "the table mirror of own cannot be read" in found.failures[0]


def test_the_page_counts_the_rows_and_marks_each_that_differs(plan, measured):
    trials = measured(mirror=a_mirror({"parts": "3113"}), awaits=an_awaits(task=("running", "done")))
    page = PageReader(render(results_of(a_manifest(plan), trials))["report.html"])
    assert "≠ 1" in page.by_id("table-fidelity-mirror-0").text
    assert "running, at last done" in page.by_id("table-fidelity-awaits-0").text
    assert "Of 1 things that a real server shows" in page.by_id("fidelity").text


def test_two_sets_show_what_was_turned(plan, make_trial):
    study = Study(contender="sync", dependency_sets=("old", "new"), tables=("mirror",))
    specs = EXPERIMENTS["fidelity"].session(plan.frame, study, []).next_block()
    tables = [a_mirror({"parts": "3133"}), a_mirror({"parts": "3333"})]
    trials = [make_trial(spec, result=table) for spec, table in zip(specs, tables, strict=True)]
    found = EXPERIMENTS["fidelity"].analyse(plan.frame, study, trials, None)
    assert [(turn.client.id, turn.before, turn.after) for turn in found.turned] == [("testclient-entered", "1", "3")]
    assert section(found).tables[-1].id == "table-fidelity-turned"


@pytest.mark.parametrize(("profile", "sets"), [("smoke", None), ("quick", None), ("standard", ("current",))])
def test_standard_campaigns_of_our_sets_look_at_the_clients(profile, sets):
    study = planning.make(OWN, profile=profile, seed=1).studies.get("fidelity")
    assert (study.dependency_sets if study else None) == sets


def test_a_revalidation_looks_at_them_under_both_sets():
    made = planning.make(OWN, profile="standard", seed=1, dependency_sets=("adr", "current"))
    assert made.studies["fidelity"].dependency_sets == ("adr", "current")


@pytest.mark.slow
def test_work_left_behind_is_seen_by_every_client(run_script):
    rows = {row["id"]: row["cells"] for row in run_script("current", "fidelity/subject/awaits.py")["rows"]}
    assert set(rows) == {"task", "background", "dependency", "generator", "shielded"}
    assert json.dumps(rows["task"]["testclient-entered"]["at_return"]) == '{"running": 20}'
    assert rows["background"]["server"]["at_return"] == {"running": 20}
    assert rows["background"]["testclient-entered"]["at_return"] == {"done": 20}
