"""After a re-validation that changed something, --blame asks which package did it."""

import argparse
from types import SimpleNamespace

import pytest

from bench import cli
from bench.commands import blame, revalidate
from bench.storage.run_folder import RunFolder


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """Ask for blame after a re-validation, and give what the other command was given."""
    given = []
    monkeypatch.setattr(blame, "main", lambda options, _: given.append(options))
    said = []

    def asked(found):
        options = cli.parser().parse_args(["revalidate", "--blame", "--from", "old", "--to", "new"])
        terminal = SimpleNamespace(result=said.append)
        revalidate._blame(options, found, RunFolder(tmp_path / "run"), terminal)
        return given, said

    return asked


def test_an_upgrade_that_changes_nothing_leaves_nobody_to_blame(asked, two_sets):
    given, said = asked(two_sets())
    assert given == []
    assert "nothing to blame" in said[0]


def test_a_changed_time_is_asked_about_with_the_sets_of_the_run(asked, two_sets, tmp_path):
    (options,), _ = asked(two_sets({"async@new": 2.0}))
    assert isinstance(options, argparse.Namespace)
    assert (getattr(options, "from"), options.to) == tuple(
        str(tmp_path / "run" / "locks" / f"{name}.txt") for name in ("old", "new")
    )
    assert options.command == "blame"
    assert options.what == []


def test_one_document_cannot_hold_two_runs(capsys):
    assert cli.main(["revalidate", "--blame", "--json"]) == 2
    assert "--json prints one document" in capsys.readouterr().err
