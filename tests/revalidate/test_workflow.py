"""The weekly job may only read, one job may write issues, every action is pinned, and the issue is opened once."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORKFLOW = (ROOT / ".github" / "workflows" / "revalidate.yml").read_text(encoding="utf-8")
# Stands in for GitHub's program: notes what it was asked, and lists the issues it was given.
FAKE_GH = """\
#!{python}
import json, pathlib, sys
log = pathlib.Path({log!r})
log.write_text((log.read_text() if log.exists() else "") + json.dumps(sys.argv[1:]) + "\\n")
if sys.argv[2] == "list":
    print({issues!r})
"""


@pytest.fixture
def tell(tmp_path):
    """Run .ci/tell on a verdict; gives the calls of gh that change something."""

    def tell(verdict, *, measured="success", issues="[]"):
        log, reports = tmp_path / "gh.log", tmp_path / "reports"
        fake = tmp_path / "bin" / "gh"
        fake.parent.mkdir()
        fake.write_text(FAKE_GH.format(python=sys.executable, log=str(log), issues=issues), encoding="utf-8")
        fake.chmod(0o755)
        if verdict is not None:
            run = reports / "20260101-000000-revalidate-full"
            run.mkdir(parents=True)
            (run / "verdict.json").write_text(json.dumps(verdict), encoding="utf-8")
            (run / "summary.md").write_text("## what changed", encoding="utf-8")
        environment = {"PATH": f"{fake.parent}:{os.environ['PATH']}", "MEASURED": measured, "RUN_URL": "the run"}
        subprocess.run([sys.executable, ROOT / ".ci" / "tell", reports], check=True, env=environment)
        calls = map(json.loads, log.read_text(encoding="utf-8").splitlines()) if log.exists() else ()
        return [call for call in calls if call[1] != "list"]

    return tell


def verdict(*, attention, status="complete"):
    return {"status": status, "revalidation": {"needs_attention": attention}}


def test_nothing_is_told_when_nothing_flipped_or_broke(tell):
    assert tell(verdict(attention=False)) == []


def test_an_issue_is_opened_when_something_did(tell):
    ((_, action, *arguments),) = tell(verdict(attention=True))
    assert action == "create"
    assert "## what changed\n\nthe run\n" in arguments


def test_the_open_issue_gets_a_comment_instead_of_a_second_one(tell):
    issues = json.dumps([{"number": 7, "title": "An upgrade needs attention"}])
    ((_, action, number, *_),) = tell(verdict(attention=True), issues=issues)
    assert (action, number) == ("comment", "7")


def test_an_issue_with_another_title_is_another_issue(tell):
    issues = json.dumps([{"number": 7, "title": "An upgrade needs attention, too"}])
    assert tell(verdict(attention=True), issues=issues)[0][1] == "create"


@pytest.mark.parametrize(
    ("found", "measured"), [(None, "failure"), (verdict(attention=False, status="interrupted"), "failure")]
)
def test_a_run_without_a_verdict_is_told(tell, found, measured):
    assert tell(found, measured=measured)[0][1] == "create"


def test_nothing_to_re_validate_is_nothing_to_tell(tell):
    assert tell(None) == []


def test_every_action_is_pinned_to_a_commit():
    used = re.findall(r"uses: (\S+)", WORKFLOW)
    assert used
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action) for action in used)


def test_the_workflow_reads_and_one_job_writes_issues():
    permissions = re.findall(r"^ *(\w[\w-]*): (read|write)$", WORKFLOW, flags=re.MULTILINE)
    assert permissions == [("contents", "read"), ("contents", "read"), ("issues", "write")]
    assert "secrets." not in WORKFLOW


def test_nothing_that_a_pull_request_names_is_pasted_into_a_command():
    commands = re.findall(r"run: (?:\|\n)?((?:.+\n)(?: {10,}.+\n)*)", WORKFLOW)
    assert commands
    assert not [command for command in commands if "${{" in command]
