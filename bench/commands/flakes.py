"""`python -m bench flakes`: hunt flakes in any pytest suite, name their causes, print commands that replay them."""

import argparse
import os
import time
from collections.abc import Generator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench.configuration import config
from bench.errors import ConfigurationError, ExitCode
from bench.flakiness.conditions import Circumstances
from bench.flakiness.findings import FlakinessFinding
from bench.flakiness.hunting import Hunted, hunt
from bench.flakiness.replay import Suite, relative
from bench.flakiness.specification import specify
from bench.flakiness.summary import CellHunt, summarise
from bench.model import NO_BACKEND, Cell, Contender, Outcome, Trial
from bench.running import environments
from bench.running.databases import Databases
from bench.running.environments import SubjectEnvironment
from bench.running.trial import PROBE, Runner
from bench.storage.files import json_bytes, write_atomically
from bench.storage.journal import Journal
from bench.terminal import Terminal

SCHEMA = "flakes/1"
TIMEOUT_FACTOR = 10
SHORTEST_TIMEOUT_SECONDS = 30
FIRST_TIMEOUT_SECONDS = 600
NOT_INHERITED = ("PYTHONHASHSEED", "PYTEST_ADDOPTS", "TMPDIR", "PYTHONASYNCIODEBUG")


def main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Hunt, write and print the result; JUDGED whether or not flakes were found."""
    if not options.python:
        raise ConfigurationError(
            "flakes needs the suite's interpreter", hint="python -m bench flakes --python .venv/bin/python -- tests"
        )
    directory = options.cwd.resolve()
    subject = environments.foreign(options.python, directory=directory)
    contender = _contender(options.python, directory, tuple(options.pytest_args))
    cell = Cell(contender=contender.id, dependency_set="own", backend=NO_BACKEND)
    folder = _reports(options) / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-flakes"
    steps = hunt(
        options.seed,
        suite_runs=options.suite_runs,
        budget_seconds=options.budget,
        installed=subject.packages,
    )
    with Databases(backends=()) as served, Journal(folder / "trials.jsonl") as journal:
        driver = Driver(cell, _runner(contender, subject, served), journal, terminal)
        hunted = driver.drive(steps)
    finding = summarise([CellHunt(cell=cell, hunted=hunted, suite=_suite(options, contender, directory))])
    document = {"schema": SCHEMA, **msgspec.to_builtins(finding)}
    write_atomically(folder / "flakes.json", json_bytes(SCHEMA, msgspec.to_builtins(finding)))
    _tell(finding, terminal, folder)
    terminal.document(document)
    return ExitCode.JUDGED


class Driver:
    """Run what a hunt asks for, one trial after the other, into a journal."""

    def __init__(self, cell: Cell, runner: Runner, journal: Journal, terminal: Terminal) -> None:
        """Take what runs, keeps and tells."""
        self._cell = cell
        self._runner = runner
        self._journal = journal
        self._terminal = terminal

    def drive(self, steps: Generator[Circumstances, Trial, Hunted]) -> Hunted:
        """Answer every request of the hunt with a trial, and return what the hunt made of them."""
        circumstances = next(steps)
        while True:
            trial = self._run(circumstances)
            try:
                circumstances = steps.send(trial)
            except StopIteration as end:
                hunted: Hunted = end.value
                return hunted

    def _run(self, circumstances: Circumstances) -> Trial:
        number = len(self._journal.trials)
        trial = self._runner(specify(self._cell, circumstances, block=number, position=0))
        self._journal.append(trial)
        if number == 0:
            self._check(trial)
        self._terminal.notice(f"  {number + 1}: {_words(circumstances, trial)}")
        return trial

    def _check(self, first: Trial) -> None:
        """Refuse a suite that does not run at all, and set the deadline of the trials to come."""
        if first.outcome in (Outcome.COLLECTION_ERROR, Outcome.USAGE_ERROR, Outcome.NO_TESTS):
            raise ConfigurationError(
                f"the suite does not run: {first.outcome.value}",
                cause=first.message[-1500:],
                hint="run pytest by hand with the same interpreter, folder and arguments first",
            )
        seconds = max(SHORTEST_TIMEOUT_SECONDS, TIMEOUT_FACTOR * first.wall_ns / 1e9)
        self._runner = replace(self._runner, timeout_seconds=seconds)


def _words(circumstances: Circumstances, trial: Trial) -> str:
    chosen = circumstances.order.then
    what = "whole suite" if not chosen else f"{len(trial.tests)} tests, last {chosen[-1]}"
    bad = sum(test.outcome in ("failed", "error") for test in trial.tests)
    return f"{circumstances.condition}, {what}: {trial.outcome.value}, {bad} failed, {trial.wall_ns / 1e9:.1f} s"


def _contender(python: str, directory: Path, arguments: tuple[str, ...]) -> Contender:
    return Contender(
        id="suite",
        title="suite",
        style="other",
        record="",
        directory=str(directory),
        pytest_args=arguments,
        environment={name: text for name, text in os.environ.items() if name not in NOT_INHERITED},
        plugins=None,
        python=python,
        dependency_set=None,
        backends=(NO_BACKEND,),
        twins=None,
    )


def _runner(contender: Contender, subject: SubjectEnvironment, served: Databases) -> Runner:
    return Runner(
        root=Path(contender.directory),
        contenders={contender.id: contender},
        environments={contender.id: subject},
        databases=served,
        timeout_seconds=FIRST_TIMEOUT_SECONDS,
    )


def _suite(options: argparse.Namespace, contender: Contender, directory: Path) -> Suite:
    return Suite(
        python=options.python,
        directory=relative(directory, start=Path.cwd()),
        arguments=contender.pytest_args,
        environment={},
        probe=relative(PROBE, start=directory),
    )


def _reports(options: argparse.Namespace) -> Path:
    if options.reports:
        return Path(options.reports)
    return config.read(options.config).root / "reports" if options.config.exists() else Path("reports")


def _tell(finding: FlakinessFinding, terminal: Terminal, folder: Path) -> None:
    """Print the result: the suite's bound, then each root cause with its tests and its replay."""
    for cell in finding.cells:
        terminal.result(f"{cell.tests} tests, trials in which something flaked: {cell.words}")
        for test in cell.broken:
            terminal.result(f"  never passed (broken, not flaky): {test}")
    for cluster in finding.clusters:
        terminal.result("")
        terminal.result(f"{cluster.id} {cluster.flake_class.value}: {cluster.cause}")
        for flake in [each for each in finding.flakes if each.cluster == cluster.id]:
            terminal.result(f"  {flake.test}: {flake.reason}")
            if flake.replay is not None:
                terminal.result(f"    {flake.replay.words}: {flake.replay.command}")
    for warning in finding.warnings:
        terminal.result(f"warning: {warning}")
    terminal.result("")
    terminal.result(
        f"{finding.suite_trials} whole-suite and {finding.diagnosis_trials} targeted trials "
        f"in {finding.seconds:.0f} s; data: {(folder / 'flakes.json').resolve()}"
    )


def options_of(command: argparse.ArgumentParser) -> None:
    """Add the command's own options; --budget is added by the command line, which reads durations."""
    command.add_argument("--python", default="", help="the suite's interpreter, as .venv/bin/python")
    command.add_argument("--cwd", type=Path, default=Path(), help="folder to run pytest in (default: here)")
    command.add_argument("--seed", type=int, default=time.time_ns() % 2**31, help="seed of the hunt")
    command.add_argument("--suite-runs", type=int, default=20, help="whole-suite trials at most (default: 20)")
    command.add_argument("pytest_args", nargs="*", metavar="-- PYTEST-ARGS", help="what pytest is given")
