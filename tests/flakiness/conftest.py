"""Searches without processes: a made-up suite answers what each of its tests does under given circumstances."""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from textwrap import dedent
from types import ModuleType, SimpleNamespace

import pytest

from bench.flakiness.conditions import Circumstances
from bench.flakiness.outcomes import Observation, file_of
from bench.flakiness.search import Examination
from bench.flakiness.specification import order_of
from bench.model import ExecutedTest, FailedPhase, Outcome, Trial

PROBE = Path(__file__).parents[2] / "bench" / "probe"
Behaviour = Callable[[Circumstances, Sequence[str]], bool]
"""Whether a test passes under circumstances after the tests that ran before it."""


def name(number: int, file: str = "test_it.py") -> str:
    """Name a test of a made-up suite."""
    return f"{file}::test_{number:03}"


@dataclass
class FakeSuite:
    """Stands in for a suite and its processes, ordered by the real plugin; keeps what it was asked.

    `skips` are tests that are skipped unless their behaviour says True; `left` is what a watched trial sees a test
    leave; `facts` are noted in every trial.
    """

    make_trial: Callable[..., Trial]
    plugin: ModuleType
    tests: Sequence[str]
    behaviours: Mapping[str, Behaviour] = field(default_factory=dict)
    skips: Mapping[str, Behaviour] = field(default_factory=dict)
    left: Mapping[str, Sequence[str]] = field(default_factory=dict)
    facts: Mapping[str, Sequence[object]] = field(default_factory=dict)
    messages: Mapping[str, str] = field(default_factory=dict)
    runs: list[Circumstances] = field(default_factory=list)

    def order(self, circumstances: Circumstances) -> list[str]:
        wish = json.loads(order_of(circumstances).as_json())
        files = wish.get("files", sorted({file_of(test) for test in self.tests}))
        items = [SimpleNamespace(nodeid=test) for test in self.tests if file_of(test) in files]
        return [item.nodeid for item in self.plugin.ordered(items, wish)]

    def run(self, circumstances: Circumstances) -> Trial:
        self.runs.append(circumstances)
        tests, failures, before = [], [], []
        for test in self.order(circumstances):
            met = _as_met(circumstances, test)
            good = self.behaviours.get(test, lambda *_: True)(met, before)
            if not self.skips.get(test, lambda *_: True)(met, before):
                tests.append(ExecutedTest(test, "skipped", 1000, 0, 1000))
                continue
            tests.append(ExecutedTest(test, "passed" if good else "failed", 1000, 1000, 1000))
            message = self.messages.get(test, "assert 1 == 2")
            failures += [] if good else [FailedPhase(test, "call", "/home/me/suite/test_it.py", 7, message)]
            before.append(test)
        seen = [[test, list(self.left[test])] for test in before if test in self.left]
        watched = {"left": seen} if "watched" in circumstances.names else {}
        return replace(
            self.make_trial(),
            tests=tuple(tests),
            failures=tuple(failures),
            facts={**self.facts, **watched},
            outcome=Outcome.FAILED if failures else Outcome.PASSED,
        )

    def answer(self, steps):
        """Answer every batch of a search with its trials and return what it returns."""
        try:
            batch = next(steps)
            while True:
                batch = steps.send([self.run(circumstances) for circumstances in batch])
        except StopIteration as end:
            return end.value

    def examine(self, seen, *, jobs=1):
        """Diagnose what flipped in a survey and return what was found."""
        examination = Examination(seen, budget_seconds=1e9, installed={}, jobs=jobs)
        while batch := examination.wanted:
            for trial in [self.run(circumstances) for circumstances in batch]:
                examination.take(trial)
        return examination.searched

    def survey(self, *circumstances: Circumstances) -> list[Observation]:
        return [Observation(circumstances=each, trial=self.run(each)) for each in circumstances]


def _as_met(circumstances: Circumstances, test: str) -> Circumstances:
    """Leave out the conditions that spare the test."""
    spared = [condition for condition, tests in circumstances.spared if test in tests]
    settings = tuple(setting for setting in circumstances.settings if setting.condition not in spared)
    return replace(circumstances, settings=settings)


@pytest.fixture
def make_suite(make_trial, monkeypatch):
    """Make a suite of `size` tests of one file, or of these `tests`, with behaviours by number or by name."""
    monkeypatch.syspath_prepend(str(PROBE))
    plugin = importlib.import_module("twinbench_order")

    def make_suite(
        behaviours: Mapping[int | str, Behaviour] | None = None,
        *,
        size: int = 100,
        tests: Iterable[str] = (),
        **more: object,
    ) -> FakeSuite:
        names = [*tests] or [name(number) for number in range(size)]
        chosen = {name(test) if isinstance(test, int) else test: shown for test, shown in (behaviours or {}).items()}
        return FakeSuite(make_trial, plugin, names, behaviours=chosen, **more)

    return make_suite


@pytest.fixture
def notes(tmp_path):
    """Run a suite of these files with plugins of the probe in a process; gives the notes that they wrote, by kind."""

    def notes(files, *plugins, arguments=(), **settings):
        folder, scratch = tmp_path / "suite", tmp_path / "scratch"
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(dedent(text), encoding="utf-8")
        scratch.mkdir(exist_ok=True)
        out = tmp_path / "probe.jsonl"
        out.write_text("")
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(PROBE),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "TWINBENCH_OUT": str(out),
            "TMPDIR": str(scratch),
        }
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
        command += [part for plugin in plugins for part in ("-p", plugin)]
        done = subprocess.run(
            command, cwd=folder, env=environment | settings, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode in (0, 1), done.stdout + done.stderr
        found: dict[str, list[object]] = {"printed": done.stdout.splitlines()}
        for line in out.read_text().splitlines():
            kind, *rest = json.loads(line)
            if kind == "note":
                found.setdefault(rest[0], []).append(rest[1])
        return found

    return notes


@pytest.fixture
def after():
    """Fail after all of these tests."""

    def after(*polluters):
        names = {name(test) if isinstance(test, int) else test for test in polluters}
        return lambda _, before: not names <= set(before)

    return after


@pytest.fixture
def needs():
    """Fail unless this test ran before."""

    def needs(setter):
        needed = name(setter) if isinstance(setter, int) else setter
        return lambda _, before: needed in before

    return needs


@pytest.fixture
def under():
    """Fail under this condition, whatever else a trial carries."""
    return lambda condition: lambda circumstances, _: condition not in circumstances.names
