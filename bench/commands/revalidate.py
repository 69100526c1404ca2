"""`python -m bench revalidate`: does the decision survive the upgrade, and if not, what changed it?"""

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bench.campaign import planning
from bench.campaign.plan import Plan
from bench.campaign.profiles import PROFILES
from bench.claims.claim import Claim
from bench.commands import asking, judging, measuring
from bench.commands.judging import Written
from bench.commands.upgrade import Upgrade, chosen_upgrade, installed, landed, record, resumed_upgrade
from bench.configuration import config
from bench.configuration.config import Config
from bench.errors import ConfigurationError, DependencySetError, ExitCode
from bench.flakiness import ledger
from bench.model import BACKEND_TITLES, Contender
from bench.paired.finding import ComparisonFinding
from bench.revalidation import Revalidation, difference
from bench.revalidation.findings import Transition
from bench.running.preparation import prepared_sets
from bench.storage import history, noise_floor, run_folder
from bench.storage.run_folder import DependencySet, Manifest, RunFolder
from bench.terminal import Terminal

MOST_PACKAGES = 60
NOT_KEPT = ("smoke",)  # it has no interval, and the history is for numbers


def main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Measure both dependency sets interleaved, write the report, add a line to the history."""
    with measuring.interruptible():
        return _main(options, terminal)


def _main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    fail_on = asking.fail_on(options.fail_on)
    if options.blame and options.json:
        raise ConfigurationError(
            "--json prints one document, and --blame makes a second run with one of its own",
            hint="leave out --blame, and ask afterwards: python -m bench blame --json --from SET --to SET",
        )
    asked, stated = asking.question(options, config.read(options.config))
    resumed = None if options.resume is None else run_folder.find(asked.reports, options.resume or None)
    planned = asking.resumed_plan(resumed, options, revalidates=True) if resumed else None
    upgrade = resumed_upgrade(resumed) if resumed else chosen_upgrade(options, asked.config, terminal)
    if upgrade.changes_nothing:
        return _nothing_changed(upgrade, terminal)
    upgrade, built = installed(upgrade, asked.config, terminal, again=resumed is not None)
    planned = planned or _plan(options, asked.config, stated, list(built), upgrade)
    run_id = resumed.path.name if resumed else f"{datetime.now(UTC):%Y%m%d-%H%M%S}-revalidate-{planned.frame.profile}"
    sets = {name: landed(lock, built.get(name)) for name, lock in upgrade.sets.items()}
    _tell(upgrade, sets, terminal)
    terminal.announce(planned, run_id=run_id)
    _tell_choice(options, planned, terminal)
    if options.dry_run:
        terminal.document({"schema": "plan/2", "run": run_id, "hash": planned.hash, "studies": list(planned.studies)})
        return ExitCode.JUDGED
    with prepared_sets(planned, asked.config, built, database_url=options.database_url) as ready:
        manifest = replace(
            measuring.new_manifest(asked, planned, ready, run_id=run_id, command=""),
            dependency_sets=sets,
            revalidation=record(upgrade, history.read(asked.reports)),
        )
        if resumed:
            measuring.check_same(resumed.read_manifest(), manifest, terminal)
        folder = resumed or _create(asked, manifest)
        interrupted = measuring.measure(planned, folder, ready.runner, terminal)
    written = judging.write(folder, terminal)
    _keep(asked, written, folder)
    decision = written.results.decision.decision
    code = measuring.exit_code(decision, written.unfit_because, interrupted=interrupted, fail_on=fail_on)
    judging.conclude(written, folder, code, terminal)
    if options.blame and not interrupted and written.revalidation is not None:
        _blame(options, written.revalidation, folder, terminal)
    return code


def _blame(options: argparse.Namespace, found: Revalidation, folder: RunFolder, terminal: Terminal) -> None:
    """Ask which package changed what flipped, newly fails or takes another time; a run and a budget of its own."""
    flipped = [claim.id for claim in found.claims if claim.transition in (Transition.FLIPPED, Transition.NEWLY_BROKEN)]
    is_new = any(problem.standing == "new" for problem in found.problems)
    is_changed = any(change.words.startswith("changed") for change in found.changes)
    if not (flipped or is_new or is_changed):
        terminal.result("nothing flipped, newly fails or takes another time: there is nothing to blame a package for")
        return
    from bench.commands import blame  # noqa: PLC0415 - only where it is asked for

    locks = {name: str(folder.path / "locks" / f"{name}.txt") for name in (found.before_set.name, found.after_set.name)}
    asked = {
        "command": "blame",
        "from": locks[found.before_set.name],
        "to": locks[found.after_set.name],
        "upgrade": [],
        "resume": None,
        "budget": None,
        "profile": None,
        # A claim by its id; a time or a test that newly fails is found without being named.
        "what": flipped if not (is_new or is_changed) else [],
        "threshold": None,
        "pytest": None,
        "env": [],
    }
    blame.main(argparse.Namespace(**{**vars(options), **asked}), terminal)


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
    movable = _movable(options, found)
    profile = options.profile or "standard"
    _check(profile, names, upgrade)
    is_full = profile == "full"
    everywhere = [row.id for row in movable if planning.compared_on(row, "standard")]
    usual = everywhere if is_full else found.revalidate.contenders or everywhere
    contenders = options.contender or list(usual)
    return planning.make(
        found,
        profile=profile,
        seed=time.time_ns() % 2**31 if options.seed is None else options.seed,
        backends=options.backend or (() if is_full else found.revalidate.backends),
        contenders=contenders,
        budget_seconds=options.budget,
        load_limit=options.load_limit,
        claims=[claim for claim in stated if {*claim.names} <= {*contenders}],
        dependency_sets=[name for name in (upgrade.before, upgrade.after) if name in names],
    )


def _check(profile: str, names: Sequence[str], upgrade: Upgrade) -> None:
    """Raise for a re-validation that could compare nothing."""
    if not names:
        raise DependencySetError(
            "neither dependency set can be measured",
            cause="; ".join(failure.message for failure in upgrade.failures.values()),
            hint="compare sets of which at least one installs",
        )
    if PROFILES.get(profile) and PROFILES[profile].only:
        raise ConfigurationError(
            f"the profile {profile!r} is not for a re-validation",
            cause="it compares no contenders with each other",
            hint="use smoke, quick, standard or full",
        )


def _movable(options: argparse.Namespace, found: Config) -> list[Contender]:
    """Give the contenders that run on a dependency set; raise if there is none, or if another one is asked for."""
    movable = [row for row in found.contenders if row.dependency_set is not None]
    fixed = [row.id for row in found.contenders if row not in movable]
    refused = [name for name in options.contender if name in fixed]
    if refused or not movable:
        raise ConfigurationError(
            f"the contender {refused[0]!r} cannot be re-validated" if refused else "no contender can be re-validated",
            cause="it runs on an interpreter of its own, and on no dependency set",
            hint='give it dependency_set = "current" and a lock of that name under locks/',
        )
    return movable


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
    if not options.contender and not options.backend and planned.frame.profile != "full":
        backends = " and ".join(BACKEND_TITLES[name] for name in planned.frame.backends)
        terminal.notice(
            f"  only these contenders, on {backends}: each runs under both sets, and fewer cells give more blocks "
            "(--contender, --backend or --profile full take others)"
        )


def _create(asked: asking.Question, manifest: Manifest) -> RunFolder:
    """Make the run's folder, with each set as a file that can be installed or given to --from and --to."""
    folder = run_folder.create(asked.reports, manifest)
    folder.write_files({f"locks/{name}.txt": found.text.encode() for name, found in manifest.dependency_sets.items()})
    return folder


def _keep(asked: asking.Question, written: Written, folder: RunFolder) -> None:
    """Add a finished run to the ledgers and, if its numbers count, to the history."""
    found = written.revalidation
    assert found is not None, "the manifest is that of a re-validation"
    if found.after.run.status != "complete":
        return
    noise_floor.append(asked.reports, found.after.run.run_id, _noise_floor(found))
    code = folder.read_manifest().earlier_trials.code
    searches = [each.flakiness for each in (found.before, found.after) if each.flakiness is not None]
    ledger.append(asked.reports, found.after.run.run_id, searches, code=code, seed=found.after.run.seed)
    if found.after.run.profile not in NOT_KEPT and not found.unfit_because:
        history.append(asked.reports, found.history[-1])


def _noise_floor(found: Revalidation) -> list[ComparisonFinding]:
    """Give each A/A comparison once; the analyses of both sets hold it."""
    both = (*found.before.comparisons, *found.after.comparisons)
    return list({comparison.id: comparison for comparison in both if comparison.is_noise_floor}.values())
