"""Comparisons as a user types them, in a folder of the user's own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def suites(tmp_path):
    """Make a project of two suites that do the same, one of them under asyncio's debug mode."""
    for name, debug in (("plain", False), ("debugged", True)):
        folder = tmp_path / "tests" / name
        folder.mkdir(parents=True)
        text = f"""\
import asyncio, pytest

async def work():
    for _ in range(3000):
        await asyncio.sleep(0)

@pytest.mark.parametrize("number", range(3))
def test_work(number):
    asyncio.run(work(), debug={debug})
"""
        (folder / f"test_{name}.py").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def compare(tmp_path):
    """Run the command in the folder and return exit code, document, errors and the run's folder."""

    def compare(*words, code=0):
        done = subprocess.run(
            [sys.executable, "-m", "bench", "compare", "--json", "--seed", "1", "--load-limit", "99", *words],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == code, done.stderr
        document = json.loads(done.stdout) if done.stdout.strip() else {}
        return SimpleNamespace(document=document, errors=done.stderr, folder=tmp_path / "reports" / "latest")

    return compare
