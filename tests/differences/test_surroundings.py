"""What a real suite runs under is noted in the process itself, and nothing where its time counts."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROBE = Path(__file__).parents[2] / "bench" / "probe"
SUITE = """
import asyncio, hashlib, subprocess, sys, time
import pytest

@pytest.fixture(scope="module")
def slow():
    time.sleep(0.05)

async def nothing():
    await asyncio.sleep(0)
    await asyncio.sleep(0.01)

def test_loops(slow):
    asyncio.run(nothing(), debug=True)
    asyncio.run(nothing())

def test_hashing():
    hashlib.scrypt(b"a", salt=b"b", n=2, r=1, p=1)

def test_process():
    subprocess.run([sys.executable, "-c", ""], check=True)

def test_trace():
    sys.settrace(lambda *_: None)
    sys.settrace(None)
"""


@pytest.fixture
def noted(tmp_path):
    """Run the suite with the probe and give the facts of its end."""

    def noted(text=SUITE, **environment):
        (tmp_path / "test_it.py").write_text(text, encoding="utf-8")
        own = {"PATH": os.environ["PATH"], "PYTHONPATH": str(PROBE), "TWINBENCH_OUT": str(tmp_path / "out")}
        own["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "twinbench_probe", "-p", "no:cacheprovider"],
            cwd=tmp_path,
            env=own | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        *_, finish = (json.loads(line) for line in (tmp_path / "out").read_text(encoding="utf-8").splitlines())
        return finish[3]

    return noted


def test_a_timed_suite_notes_nothing(noted):
    assert "surroundings" not in noted()


def test_loops_sleeps_hashes_processes_and_fixtures_are_noted(noted):
    found = noted(TWINBENCH_COUNT="1")["surroundings"]
    assert found["loops"] == {"run": 2, "debug": 1}
    assert found["spent"]["sleep"][0] == 3
    assert found["spent"]["sleep"][1] > 60_000_000
    assert found["spent"]["hashing"][0] == 1
    assert found["spent"]["process"][0] == 1
    calls, elapsed_ns = found["fixtures"]["slow (module)"]
    assert calls == 1
    assert elapsed_ns > 50_000_000
    assert "not_read" not in found


def test_values_of_variables_are_not_kept(noted):
    found = noted(TWINBENCH_COUNT="1", SECRET="hunter2", PYTHONUTF8="1")["surroundings"]["variables"]
    assert "hunter2" not in json.dumps(found)
    assert found["SECRET"].startswith("digest ")
    assert found["PYTHONUTF8"] == "1"
    assert not [name for name in found if name.startswith("TWINBENCH_")]


@pytest.mark.parametrize(("what", "runs", "sleeps"), [("loop-debug", 0, True), ("sleep", None, False)])
def test_what_may_explain_a_gap_can_be_left_out(noted, what, runs, sleeps):
    text = "pytest_plugins = ['twinbench_without']\n"
    (noted.__closure__[0].cell_contents / "conftest.py").write_text(text, encoding="utf-8")
    found = noted(TWINBENCH_COUNT="1", TWINBENCH_WITHOUT=what)["surroundings"]
    if runs is not None:
        assert found["loops"]["debug"] == runs
    assert (found["spent"]["sleep"][1] > 60_000_000) is sleeps
