"""A run for other programs: a badge, and the page of a workflow's job."""

import json

import pytest

from bench import cli
from bench.storage import run_folder
from tests.conftest import FakeExecutor, a_contender, a_manifest, a_plan, run_campaign


@pytest.fixture
def kept(tmp_path):
    """Keep a run of two suites, the second of which takes longer."""
    plan = a_plan(a_contender("sync"), a_contender("async"))
    folder = run_folder.create(tmp_path / "reports", a_manifest(plan))
    run_campaign(plan, FakeExecutor(seconds={"async": 1.5}), folder.journal)
    return tmp_path


def export(kept, kind):
    return cli.main(["export", "--to", kind, "--reports", str(kept / "reports"), "--into", str(kept / "out")])


def test_a_badge_says_what_the_run_decides(kept):
    assert export(kept, "badge") == 0
    badge = json.loads((kept / "out" / "badge.json").read_text(encoding="utf-8"))
    assert badge == {"schemaVersion": 1, "label": "twinbench", "message": "compared", "color": "blue"}


def test_a_summary_is_added_to_the_page_of_the_job(kept, monkeypatch):
    page = kept / "step.md"
    page.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))
    assert export(kept, "github") == 0
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n## ")
    assert "async takes 1.500x the time of sync" in text


def test_outside_a_workflow_there_is_no_such_page(kept, monkeypatch, capsys):
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    assert export(kept, "github") == 2
    assert "summary.md" in capsys.readouterr().err
