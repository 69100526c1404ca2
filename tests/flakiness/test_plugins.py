"""The plugins of the conditions do in a real pytest process what their names say."""

import importlib
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

PROBE = Path(__file__).parents[2] / "bench" / "probe"
SUITE = """\
import asyncio, datetime, random, threading, time, uuid

def test_a(): print("ran a")
def test_b(): print("ran b")
def test_c(): print("ran c")
def test_chance(): print("drew", random.randint(0, 10**9), random.random(), uuid.uuid4())
def test_clock(): print("now", datetime.datetime.now().isoformat(), datetime.date.today(), int(time.time()))
def test_two_readings(): print("days", datetime.date.today(), datetime.date.today(), datetime.date.today())

def test_schedule():
    async def main():
        seen = []
        async def ask(n):
            await asyncio.to_thread(lambda: None)
            seen.append(n)
        await asyncio.gather(*(ask(n) for n in range(6)))
        return seen
    print("order", asyncio.run(main()))
"""


@pytest.fixture
def run(tmp_path):
    """Run tests of the suite with plugins and settings; gives the lines that the tests printed."""
    (tmp_path / "test_it.py").write_text(SUITE)

    def run(*plugins, tests="test_it.py", **settings):
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(PROBE), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider"]
        command += [part for plugin in plugins for part in ("-p", plugin)]
        done = subprocess.run(
            [*command, tests],
            cwd=tmp_path,
            env=environment | settings,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        kinds = ("ran", "drew", "now", "days", "order")
        lines = [line.lstrip(".") for line in done.stdout.splitlines()]
        assert done.returncode == 0, done.stdout + done.stderr
        return [line for line in lines if line.startswith(kinds)]

    return run


def ran(lines):
    return [line for line in lines if line.startswith("ran")]


def test_order_runs_exactly_the_tests_asked_for(run):
    wish = '{"first": 0, "then": ["test_it.py::test_c", "test_it.py::test_a"]}'
    assert run("twinbench_order", TWINBENCH_ORDER=wish) == ["ran c", "ran a"]


def test_order_of_a_seed_and_its_reverse(run):
    forth = ran(run("twinbench_order", TWINBENCH_ORDER='{"seed": 5}'))
    back = ran(run("twinbench_order", TWINBENCH_ORDER='{"seed": 5, "reverse": true}'))
    assert back == forth[::-1]


def test_the_tests_before_one_keep_their_seeded_order_without_it(run):
    whole = ran(run("twinbench_order", TWINBENCH_ORDER='{"seed": 5}'))
    part = ran(run("twinbench_order", TWINBENCH_ORDER='{"seed": 5, "then": ["test_it.py::test_b"]}'))
    assert part == [*(line for line in whole if line != "ran b"), "ran b"]


def test_a_prefix_is_counted_without_the_tests_put_last(run):
    wish = '{"first": 1, "then": ["test_it.py::test_a"]}'
    assert run("twinbench_order", TWINBENCH_ORDER=wish) == ["ran b", "ran a"]


def test_chance_is_decided_by_seed_and_test(run):
    drawn = [
        run("twinbench_chance", TWINBENCH_CHANCE=seed, tests="test_it.py::test_chance", PYTHONHASHSEED=hash_seed)
        for seed, hash_seed in (("1", "1"), ("1", "2"), ("2", "1"))
    ]
    assert drawn[0] == drawn[1] != drawn[2]


def test_the_clock_shows_the_moment_in_the_zone(run):
    settings = {"TWINBENCH_CLOCK": "2028-02-29T12:00:00", "TZ": "Pacific/Kiritimati"}
    (line,) = run("twinbench_clock", tests="test_it.py::test_clock", **settings)
    _, now, today, unix = line.split()
    assert (now[:13], today) == ("2028-02-29T12", "2028-02-29")
    assert abs(int(unix) - 1_835_388_000) < 60


def test_midnight_falls_between_two_readings(run):
    settings = {"TWINBENCH_CLOCK": "2027-01-01T00:00:00", "TWINBENCH_CLOCK_CROSS": "1", "TZ": "UTC"}
    assert run("twinbench_clock", tests="test_it.py::test_two_readings", **settings) == [
        "days 2026-12-31 2027-01-01 2027-01-01"
    ]


def test_delays_turn_some_threads_round(run):
    settings = {"tests": "test_it.py::test_schedule"}
    orders = [run("twinbench_schedule", TWINBENCH_SCHEDULE=str(seed), **settings) for seed in range(4)]
    assert any(lines != ["order [0, 1, 2, 3, 4, 5]"] for lines in orders)


@pytest.mark.parametrize(("is_worker", "workers"), [(False, 2), (True, None)])
def test_only_the_main_process_starts_workers(monkeypatch, is_worker, workers):
    monkeypatch.syspath_prepend(str(PROBE))
    monkeypatch.setenv("TWINBENCH_WORKERS", "2")
    config = SimpleNamespace(option=SimpleNamespace(numprocesses=None, dist="no", tx=[]))
    if is_worker:
        config.workerinput = {}
    next(importlib.import_module("twinbench_once").pytest_cmdline_main(config))
    assert config.option.numprocesses == workers


def test_pressure_ends_with_the_session(run, tmp_path):
    run("twinbench_pressure", TWINBENCH_BURNERS="2", TWINBENCH_CORES="1", tests="test_it.py::test_a")
    assert ended_within(10, lambda: not [path for path in Path("/proc").glob("[0-9]*/cwd") if _is(path, tmp_path)])


def ended_within(seconds, condition):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not condition():
        time.sleep(0.05)
    return condition()


def _is(path, folder):
    try:
        return path.readlink() == folder
    except OSError:
        return False
