"""The plugins of the conditions do in a real pytest process what their names say."""

import importlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from bench.flakiness.conditions.condition import abbreviated

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


FILES = {
    "a/test_one.py": "class TestA:\n    def test_x(self): print('ran x')\n    def test_y(self): print('ran y')\n",
    "a/test_two.py": "def test_u(): print('ran u')\ndef test_v(): print('ran v')\n",
    "test_three.py": "def test_w(): print('ran w')\n",
}


@pytest.fixture
def ordered(notes):
    """Run a suite of three files in an order; gives the names of the tests as they ran."""

    def ordered(suite=FILES, **wish):
        found = notes(suite, "twinbench_order", arguments=("-s",), TWINBENCH_ORDER=json.dumps(wish))
        return "".join(line.removeprefix(".")[4:] for line in found["printed"] if line.removeprefix(".")[:4] == "ran ")

    return ordered


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_level_keeps_what_is_below_it_together(ordered, seed):
    assert {"xy", "uv"} <= _blocks(ordered(seed=seed, level="modules"))
    nested = ordered(seed=seed, level="nested")
    assert any(pair in nested for pair in ("xy", "yx"))
    assert any(pair in nested for pair in ("uv", "vu"))
    assert "xy" in ordered(seed=seed, level="classes")


def _blocks(text):
    return {text[place : place + 2] for place in range(len(text))}


def test_those_in_the_lead_go_first_and_are_not_counted(ordered):
    lead = ["test_three.py::test_w", "a/test_two.py::test_v"]
    assert ordered(lead=lead) == "wvxyu"
    assert ordered(lead=lead, first=1) == "wvx"


@pytest.mark.parametrize(
    ("below", "ran"), [("a", "xyuv"), ("a/test_one.py", "xy"), ("a/test_one.py::TestA", "xy"), ("a/test", "")]
)
def test_only_what_is_below_a_name_runs(ordered, below, ran):
    assert ordered(of=below, then=["test_three.py::test_w"]) == ran + "w"


def test_files_that_are_not_named_are_not_even_collected(ordered):
    broken = FILES | {"test_broken.py": "raise SystemExit"}
    assert ordered(broken, files=["a/test_one.py", "test_three.py"]) == "xyw"


def test_ids_that_differ_in_each_process_are_followed_by_number(ordered):
    text = "import uuid, pytest\n@pytest.mark.parametrize('n', [uuid.uuid4() for _ in range(3)], ids=str)\n"
    files = {"test_it.py": text + "def test_it(n, request): print('ran', request.node.nodeid[-2])\n"}
    wish = {
        "numbered": ["test_it.py::test_it"],
        "first": 0,
        "then": ["test_it.py::test_it[2]", "test_it.py::test_it[0]"],
    }
    assert ordered(files, **wish) == "20"


def test_an_order_may_come_in_a_file_and_name_a_test_by_its_short_name(notes, tmp_path):
    long = "x" * 1000
    marked = f"@pytest.mark.parametrize('n', 'ab', ids=['{long}a', '{long}b'])"
    text = f"import pytest\n{marked}\ndef test_it(n): print('ran', n)\n"
    (tmp_path / "order").write_text(json.dumps({"first": 0, "then": [abbreviated(f"test_it.py::test_it[{long}b]")]}))
    found = notes({"test_it.py": text}, "twinbench_order", arguments=("-s",), TWINBENCH_ORDER=f"@{tmp_path / 'order'}")
    assert ran(found["printed"]) == ["ran b"]


def test_a_test_that_is_not_there_is_a_usage_error_also_where_warnings_are_errors(notes):
    wish = json.dumps({"first": 0, "then": ["test_it.py::test_gone"]})
    files = {"test_it.py": "def test_it(): pass", "pytest.ini": "[pytest]\nfilterwarnings = error\n"}
    with pytest.raises(AssertionError, match=r"ERROR: twinbench_order: not collected: test_it\.py::test_gone"):
        notes(files, "twinbench_order", TWINBENCH_ORDER=wish)


def test_a_note_that_several_threads_take_at_once_is_one_note(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(PROBE))
    monkeypatch.setenv("TWINBENCH_OUT", str(tmp_path / "out"))
    (tmp_path / "out").touch()
    module = importlib.import_module("twinbench_notes")

    class Contended(module.Notes):
        """A second thread takes the name between the question and the answer."""

        @property
        def nodeid(self):
            return self.__dict__.get("left", [None]).pop(0)

        @nodeid.setter
        def nodeid(self, name):
            self.__dict__["left"] = [name, None, None]

    notes = Contended("delayed")
    notes.begin("a.py::test")
    notes.take()
    assert (tmp_path / "out").read_text() == ""


@pytest.mark.parametrize("plugin", ["clock", "chance"])
def test_a_spared_test_meets_the_world_as_it_is(run, plugin):
    settings = {"TWINBENCH_CLOCK": "2028-02-29T12:00:00", "TWINBENCH_CHANCE": "1"}
    spared = json.dumps({"clock": ["test_it.py::test_clock"], "random-values": ["test_it.py::test_chance"]})
    test = {"clock": "test_it.py::test_clock", "chance": "test_it.py::test_chance"}[plugin]
    name = f"twinbench_{plugin}"
    changed = [run(name, tests=test, **settings)[0].split(".")[0][:12] for _ in range(2)]
    spared_lines = run(name, tests=test, **settings, TWINBENCH_SPARED=spared)
    assert changed[0] == changed[1]
    assert spared_lines[0].split(".")[0][:12] != changed[0]


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
    orders = (run("twinbench_schedule", TWINBENCH_SCHEDULE=str(seed), **settings) for seed in range(12))
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
