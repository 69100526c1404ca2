"""`python -m bench revalidate`: does the decision survive the upgrade, and if not, what changed it?"""

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bench import plan
from bench.commands import measuring, report
from bench.commands.report import Written
from bench.configuration import claims, config
from bench.configuration.claims import Claim
from bench.configuration.config import Config
from bench.dependency_sets import LockedSet, Resolver, choose, install, upgraded
from bench.dependency_sets.names import RESOLVED
from bench.errors import ConfigurationError, DependencySetError, ExitCode, UnresolvableError
from bench.findings import ComparisonFinding
from bench.flakiness import ledger
from bench.model import BACKEND_TITLES
from bench.plan import Plan
from bench.records import history, noise_floor, run_folder
from bench.records.run_folder import DependencySet, Manifest, RevalidationRecord, RunFolder, SetFailure
from bench.revalidation import Revalidation, difference
from bench.running import environments
from bench.running.environments import SubjectEnvironment
from bench.running.preparation import prepared_sets
from bench.terminal import Terminal

MOST_PACKAGES = 60
NOT_KEPT = ("smoke",)  # it has no interval, and the history is for numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """The two sets by name, their pins where they resolve, and why the others do not."""

    before: str
    after: str
    sets: Mapping[str, LockedSet]
    failures: Mapping[str, SetFailure]

    @property
    def changes_nothing(self) -> bool:
        """Tell whether both sets hold the same packages."""
        found = list(self.sets.values())
        return len(found) == 2 and found[0].holds_the_same_as(found[1])


