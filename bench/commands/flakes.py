"""`python -m bench flakes`: search flakes in any pytest suite, a plan of one study for a configuration of one row."""

import argparse
import os
import shlex
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from bench import program
from bench.campaign import loop
from bench.campaign.frame import Frame
from bench.campaign.plan import Plan
from bench.commands import asking, judging, measuring, sides
from bench.commands.asking import Question
from bench.commands.flakes_page import tell
from bench.configuration.config import Config, without_a_file
from bench.errors import ConfigurationError, ExitCode, RunError, StorageError
from bench.experiments.flakiness.study import NAME, Study
from bench.experiments.flakiness.surveys import circumstances_of
from bench.flakiness import ledger
from bench.flakiness.conditions import REGISTRY
from bench.flakiness.survey import Limits, promise
from bench.model import NO_BACKEND, Contender, Outcome, Trial, TrialSpec
from bench.running import environments
from bench.running.databases import Databases
from bench.running.preparation import Prepared
from bench.running.trial import PROBE, Runner
from bench.storage import run_folder
from bench.storage.files import json_bytes
from bench.storage.journal import Journal
from bench.storage.run_folder import Manifest, RunFolder, Status
from bench.terminal import Terminal
from bench.text import shorten

SCHEMA: Final = "flakes/1"
PROFILE: Final = "flakes"
BUDGET_SECONDS, SUITE_RUNS = 1800.0, 20
TIMEOUT_FACTOR = 10
SHORTEST_TIMEOUT_SECONDS = 30
FIRST_TIMEOUT_SECONDS = 600
MARGIN, ALPHA = 0.05, 0.05
CHOSEN = ("python", "cwd", "suite_runs", "jobs", "until", "copy", "env", "pytest_args")
UNUSABLE = (Outcome.COLLECTION_ERROR, Outcome.USAGE_ERROR, Outcome.NO_TESTS)


def main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Search, write the report and print the result; JUDGED whether or not flakes were found."""
    with measuring.interruptible():
        return _main(options, terminal)


def _main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    reports = asking.reports_of(options)
    resumed = None if options.resume is None else _begun(options, reports)
    planned = asking.resumed_plan(resumed, options) if resumed else _plan(options)
    run_id = resumed.path.name if resumed else f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{PROFILE}"
    terminal.announce(planned, run_id=run_id)
    if options.dry_run:
        return ExitCode.JUDGED
    suite = planned.frame.contenders[0]
    subject = environments.foreign(str(suite.python), directory=Path(suite.directory).resolve())
    with Databases(backends=planned.frame.backends, database_url=options.database_url) as served:
        runner = Runner(
            root=Path.cwd(),
            contenders={suite.id: suite},
            environments={suite.id: subject},
            databases=served,
            timeout_seconds=planned.frame.timeout_seconds,
        )
        ready = Prepared(runner=runner, subjects={suite.id: subject}, server_version=served.server_version())
        manifest = _manifest(options, planned, ready, reports=reports, run_id=run_id)
        if resumed:
            measuring.check_same(resumed.read_manifest(), manifest, terminal)
        folder = resumed or run_folder.create(reports, manifest)
        is_interrupted = _measure(planned, folder, Trials(runner, planned, terminal), terminal)
    finding = judging.write(folder, terminal).results.flakiness
    if finding is None:
        raise RunError("the search could not be analysed", hint=f"report.html in {folder.path} says why")
    if not is_interrupted:
        code = folder.read_manifest().earlier_trials.code
        ledger.append(reports, run_id, [finding], code=code, seed=planned.frame.seed)
    folder.write_files({"flakes.json": json_bytes(SCHEMA, msgspec.to_builtins(finding))})
    tell(finding, terminal, folder.path)
    terminal.document({"schema": SCHEMA, **msgspec.to_builtins(finding)})
    if is_interrupted:
        terminal.notice(f"interrupted; what was measured is kept. Continue with:\n  {_resume(options, run_id)}")
    return ExitCode.INTERRUPTED if is_interrupted else ExitCode.JUDGED


def _measure(planned: Plan, folder: RunFolder, trials: "Trials", terminal: Terminal) -> bool:
    """Run the search into the folder's journal; return True if the user interrupted it."""
    status: Status = "interrupted"
    with Journal(folder.journal) as journal:
        folder.set_status("running")
        if journal.notice:
            terminal.notice(f"note: {journal.notice}")
        if journal.trials:
            trials.begun(journal.trials[0])
        live = measuring.LivePage(planned, folder)

        def watch(spec: TrialSpec, trial: Trial) -> None:
            trials.watch(spec, trial)
            live.write(journal.trials, due="")

        live.write(journal.trials, due="")
        try:
            loop.run(planned, journal, execute=trials.run, watch=watch)
            status = "complete"
        except KeyboardInterrupt:
            pass  # what was measured becomes the report
        finally:
            with suppress(StorageError):
                folder.set_status(status)
    return status == "interrupted"


