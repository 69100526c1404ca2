"""What commands that measure share: the plan of a run that is continued, its manifest, its campaign, its exit code."""

import argparse
import hashlib
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

import bench
from bench.campaign import loop as campaign
from bench.campaign.loop import Execute
from bench.campaign.plan import Plan
from bench.campaign.progress import TrialProgress
from bench.claims import file as claims
from bench.claims.claim import Claim
from bench.configuration.config import Config
from bench.errors import ConfigurationError, ExitCode, RunError, StorageError
from bench.flakiness import ledger, replay
from bench.judgement.finding import Decision
from bench.running import machine
from bench.running.environments import SubjectEnvironment
from bench.running.preparation import Prepared
from bench.running.trial import PROBE
from bench.storage import checkout, noise_floor
from bench.storage.files import json_bytes
from bench.storage.journal import Journal
from bench.storage.run_folder import DependencySet, Manifest, RunFolder, Status
from bench.terminal import Terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked and where the answers go: a checked configuration, the claims, the folder of all runs."""

    config: Config
    reports: Path
    claims_path: Path | None
    claims_text: str
    server: str = ""


def question(options: argparse.Namespace, found: Config) -> tuple[Question, tuple[Claim, ...]]:
    """Read the claims that the options name, else those of the configuration."""
    path = options.claims or found.claims
    text, stated = claims.read(path, contenders=found.names)
    reports = options.reports or found.root / "reports"
    server = server_of(options.database_url)
    return Question(config=found, reports=reports, claims_path=path, claims_text=text, server=server), stated


def server_of(database_url: str | None) -> str:
    """Name a database server without its password; '' for the embedded one."""
    if not database_url:
        return ""
    parts = urlsplit(database_url)
    return f"{parts.hostname or 'localhost'}:{parts.port or 5432}"


def fail_on(text: str) -> frozenset[str]:
    """Read the decisions of --fail-on; raise ConfigurationError for any other word."""
    words = frozenset(filter(None, (word.strip() for word in text.split(","))))
    unknown = words - {Decision.CHALLENGED.value, Decision.UNDETERMINED.value}
    if unknown:
        raise ConfigurationError(
            f"--fail-on does not know {min(unknown)!r}", hint="use challenged, undetermined, or both with a comma"
        )
    return words


FIXED = (
    "claims",
    "profile",
    "budget",
    "backend",
    "contender",
    "dependency_set",
    "seed",
    "load_limit",
    "from",
    "to",
    "upgrade",
)


def resumed_plan(resumed: RunFolder, options: argparse.Namespace, *, revalidates: bool = False) -> Plan:
    """Give the plan that a run was begun with; raise if it was edited since, or if the options ask for another."""
    given = [name for name in FIXED if getattr(options, name, None) not in (None, [])]
    if given:
        raise ConfigurationError(
            f"--{given[0].replace('_', '-')} cannot be changed for a run that was begun",
            cause=f"the plan of {resumed.path.name} was written down before its first trial",
            hint="leave the option out, or start a new run without --resume",
        )
    manifest = resumed.read_manifest()
    if (manifest.revalidation is not None) != revalidates:
        session = "bench" if revalidates else "revalidate"
        raise RunError(
            f"the run {manifest.run_id} was begun by another command",
            cause="a re-validation runs two dependency sets, a bench one",
            hint=f"nox -s {session} -- --resume {manifest.run_id}",
        )
    if ("blame" in manifest.plan.studies) != (options.command == "blame"):
        raise RunError(
            f"the run {manifest.run_id} was begun by another command",
            cause="only blame builds the sets between two",
            hint=resume_command(manifest),
        )
    if manifest.plan.hash != manifest.plan_hash:
        raise RunError(
            f"the plan of the run {manifest.run_id} was changed after it was begun",
            cause=f"its hash is {manifest.plan.hash[:12]}, the manifest says {manifest.plan_hash[:12]}",
            hint="restore manifest.json, or start a new run without --resume",
        )
    return manifest.plan


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


def resume_command(manifest: Manifest) -> str:
    """Return the command that continues a run, as it has to be typed."""
    if "blame" in manifest.plan.studies:
        return f"nox -s blame -- --resume {manifest.run_id}"
    session = "bench" if manifest.revalidation is None else "revalidate"
    return f"nox -s {session} -- --resume {manifest.run_id}"


def measure(planned: Plan, folder: RunFolder, execute: Execute, terminal: Terminal, *, session: str) -> bool:
    """Run the campaign into the folder's journal; return True if the user interrupted it."""
    status: Status = "interrupted"
    with Journal(folder.journal) as journal:
        folder.set_status("running")
        if journal.notice:
            terminal.notice(f"note: {journal.notice}")
        try:
            with TrialProgress(terminal, planned, done=journal.trials) as progress:
                campaign.run(planned, journal, execute=execute, watch=progress.watch)
            status = "complete"
        except KeyboardInterrupt:
            terminal.notice(f"interrupted; {len(journal.trials)} trials are kept. Continue with:")
            terminal.notice(f"  nox -s {session} -- --resume {folder.path.name}")
        finally:
            with suppress(StorageError):  # on a full disk, what stopped the campaign is the better sentence
                folder.set_status(status)
    return status == "interrupted"


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
