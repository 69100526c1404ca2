"""Equal names of code mean equal code."""

import subprocess

import pytest

from bench.storage import checkout


@pytest.fixture
def repository(tmp_path):
    """Make a checkout with one committed test."""
    (tmp_path / "test_it.py").write_text("def test_it(): pass\n")
    for words in ("init -q", "add .", "-c user.name=me -c user.email=me@example.org commit -q -m first"):
        subprocess.run(["git", *words.split()], cwd=tmp_path, check=True)
    return tmp_path


def test_a_clean_checkout_has_one_name(repository):
    assert checkout.code(repository) == checkout.revision(repository)
    assert "dirty" not in checkout.code(repository)


@pytest.mark.parametrize("name", ["test_it.py", "test_new.py"])
def test_a_changed_or_a_new_file_is_said(repository, name):
    (repository / name).write_text("def test_other(): pass\n")
    assert checkout.code(repository).endswith("-dirty")


def test_outside_of_a_checkout_nothing_is_known(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert checkout.code(tmp_path) == checkout.revision(tmp_path) == "unknown"


@pytest.mark.parametrize("name", ["history", "flakiness", "noise-floor"])
def test_a_ledger_under_version_control_is_no_change_of_the_code(repository, name):
    ledger = repository / "reports" / f"{name}.jsonl"
    ledger.parent.mkdir()
    ledger.write_text("{}\n")
    for words in ("add .", "-c user.name=me -c user.email=me@example.org commit -q -m ledger"):
        subprocess.run(["git", *words.split()], cwd=repository, check=True)
    ledger.write_text("{}\n{}\n")
    assert "dirty" not in checkout.code(repository)
    (repository / "reports" / "test_of_reports.py").write_text("def test_it(): pass\n")
    assert "dirty" in checkout.code(repository)