class Trials:
    """Run single trials, print a line for each, and take the deadline from the first."""

    def __init__(self, runner: Runner, planned: Plan, terminal: Terminal) -> None:
        """Take what runs a trial, and where its line is printed."""
        self._runner = runner
        self._study: Study = planned.studies[NAME]
        self._terminal = terminal
        self._count = 0

    def begun(self, first: Trial) -> None:
        """Set the deadline for the trials that follow the first."""
        seconds = max(SHORTEST_TIMEOUT_SECONDS, TIMEOUT_FACTOR * first.wall_ns / 1e9)
        self._runner = replace(self._runner, timeout_seconds=seconds)

    def run(self, spec: TrialSpec) -> Trial:
        """Run a trial; raise ConfigurationError if the first shows that the suite does not run at all."""
        trial = self._runner(spec)
        if spec.block == 0:
            self._check(trial)
        return trial

    def watch(self, spec: TrialSpec, trial: Trial) -> None:
        """Print a line for a finished trial."""
        self._count += 1
        self._terminal.notice(f"  {spec.block + 1}: {_words(trial)}")

    def _check(self, first: Trial) -> None:
        if first.outcome in UNUSABLE:
            raise ConfigurationError(
                f"the suite does not run: {first.outcome.value}",
                cause=first.message[-1500:],
                hint="run pytest by hand with the same interpreter, folder and arguments; --env NAME passes a variable",
            )
        study = self._study
        limits = Limits(suite_runs=study.suite_runs, seconds=study.seconds, jobs=study.jobs, until=study.until)
        self._terminal.notice(promise(first, limits))
        self.begun(first)


def _words(trial: Trial) -> str:
    circumstances = circumstances_of(trial)
    chosen = circumstances.order
    last = f", last {shorten(chosen.then[-1], limit=100)}" if chosen.then else ""
    what = "whole suite" if chosen.is_whole else f"{len(trial.tests)} tests{last}"
    bad = sum(test.outcome in ("failed", "error") for test in trial.tests)
    return f"{circumstances.condition}, {what}: {trial.outcome.value}, {bad} failed, {trial.wall_ns / 1e9:.1f} s"


def _plan(options: argparse.Namespace) -> Plan:
    """Plan one study for one row; raise ConfigurationError without an interpreter."""
    if not options.python:
        raise ConfigurationError(
            "flakes needs the suite's interpreter", hint=f"{program.name()} flakes --python .venv/bin/python -- tests"
        )
    suite = _suite(options)
    installed = environments.foreign(options.python, directory=Path(suite.directory).resolve()).packages
    wanted = {package for condition in REGISTRY.values() for package in condition.packages}
    seconds = BUDGET_SECONDS if options.budget is None else options.budget
    study = Study(
        seconds=seconds,
        alone=True,
        suite_runs=options.suite_runs or SUITE_RUNS,
        jobs=max(options.jobs or os.cpu_count() or 1, 1),
        until=options.until,
        copies=options.copy,
        packages=tuple(sorted(wanted & installed.keys())),
    )
    frame = Frame(
        seed=time.time_ns() % 2**31 if options.seed is None else options.seed,
        profile=PROFILE,
        baseline=suite.id,
        backends=suite.backends,
        contenders=(suite,),
        budget_seconds=seconds,
        margin=MARGIN,
        alpha=ALPHA,
        timeout_seconds=FIRST_TIMEOUT_SECONDS,
        load_limit=None,
        reserved_seconds=seconds,
    )
    return Plan(frame=frame, studies={NAME: study})


