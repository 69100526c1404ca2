"""`python -m bench flakes`: hunt flakes in any pytest suite, name their causes, print commands that replay them."""

import argparse
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench.configuration import config
from bench.errors import ConfigurationError, ExitCode
from bench.flakiness.conditions import Circumstances
from bench.flakiness.findings import ClusterFinding, FlakeFinding, FlakinessFinding
from bench.flakiness.hunting import Hunted, hunt
from bench.flakiness.notebook import Batch, Steps
from bench.flakiness.replay import Suite, relative
from bench.flakiness.specification import specify
from bench.flakiness.summary import CellHunt, summarise
from bench.flakiness.survey import Limits, promise
from bench.model import NO_BACKEND, Cell, Contender, Outcome, Trial
from bench.running import environments
from bench.running.databases import Databases
from bench.running.environments import SubjectEnvironment
from bench.running.trial import PROBE, Runner
from bench.storage.files import json_bytes, write_atomically
from bench.storage.journal import Journal
from bench.terminal import Terminal
from bench.text import shorten

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
    limits = Limits(suite_runs=options.suite_runs, seconds=options.budget, jobs=options.jobs, until=options.until)
    steps = hunt(options.seed, limits=limits, installed=subject.packages)
    terminal.notice(f"seed {options.seed}, {limits.jobs} at once, at most {limits.seconds:.0f} s")
    with Databases(backends=()) as served, Journal(folder / "trials.jsonl") as journal:
        driver = Driver(cell, _runner(contender, subject, served), journal, terminal, limits, copies=options.copy)
        hunted = driver.drive(steps)
    finding = summarise([CellHunt(cell=cell, hunted=hunted, suite=_suite(options, contender, directory))])
    document = {"schema": SCHEMA, **msgspec.to_builtins(finding)}
    write_atomically(folder / "flakes.json", json_bytes(SCHEMA, msgspec.to_builtins(finding)))
    _tell(finding, terminal, folder)
    terminal.document(document)
    return ExitCode.JUDGED


class Driver:
    """Run what a search asks for, the trials of a batch at the same time, into a journal."""

    def __init__(
        self, cell: Cell, runner: Runner, journal: Journal, terminal: Terminal, limits: Limits, *, copies: bool = False
    ) -> None:
        """Take what runs, keeps and prints; `copies` runs each trial in a copy of the suite's folder."""
        self._cell = cell
        self._runner = runner
        self._journal = journal
        self._terminal = terminal
        self._limits = limits
        self._copies = copies

    def drive(self, steps: Steps[Hunted]) -> Hunted:
        """Answer every batch of the search with its trials, and return what the search made of them."""
        with ThreadPoolExecutor(max_workers=self._limits.jobs) as pool:
            batch = next(steps)
            while True:
                trials = self._run(batch, pool)
                try:
                    batch = steps.send(trials)
                except StopIteration as end:
                    hunted: Hunted = end.value
                    return hunted

    def _run(self, batch: Batch, pool: ThreadPoolExecutor) -> list[Trial]:
        first = len(self._journal.trials)
        chosen = [self._copied(each) for each in batch]
        specs = [specify(self._cell, each, block=first + place, position=0) for place, each in enumerate(chosen)]
        trials = list(pool.map(self._runner, specs))
        for circumstances, trial in zip(batch, trials, strict=True):
            self._journal.append(trial)
            self._terminal.notice(f"  {len(self._journal.trials)}: {_words(circumstances, trial)}")
        if first == 0:
            self._check(trials[0])
        return trials

    def _copied(self, circumstances: Circumstances) -> Circumstances:
        is_wished = self._copies and circumstances.copied_without is None
        return replace(circumstances, copied_without=()) if is_wished else circumstances

    def _check(self, first: Trial) -> None:
        """Refuse a suite that does not run at all, say what the budget can find, and set the deadline."""
        if first.outcome in (Outcome.COLLECTION_ERROR, Outcome.USAGE_ERROR, Outcome.NO_TESTS):
            raise ConfigurationError(
                f"the suite does not run: {first.outcome.value}",
                cause=first.message[-1500:],
                hint="run pytest by hand with the same interpreter, folder and arguments first",
            )
        self._terminal.notice(promise(first, self._limits))
        seconds = max(SHORTEST_TIMEOUT_SECONDS, TIMEOUT_FACTOR * first.wall_ns / 1e9)
        self._runner = replace(self._runner, timeout_seconds=seconds)


def _words(circumstances: Circumstances, trial: Trial) -> str:
    chosen = circumstances.order
    last = f", last {shorten(chosen.then[-1], limit=100)}" if chosen.then else ""
    what = "whole suite" if chosen.is_whole else f"{len(trial.tests)} tests{last}"
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


MOST_LISTED = 10


def _tell(finding: FlakinessFinding, terminal: Terminal, folder: Path) -> None:
    """Print the result: the suite's bound, then each root cause with its tests and its replay."""
    for cell in finding.cells:
        terminal.result(f"{cell.tests} tests, trials in which something flaked: {cell.words}")
        for note in cell.notes:
            terminal.result(f"  {note}")
        for never in cell.never_passed[:MOST_LISTED]:
            terminal.result(f"  {shorten(never.test, limit=200)}: {never.words}")
        if len(cell.never_passed) > MOST_LISTED:
            terminal.result(f"  and {len(cell.never_passed) - MOST_LISTED} more that never passed")
    for cluster in finding.clusters:
        _tell_cluster(cluster, [each for each in finding.flakes if each.cluster == cluster.id], terminal)
    for warning in finding.warnings:
        terminal.result(f"warning: {shorten(warning, limit=400)}")
    terminal.result("")
    terminal.result(
        f"{finding.suite_trials} whole-suite and {finding.diagnosis_trials} targeted trials "
        f"in {finding.seconds:.0f} s; data: {(folder / 'flakes.json').resolve()}"
    )


def _tell_cluster(cluster: ClusterFinding, flakes: Sequence[FlakeFinding], terminal: Terminal) -> None:
    count = f", {len(cluster.tests)} tests" if len(cluster.tests) > 1 else ""
    terminal.result("")
    terminal.result(f"{cluster.id} {cluster.flake_class.value}{count}: {shorten(cluster.cause, limit=400)}")
    if cluster.mend:
        terminal.result(f"  {cluster.mend}")
    for flake in flakes[:MOST_LISTED]:
        terminal.result(f"  {shorten(flake.test, limit=200)}: {shorten(flake.reason, limit=400)}")
        if flake.alike:
            terminal.result(f"    and {len(flake.alike)} more parameters of the same test that fail the same way")
        if flake.replay is not None:
            terminal.result(f"    {flake.replay.words}: {flake.replay.command}")
    if len(flakes) > MOST_LISTED:
        terminal.result(f"  and {len(flakes) - MOST_LISTED} more tests")
