"""`python -m bench run`: configuration, plan, trials, journal, analysis, verdict, report."""

import argparse
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import bench
from bench import campaign, claims, config, machine, noise_floor, plan, run_folder, simplicity
from bench.claims import Claim
from bench.commands import report
from bench.config import Config
from bench.environments import SubjectEnvironment
from bench.errors import ConfigurationError, ExitCode, RunError, StorageError
from bench.findings import Analysis, Decision
from bench.journal import Journal
from bench.noise_floor import NoiseFloorHistory
from bench.plan import Plan
from bench.preparation import Prepared, prepared
from bench.run_folder import DependencySet, Manifest, RunFolder, Status
from bench.simplicity import SuiteCount
from bench.terminal import Terminal, TrialProgress
from bench.trial import Runner


def main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Measure what the options ask for, write the report and return what the data is worth."""
    with _interruptible():
        return _main(options, terminal)


def _main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    challenged_codes = fail_on(options.fail_on)
    found = config.read(options.config).on(options.dependency_set)
    reports = options.reports or found.root / "reports"
    claims_path = options.claims or found.claims
    claims_text, stated = claims.read(claims_path, contenders=found.names)
    resumed = None if options.resume is None else run_folder.find(reports, options.resume or None)
    planned = _plan_of(resumed, options) if resumed else _plan(options, found, stated)
    run_id = resumed.path.name if resumed else _run_id(planned)
    terminal.announce(planned, run_id=run_id, seconds_at_most=planned.budget_seconds)
    if options.dry_run:
        terminal.document({"schema": "plan/1", "run": run_id, "hash": planned.hash, "looks": list(planned.looks)})
        return ExitCode.JUDGED
    with prepared(planned, found, database_url=options.database_url, notify=terminal.notice) as ready:
        written = (claims_path, claims_text)
        history = noise_floor.read(reports)
        manifest = _manifest(planned, ready, written, history, run_id=run_id, found=found)
        if resumed:
            _check_same(resumed.read_manifest(), manifest, terminal)
        folder = resumed or run_folder.create(reports, manifest)
        interrupted = _measure(planned, folder, ready.runner, terminal)
    analysis = report.write(folder, terminal)
    if analysis.run.status == "complete":
        noise_floor.append(reports, run_id, analysis.comparisons)
    code = _code(analysis, interrupted=interrupted, fail_on=challenged_codes)
    report.conclude(analysis, folder, code, terminal)
    return code


def fail_on(text: str) -> frozenset[str]:
    """Read the decisions of --fail-on; raise ConfigurationError for any other word."""
    words = frozenset(filter(None, (word.strip() for word in text.split(","))))
    unknown = words - {Decision.CHALLENGED.value, Decision.UNDETERMINED.value}
    if unknown:
        raise ConfigurationError(
            f"--fail-on does not know {min(unknown)!r}", hint="use challenged, undetermined, or both with a comma"
        )
    return words


def _plan(options: argparse.Namespace, found: Config, stated: Sequence[Claim]) -> Plan:
    family = claims.family(stated)
    return plan.make(
        found,
        profile=options.profile or ("factors" if options.command == "factors" else "standard"),
        seed=time.time_ns() % 2**31 if options.seed is None else options.seed,
        backends=options.backend,
        contenders=options.contender,
        budget_seconds=options.budget,
        load_limit=options.load_limit,
        comparisons=family.comparisons,
        minimum_blocks=family.minimum_blocks,
    )


def _plan_of(resumed: RunFolder, options: argparse.Namespace) -> Plan:
    """Give the plan that a run was begun with; raise if it was edited since, or if the options ask for another."""
    given = [
        name
        for name in ("profile", "budget", "backend", "contender", "dependency_set", "seed", "load_limit")
        if getattr(options, name) not in (None, [])
    ]
    if given:
        raise ConfigurationError(
            f"--{given[0].replace('_', '-')} cannot be changed for a run that was begun",
            cause=f"the plan of {resumed.path.name} was written down before its first trial",
            hint="leave the option out, or start a new run without --resume",
        )
    manifest = resumed.read_manifest()
    if manifest.plan.hash != manifest.plan_hash:
        raise RunError(
            f"the plan of the run {manifest.run_id} was changed after it was begun",
            cause=f"its hash is {manifest.plan.hash[:12]}, the manifest says {manifest.plan_hash[:12]}",
            hint="restore manifest.json, or start a new run without --resume",
        )
    return manifest.plan


def _run_id(planned: Plan) -> str:
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{planned.profile}"


def _manifest(
    planned: Plan,
    ready: Prepared,
    written: tuple[Path | None, str],
    history: NoiseFloorHistory,
    *,
    run_id: str,
    found: Config,
) -> Manifest:
    claims_path, claims_text = written
    return Manifest(
        run_id=run_id,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        status="running",
        plan=planned,
        plan_hash=planned.hash,
        claims_file="" if claims_path is None else claims_path.name,
        claims_text=claims_text,
        claims_hash=claims.hash_of(claims_text),
        dependency_sets={_set_name(name, subject): _set(subject) for name, subject in ready.subjects.items()},
        suites=_counts(found),
        noise_floor=history,
        machine=dict(machine.fingerprint()) | ({"PostgreSQL": ready.server_version} if ready.server_version else {}),
        harness_version=bench.__version__,
        revision=_revision(),
    )


def _counts(found: Config) -> dict[str, SuiteCount]:
    """Count the sources of every contender: that costs nothing, whether it is measured or not."""
    counted = {contender.id: simplicity.count(contender, root=found.root) for contender in found.contenders}
    return {name: found for name, found in counted.items() if found is not None}


def _set_name(contender: str, found: SubjectEnvironment) -> str:
    return found.dependency_set if found.text else f"own ({contender})"


def _set(found: SubjectEnvironment) -> DependencySet:
    return DependencySet(
        text=found.text, sha256=found.sha256, python=found.python_version, packages=dict(found.packages)
    )


def _check_same(before: Manifest, now: Manifest, terminal: Terminal) -> None:
    """Refuse to mix trials of different things in one journal; say what merely differs."""
    for name, found in now.dependency_sets.items():
        earlier = before.dependency_sets.get(name)
        if earlier is None or replace(earlier, text="") != replace(found, text=""):
            raise RunError(
                f"the run {before.run_id} was measured with another dependency set {name!r}",
                cause="its packages or its Python have changed since; one journal never mixes two sets",
                hint="restore locks/ as it was, or start a new run without --resume",
            )
    machines = [{**manifest.machine, "load at start": ""} for manifest in (before, now)]
    if machines[0] != machines[1]:
        terminal.notice("note: the machine is not the one that the run began on, or it has changed")
    if before.revision != now.revision:
        terminal.notice(f"note: the run began at revision {before.revision}, now it is {now.revision}")


def _measure(planned: Plan, folder: RunFolder, runner: Runner, terminal: Terminal) -> bool:
    """Run the campaign into the folder's journal; return True if the user interrupted it."""
    status: Status = "interrupted"
    with Journal(folder.journal) as journal:
        folder.set_status("running")
        if journal.notice:
            terminal.notice(f"note: {journal.notice}")
        try:
            with TrialProgress(terminal, planned, done=journal.trials) as progress:
                campaign.run(planned, journal, execute=runner, watch=progress.watch)
            status = "complete"
        except KeyboardInterrupt:
            terminal.notice(f"interrupted; {len(journal.trials)} trials are kept. Continue with:")
            terminal.notice(f"  nox -s bench -- --resume {folder.path.name}")
        finally:
            with suppress(StorageError):  # on a full disk, what stopped the campaign is the better sentence
                folder.set_status(status)
    return status == "interrupted"


@contextmanager
def _interruptible() -> Iterator[None]:
    """Treat a request to terminate as Ctrl-C: keep what was measured and clean up."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _code(analysis: Analysis, *, interrupted: bool, fail_on: frozenset[str]) -> ExitCode:
    if interrupted:
        return ExitCode.INTERRUPTED
    if analysis.invalid_because:
        return ExitCode.UNFIT
    decision = analysis.decision.decision
    if decision.value in fail_on:
        return ExitCode.CHALLENGED if decision is Decision.CHALLENGED else ExitCode.UNDETERMINED
    return ExitCode.JUDGED


def _revision() -> str:
    """Name the harness's revision and whether it was changed since; 'unknown' outside a checkout."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    try:
        done = subprocess.run(
            command, cwd=Path(bench.__file__).parent, capture_output=True, text=True, check=True, timeout=20
        )
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return done.stdout.strip()
