"""The built wheel works in an environment of its own, far from the checkout."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


def must(*words, cwd):
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def twinbench(tmp_path_factory):
    """Build the wheel, install it into a fresh environment, and give the installed command."""
    place = tmp_path_factory.mktemp("wheel")
    uv = [sys.executable, "-m", "uv"]
    must(*uv, "build", "--quiet", "--wheel", "--out-dir", str(place), str(ROOT), cwd=place)
    (wheel,) = place.glob("twinbench-*.whl")
    must(*uv, "venv", "--quiet", "--python", sys.executable, str(place / "venv"), cwd=place)
    python = place / "venv" / "bin" / "python"
    must(*uv, "pip", "install", "--quiet", "--python", str(python), str(wheel), cwd=place)
    return place / "venv" / "bin" / "twinbench"


@pytest.fixture
def folder(tmp_path):
    """Make a project of two suites of one test each."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"test_{name}.py").write_text("def test_it():\n    assert True\n", encoding="utf-8")
    return tmp_path


def call(command, *words, cwd):
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    return subprocess.run(
        [str(command), *words], cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=200
    )


def test_the_installed_command_compares_two_suites_and_writes_the_page(twinbench, folder):
    done = call(
        twinbench,
        *("compare", "--json", "--python", sys.executable, "--budget", "8s", "--load-limit", "99", "--seed", "1"),
        *("pytest -q one", "pytest -q two"),
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["status"] == "complete"
    page = (folder / "reports" / "latest" / "report.html").read_text(encoding="utf-8")
    assert "twinbench compare --python" in page
    again = call(twinbench, "report", cwd=folder)
    assert again.returncode == 0, again.stderr


def test_the_installed_command_looks_at_a_repository(twinbench, folder):
    done = call(twinbench, "init", cwd=folder)
    assert done.returncode == 0, done.stderr
    planned = call(twinbench, "--help", cwd=folder)
    assert planned.stdout.startswith("usage: twinbench")


def test_the_wheel_brings_the_probe_and_the_templates(twinbench):
    (package,) = (twinbench.parents[1] / "lib").glob("python*/site-packages/bench")
    assert (package / "probe" / "twinbench_probe.py").exists()
    assert (package / "report" / "templates" / "page.html.j2").exists()