def main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Measure both dependency sets interleaved, write the report, add a line to the history."""
    with measuring.interruptible():
        return _main(options, terminal)


def _main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    fail_on = measuring.fail_on(options.fail_on)
    asked, stated = measuring.question(options, config.read(options.config))
    resumed = None if options.resume is None else run_folder.find(asked.reports, options.resume or None)
    planned = measuring.resumed_plan(resumed, options, revalidates=True) if resumed else None
    upgrade = _resumed(resumed) if resumed else _chosen(options, asked.config, terminal)
    if upgrade.changes_nothing:
        return _nothing_changed(upgrade, terminal)
    built = install(
        [lock for name, lock in upgrade.sets.items() if name not in upgrade.failures],
        cache=asked.config.cache,
        notify=terminal.notice,
    )
    failures = {name: SetFailure(stage="install", message=words) for name, words in built.failures.items()}
    upgrade = replace(upgrade, failures={**upgrade.failures, **failures})
    planned = planned or _plan(options, asked.config, stated, list(built.environments), upgrade)
    run_id = resumed.path.name if resumed else f"{datetime.now(UTC):%Y%m%d-%H%M%S}-revalidate-{planned.profile}"
    sets = {name: _landed(lock, built.environments.get(name)) for name, lock in upgrade.sets.items()}
    _tell(upgrade, sets, terminal)
    terminal.announce(planned, run_id=run_id, seconds_at_most=planned.budget_seconds)
    _tell_choice(options, planned, terminal)
    if options.dry_run:
        terminal.document({"schema": "plan/1", "run": run_id, "hash": planned.hash, "looks": list(planned.looks)})
        return ExitCode.JUDGED
    with prepared_sets(planned, asked.config, built.environments, database_url=options.database_url) as ready:
        manifest = replace(
            measuring.new_manifest(asked, planned, ready, run_id=run_id),
            dependency_sets=sets,
            revalidation=_record(upgrade, history.read(asked.reports)),
        )
        if resumed:
            measuring.check_same(resumed.read_manifest(), manifest, terminal)
        folder = resumed or _create(asked, manifest)
        interrupted = measuring.measure(planned, folder, ready.runner, terminal, session="revalidate")
    written = report.write(folder, terminal)
    _keep(asked, written, folder)
    decision = written.analysis.decision.decision
    code = measuring.exit_code(decision, written.unfit_because, interrupted=interrupted, fail_on=fail_on)
    report.conclude(written, folder, code, terminal)
    return code


def _chosen(options: argparse.Namespace, found: Config, terminal: Terminal) -> Upgrade:
    """Resolve both sets; one that is ours to name and has no solution is an answer, what the user wrote an error."""
    if options.upgrade and options.to:
        raise ConfigurationError(
            "--to and --upgrade cannot be given together",
            cause="--upgrade changes single packages of the earlier set",
            hint="leave one of them out",
        )
    resolve = Resolver(root=found.root, cache=found.resolutions, notify=terminal.notice)
    names = getattr(options, "from") or "current", options.to or "latest"
    failures: dict[str, SetFailure] = {}

    def chosen(name: str, base: LockedSet | None) -> LockedSet | None:
        try:
            return choose(name, config=found, resolve=resolve, base=base)
        except UnresolvableError as error:
            if name not in RESOLVED:
                raise
            failures[name] = SetFailure(stage="resolve", message=f"{error}: {error.cause}")
            return None

    before = chosen(names[0], None)
    if options.upgrade and before is not None:
        after: LockedSet | None = upgraded(before, options.upgrade, config=found, resolve=resolve)
    else:
        after = chosen(names[1], before)
    return Upgrade(
        before=before.name if before else names[0],
        after=after.name if after else names[1],
        sets={lock.name: lock for lock in (before, after) if lock is not None},
        failures=failures,
    )


def _resumed(folder: RunFolder) -> Upgrade:
    """Take both sets as they were when the run began."""
    manifest = folder.read_manifest()
    record = manifest.revalidation
    assert record is not None, "measuring.resumed_plan refuses other runs"
    return Upgrade(
        before=record.before,
        after=record.after,
        sets={name: LockedSet(name=name, text=found.text) for name, found in manifest.dependency_sets.items()},
        failures=record.failures,
    )


def _nothing_changed(upgrade: Upgrade, terminal: Terminal) -> ExitCode:
    days = {name: lock.considered_until for name, lock in upgrade.sets.items()}
    words = f"{upgrade.after} holds the same packages as {upgrade.before}: there is nothing to re-validate"
    terminal.result(words)
    terminal.document({"schema": "revalidation/1", "changed": False, "sets": days, "words": words})
    return ExitCode.JUDGED


def _plan(
    options: argparse.Namespace, found: Config, stated: Sequence[Claim], names: Sequence[str], upgrade: Upgrade
) -> Plan:
    """Plan few cells unless the profile is full: every contender runs twice as often as in a bench."""
    if not names:
        raise DependencySetError(
            "neither dependency set can be measured",
            cause="; ".join(failure.message for failure in upgrade.failures.values()),
            hint="compare sets of which at least one installs",
        )
    movable = [row for row in found.contenders if row.dependency_set is not None]
    if not movable:
        raise ConfigurationError(
            "no contender can be re-validated",
            cause="each names an interpreter of its own, and none a dependency set",
            hint='give contenders dependency_set = "current" and a lock of that name under locks/',
        )
    profile = options.profile or "standard"
    is_full = profile == "full"
    everywhere = [row.id for row in movable if set(row.backends) - set(row.full_only)]
    usual = everywhere if is_full else found.revalidate.contenders or everywhere
    contenders = options.contender or list(usual)
    family = claims.family([claim for claim in stated if {claim.subject, claim.rival} <= {None, *contenders}])
    planned = plan.make(
        found,
        profile=profile,
        seed=time.time_ns() % 2**31 if options.seed is None else options.seed,
        backends=options.backend or (() if is_full else found.revalidate.backends),
        contenders=contenders,
        budget_seconds=options.budget,
        load_limit=options.load_limit,
        comparisons=family.comparisons,
        minimum_blocks=family.minimum_blocks,
    )
    ordered = [name for name in (upgrade.before, upgrade.after) if name in names]
    return plan.across(planned, ordered, flakiness_seconds=planned.flakiness_seconds / 2)


def _landed(lock: LockedSet, found: SubjectEnvironment | None) -> DependencySet:
    """Write down what was locked and what importlib.metadata saw of it; nothing landed of a set that failed."""
    written = measuring.dependency_set(found or environments.absent(lock.name, lock.text))
    return replace(
        written,
        locked=lock.versions_here,
        considered_until=lock.considered_until,
        modules={} if found is None else environments.modules(found),
    )


def _tell(upgrade: Upgrade, sets: Mapping[str, DependencySet], terminal: Terminal) -> None:
    """Print both sets, up to which day releases were considered, and what differs."""
    for name in (upgrade.before, upgrade.after):
        day = sets[name].considered_until if name in sets else ""
        until = f", releases up to {day}" if day else ", releases up to an unknown day"
        failure = upgrade.failures.get(name)
        said = f"{len(sets[name].packages)} packages{until}" if failure is None else failure.message[:300]
        terminal.notice(f"{name}: {said}")
    packages = [
        found.packages or found.locked for found in (sets.get(n) for n in (upgrade.before, upgrade.after)) if found
    ]
    if len(packages) == 2:
        changes = difference(*packages)
        for change in changes[:MOST_PACKAGES]:
            terminal.notice(f"  {change.name}: {change.before or 'none'} -> {change.after or 'none'}")
        if len(changes) > MOST_PACKAGES:
            terminal.notice(f"  ... and {len(changes) - MOST_PACKAGES} more")


def _tell_choice(options: argparse.Namespace, planned: Plan, terminal: Terminal) -> None:
    if not options.contender and not options.backend and planned.profile != "full":
        backends = " and ".join(BACKEND_TITLES[name] for name in planned.backends)
        terminal.notice(
            f"  only these contenders and {backends}: every cell runs under both sets, and fewer give more blocks; "
            "--contender, --backend or --profile full take others"
        )


def _record(upgrade: Upgrade, found: history.History) -> RevalidationRecord:
    """Write down what is compared, and the earlier re-validations without their long lists of versions."""
    lines = tuple(
        replace(line, before=replace(line.before, versions={}), after=replace(line.after, versions={}))
        for line in found.lines
    )
    return RevalidationRecord(
        before=upgrade.before,
        after=upgrade.after,
        failures=upgrade.failures,
        history=replace(found, lines=lines),
    )


def _create(asked: measuring.Question, manifest: Manifest) -> RunFolder:
    """Make the run's folder, with each set as a file that can be installed or given to --from and --to."""
    folder = run_folder.create(asked.reports, manifest)
    folder.write_files({f"locks/{name}.txt": found.text.encode() for name, found in manifest.dependency_sets.items()})
    return folder


def _keep(asked: measuring.Question, written: Written, folder: RunFolder) -> None:
    """Add a finished run to the ledgers and to the history."""
    found = written.revalidation
    assert found is not None, "the manifest is that of a re-validation"
    if found.after.run.status != "complete":
        return
    noise_floor.append(asked.reports, found.after.run.run_id, _noise_floor(found))
    code = folder.read_manifest().earlier_trials.code
    for analysis in (found.before, found.after):
        if analysis.flakiness is not None:
            ledger.append(asked.reports, analysis.run.run_id, analysis.flakiness, code=code)
    if found.after.run.profile not in NOT_KEPT:
        history.append(asked.reports, found.history[-1])


def _noise_floor(found: Revalidation) -> list[ComparisonFinding]:
    """Give each A/A comparison once; the analyses of both sets hold it."""
    both = (*found.before.comparisons, *found.after.comparisons)
    return list({comparison.id: comparison for comparison in both if comparison.is_noise_floor}.values())
