"""What doctor says of a lock: whether it pins what the dependency group asks for."""

import argparse
from pathlib import Path

import pytest

from bench.commands import doctor
from bench.configuration import config
from bench.errors import DependencySetError, ExitCode
from bench.terminal import Terminal

BENCH = '[tool.bench]\nbaseline = "one"\n[tool.bench.contenders.one]\ndependency_set = "current"\n'
LOCK = "fastapi==0.120.0 \\\n    --hash=sha256:00\nhttpx2==2.1.0 \\\n    --hash=sha256:00\n"


@pytest.fixture
def words(tmp_path):
    """Say what doctor says of a lock, for a project with these requirements."""

    def words(*requirements):
        group = f"[dependency-groups]\nsubject = {list(requirements)!r}\n" if requirements else ""
        (tmp_path / "pyproject.toml").write_text(group + BENCH, encoding="utf-8")
        (tmp_path / "locks").mkdir(exist_ok=True)
        (tmp_path / "locks" / "current.txt").write_text(LOCK, encoding="utf-8")
        return doctor._lock_words(config.read(tmp_path / "pyproject.toml"), "current")

    return words


def test_a_lock_that_pins_everything_is_current(words):
    assert words("fastapi", "httpx2[http2]>=2") == "pins all 2 packages that pyproject.toml asks for, 2 in all"


@pytest.mark.parametrize("asked", ["sqlmodel", "fastapi>=0.121", "Fast_Api"])
def test_a_lock_that_lacks_something_is_not_current(words, asked):
    with pytest.raises(DependencySetError, match="not current") as told:
        words("fastapi", asked)
    assert told.value.hint == "nox -s lock"


def test_a_lock_without_a_group_is_not_judged(words):
    assert words().startswith("nothing to compare it with")


def test_a_machine_is_looked_at_without_a_configuration(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(doctor, "_server_words", lambda url: f"asked for {url}")
    code = doctor.main(argparse.Namespace(config=Path("pyproject.toml"), database_url=None), Terminal())
    said = capsys.readouterr().out
    assert code in (ExitCode.JUDGED, ExitCode.UNFIT)
    assert "memory: " in said
    assert "PostgreSQL: asked for None" in said
