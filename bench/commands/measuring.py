"""What commands that measure share: the manifest, the campaign, the exit code."""

import hashlib
import math
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

import bench
from bench import program
from bench.campaign import loop as campaign
from bench.campaign.loop import Execute
from bench.campaign.plan import Plan
from bench.campaign.progress import TrialProgress
from bench.claims import file as claims
from bench.commands.asking import Question, resume_command
from bench.configuration.config import Config
from bench.errors import ExitCode, RunError, StorageError
from bench.flakiness import ledger, replay
from bench.judgement.finding import Decision
from bench.model import Trial, TrialSpec
from bench.report.live import live_page
from bench.running import machine
from bench.running.environments import SubjectEnvironment
from bench.running.preparation import Prepared
from bench.running.trial import PROBE
from bench.storage import checkout, noise_floor
from bench.storage.files import json_bytes
from bench.storage.journal import Journal
from bench.storage.run_folder import DependencySet, Manifest, RunFolder, Status
from bench.terminal import Terminal

SECONDS_BETWEEN_PAGES = 20.0


def new_manifest(asked: Question, planned: Plan, ready: Prepared, *, run_id: str, command: str) -> Manifest:
    """Write down all that the journal will not tell; earlier A/A checks and flakiness trials are those known now."""
    sets = {_set_name(name, subject): dependency_set(subject) for name, subject in ready.subjects.items()}
    return Manifest(
        run_id=run_id,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        status="running",
        plan=planned,
        plan_hash=planned.hash,
        claims_file="" if asked.claims_path is None else asked.claims_path.name,
        claims_text=asked.claims_text,
        claims_hash=claims.hash_of(asked.claims_text),
        dependency_sets=sets,
        noise_floor=noise_floor.read(asked.reports),
        probe=replay.relative(PROBE, start=asked.config.root),
        earlier_trials=ledger.read(asked.reports, code=_code(asked.config, planned, sets)),
        machine=dict(machine.fingerprint()) | ({"PostgreSQL": ready.server_version} if ready.server_version else {}),
        harness_version=bench.__version__,
        revision=checkout.revision(Path(bench.__file__).parent),
        command=command,
        program=program.name(),
        server=asked.server,
    )


def _code(found: Config, planned: Plan, sets: Mapping[str, DependencySet]) -> str:
    """Name what is measured, suites and packages: trials of equal names may be added up.

    The suites' code is that of the folders in which they run, which may be other checkouts than the configuration's.
    """
    folders = dict.fromkeys([found.root, *(found.root / contender.directory for contender in planned.frame.contenders)])
    packages = json_bytes("sets/1", {name: msgspec.to_builtins(each) for name, each in sets.items()})
    names = dict.fromkeys(checkout.code(folder) for folder in folders)
    return "+".join([*names, hashlib.sha256(packages).hexdigest()[:16]])


def _set_name(contender: str, found: SubjectEnvironment) -> str:
    return found.dependency_set if found.text else f"own ({contender})"


def dependency_set(found: SubjectEnvironment) -> DependencySet:
    """Write down an environment as it is: the text it was made from and what landed."""
    return DependencySet(
        text=found.text, sha256=found.sha256, python=found.python_version, packages=dict(found.packages)
    )


def check_same(before: Manifest, now: Manifest, terminal: Terminal) -> None:
    """Refuse to mix trials of different things in one journal; say what merely differs."""
    for name, found in now.dependency_sets.items():
        earlier = before.dependency_sets.get(name)
        if earlier is None or replace(earlier, text="") != replace(found, text=""):
            raise RunError(
                f"the run {before.run_id} was measured with another dependency set {name!r}",
                cause="its packages or its Python have changed since; one journal never mixes two sets",
                hint="restore locks/ as it was, or start a new run without --resume",
            )
    if before.server != now.server:
        raise RunError(
            f"the run {before.run_id} was measured on another database server",
            cause=f"it began on {before.server or 'the embedded server'}, now it is {now.server or 'the embedded one'}",
            hint=f"{resume_command(before)}"
            + (" --database-url postgresql://USER:PASSWORD@" + before.server + "/DATABASE" if before.server else ""),
        )
    machines = [{**manifest.machine, "load at start": ""} for manifest in (before, now)]
    if machines[0] != machines[1]:
        terminal.notice("note: the machine is not the one that the run began on, or it has changed")
    if before.revision != now.revision:
        terminal.notice(f"note: the run began at revision {before.revision}, now it is {now.revision}")


def measure(planned: Plan, folder: RunFolder, execute: Execute, terminal: Terminal) -> bool:
    """Run the campaign into the folder's journal; return True if the user interrupted it."""
    status: Status = "interrupted"
    with Journal(folder.journal) as journal:
        folder.set_status("running")
        if journal.notice:
            terminal.notice(f"note: {journal.notice}")
        try:
            live = LivePage(planned, folder)
            live.write(journal.trials, due="")
            with TrialProgress(terminal, planned, done=journal.trials) as progress:

                def watch(spec: TrialSpec, trial: Trial) -> None:
                    progress.watch(spec, trial)
                    live.write(journal.trials, due=progress.due)

                campaign.run(planned, journal, execute=execute, watch=watch)
            status = "complete"
        except KeyboardInterrupt:
            terminal.notice(f"interrupted; {len(journal.trials)} trials are kept. Continue with:")
            terminal.notice(f"  {resume_command(folder.read_manifest())}")
        finally:
            with suppress(StorageError):  # on a full disk, what stopped the campaign is the better sentence
                folder.set_status(status)
    return status == "interrupted"


class LivePage:
    """The page of a run that goes on, written between trials and not more often than it is read."""

    def __init__(self, planned: Plan, folder: RunFolder) -> None:
        """Name what is measured; a page that cannot be written stops nothing."""
        self._planned = planned
        self._folder = folder
        self._resume = resume_command(folder.read_manifest())
        self._written = -math.inf

    def write(self, trials: Sequence[Trial], *, due: str) -> None:
        """Write the page, unless that was a moment ago."""
        if time.monotonic() - self._written < SECONDS_BETWEEN_PAGES:
            return
        self._written = time.monotonic()
        at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        page = live_page(self._planned, trials, run_id=self._folder.path.name, at=at, resume=self._resume, due=due)
        with suppress(StorageError):
            self._folder.write_files({"report.html": page})


@contextmanager
def interruptible() -> Iterator[None]:
    """Treat a request to terminate as Ctrl-C: keep what was measured and clean up."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def exit_code(
    decision: Decision, invalid_because: Sequence[str], *, interrupted: bool, fail_on: frozenset[str]
) -> ExitCode:
    """Say what a run is worth to its caller."""
    if interrupted:
        return ExitCode.INTERRUPTED
    if invalid_because:
        return ExitCode.UNFIT
    if decision.value in fail_on:
        return ExitCode.CHALLENGED if decision is Decision.CHALLENGED else ExitCode.UNDETERMINED
    return ExitCode.JUDGED