def _suite(options: argparse.Namespace) -> Contender:
    """Make the row of the suite; its environment is what every trial inherits and --env adds."""
    return Contender(
        id="suite",
        title="suite",
        style="other",
        record="",
        directory=sides.below_here(options.cwd or Path()),
        pytest_args=tuple(options.pytest_args),
        environment=dict(sides.variable(text) for text in options.env),
        plugins=None,
        python=options.python,
        dependency_set=None,
        backends=(options.backend or NO_BACKEND,),
        twins=None,
    )


def _manifest(options: argparse.Namespace, planned: Plan, ready: Prepared, *, reports: Path, run_id: str) -> Manifest:
    """Write down what the journal does not hold."""
    suite = planned.frame.contenders[0]
    asked = Question(
        config=_config(planned),
        reports=reports,
        claims_path=None,
        claims_text="",
        server=asking.server_of(options.database_url),
    )
    made = measuring.new_manifest(asked, planned, ready, run_id=run_id, command=_command(options, planned))
    return replace(made, probe=str(PROBE)) if Path(suite.directory).is_absolute() else made


def _config(planned: Plan) -> Config:
    return without_a_file(
        Path.cwd(), planned.frame.contenders, margin=MARGIN, alpha=ALPHA, timeout_seconds=FIRST_TIMEOUT_SECONDS
    )


def _command(options: argparse.Namespace, planned: Plan) -> str:
    """Return the command line that makes the same search again, from the folder that it was begun in."""
    suite, study = planned.frame.contenders[0], planned.studies[NAME]
    words = [
        f"{program.name()} flakes",
        f"--python {shlex.quote(str(suite.python))}",
        f"--cwd {shlex.quote(suite.directory)}" if suite.directory != "." else "",
        f"--seed {planned.frame.seed} --suite-runs {study.suite_runs} --jobs {study.jobs}",
        f"--budget {planned.frame.budget_seconds:g}s",
        f"--until {study.until:g}" if study.until else "",
        "--copy" if study.copies else "",
        *(f"--env {shlex.quote(f'{name}={text}')}" for name, text in suite.environment.items()),
        f"--backend {suite.backends[0]}" if suite.backends != (NO_BACKEND,) else "",
        *_places(options),
        "-- " + shlex.join(suite.pytest_args) if suite.pytest_args else "",
    ]
    return " ".join(filter(None, words))


def _places(options: argparse.Namespace) -> list[str]:
    """Return the options that say where things are."""
    return [
        f"--config {shlex.quote(str(options.config))}" if str(options.config) != "pyproject.toml" else "",
        f"--reports {shlex.quote(str(options.reports))}" if options.reports else "",
        "--database-url ..." if options.database_url else "",
    ]


def _resume(options: argparse.Namespace, run_id: str) -> str:
    return " ".join(filter(None, [f"{program.name()} flakes --resume {run_id}", *_places(options)]))


def _begun(options: argparse.Namespace, reports: Path) -> RunFolder:
    """Find the search that is to go on, the newest without a name; raise RunError for a run of another command."""
    given = [name for name in CHOSEN if getattr(options, name) not in (None, "", [], False)]
    if given:
        raise ConfigurationError(
            f"--{given[0].replace('_', '-')} cannot be changed for a search that was begun",
            cause="its plan was written down before its first trial",
            hint="leave it out, or search anew without --resume",
        )
    searches = [run for run in run_folder.listing(reports) if run.endswith(f"-{PROFILE}")]
    found = run_folder.find(reports, options.resume or (searches[-1] if searches else None))
    if found.read_manifest().plan.frame.profile != PROFILE:
        raise RunError(
            f"the run {found.path.name} is no search of `flakes`",
            cause="it was begun by another command",
            hint=f"nox -s bench -- --resume {found.path.name}",
        )
    return found
