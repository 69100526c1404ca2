"""The same mechanism measures suites that are not ours, end to end, as a user would run it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.conftest import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def foreign_run(tmp_path_factory):
    """Run the foreign suites once, with the very command of the documentation."""
    folder = tmp_path_factory.mktemp("foreign")
    where = ["--config", "tests/foreign/bench.toml", "--reports", str(folder)]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        [sys.executable, "-m", "bench", "run", *where, "--profile", "smoke", "--budget", "20s", "--json"],
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 5), done.stderr
    return folder, json.loads(done.stdout), done.stderr


@pytest.fixture
def analysis(foreign_run):
    folder, document, _ = foreign_run
    return json.loads((folder / document["run"] / "analysis.json").read_bytes())


def test_foreign_suites_are_timed_and_compared(analysis):
    speed = analysis["findings"]["by_experiment"]["speed"]
    cells = {cell["contender"]: cell for cell in speed["cells"] if not cell["is_copy"]}
    assert cells["one"]["tests"] == 3
    assert cells["two"]["tests"] == 2
    assert cells["two"]["call_ns"] > 300_000_000 > cells["one"]["call_ns"]
    comparison = next(c for c in speed["comparisons"] if c["rival_contender"] == "two" and c["metric"] == "wall")
    assert comparison["invalid_because"] == []
    assert comparison["comparison"]["estimate"]["ratio"] > 1


def test_what_needs_twins_or_the_app_is_left_out_and_said(analysis):
    left_out = " ".join(analysis["judgement"]["left_out"])
    assert "twins" in left_out
    assert "micro-costs" in left_out
    assert "requests" in left_out
    assert "database" in left_out
    assert analysis["findings"]["by_experiment"]["speed"]["twins"] == []


def test_foreign_suites_have_no_claims_and_lead_with_their_comparison(foreign_run, analysis):
    assert analysis["judgement"]["claims"] == []
    assert foreign_run[1]["decision"] in ("compared", "undetermined")
    assert "the time of one" in foreign_run[1]["sentence"]


def test_what_explains_foreign_suites_is_proposed(analysis):
    (pair,) = analysis["findings"]["by_experiment"]["differences"]["pairs"]
    assert [each["what"] for each in pair["may_explain"]] == ["sleeping"]


def test_a_page_is_written_for_foreign_suites_too(foreign_run):
    folder, document, _ = foreign_run
    page = (folder / document["run"] / "report.html").read_text(encoding="utf-8")
    assert "unittest classes" in page


def test_the_plan_is_announced_before_it_starts(foreign_run):
    first, *_ = foreign_run[2].splitlines()
    assert first.startswith("run ")
    assert "profile smoke" in first
