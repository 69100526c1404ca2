"""Two revisions of one checkout are compared, each as it was, even if the checkout is installed."""

import json
import subprocess
import sys

import pytest

from bench.commands import revisions
from bench.errors import ConfigurationError

pytestmark = pytest.mark.slow
IDENTITY = ("-c", "user.name=a", "-c", "user.email=a@b.c")
TEST = "import time, work\n\ndef test_work():\n    work.run()\n"


def git(folder, *words):
    subprocess.run(["git", *IDENTITY, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path):
    """Make a checkout whose second revision sleeps."""
    (tmp_path / "test_work.py").write_text(TEST, encoding="utf-8")
    (tmp_path / "work.py").write_text("def run():\n    pass\n", encoding="utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "test_work.py", "work.py")
    git(tmp_path, "commit", "-qm", "fast")
    git(tmp_path, "tag", "fast")
    (tmp_path / "work.py").write_text("import time\n\ndef run():\n    time.sleep(0.4)\n", encoding="utf-8")
    git(tmp_path, "commit", "-qam", "slow")
    return tmp_path


def worktrees(folder):
    done = subprocess.run(["git", "worktree", "list"], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


def test_revisions_are_measured_each_as_it_was(checkout, compare):
    found = compare(
        *("--python", sys.executable, "--git", "fast", "--git", "HEAD", "--budget", "20s"),
        "pytest -q -p no:cacheprovider test_work.py",
    )
    data = json.loads((found.folder / "analysis.json").read_text(encoding="utf-8"))
    (pair,) = data["findings"]["by_experiment"]["differences"]["pairs"]
    assert pair["gap_seconds"] > 0.3
    assert [each["what"] for each in pair["may_explain"]] == ["sleeping"]
    assert not pair["invalid_because"]
    assert len(worktrees(checkout)) == 1, "the worktrees are removed"


def test_a_revision_has_one_place(checkout, monkeypatch):
    monkeypatch.chdir(checkout)
    assert revisions.place(checkout, "fast") == revisions.place(checkout, "fast") != revisions.place(checkout, "HEAD")


def test_a_revision_that_is_not_there_is_said(checkout):
    with pytest.raises(ConfigurationError, match="git") as refused:
        revisions.place(checkout, "nowhere")
    assert "nowhere" in refused.value.cause or "revision" in refused.value.cause


def test_an_option_is_no_revision(checkout):
    with pytest.raises(ConfigurationError):
        revisions.place(checkout, "--help")


def test_code_from_the_checkout_itself_is_noticed(checkout, compare):
    conftest = f"import sys\nsys.path.insert(0, {str(checkout)!r})\nimport work\n"
    (checkout / "conftest.py").write_text(conftest, encoding="utf-8")
    git(checkout, "add", "conftest.py")
    git(checkout, "commit", "-qm", "path")
    found = compare(
        *("--python", sys.executable, "--git", "HEAD~1", "--git", "HEAD", "--budget", "2s"),
        "pytest -q -p no:cacheprovider test_work.py",
    )
    assert any("from the checkout and not from its revision" in reason for reason in found.document["reasons"])
