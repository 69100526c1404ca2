"""`python -m bench blame`: which package changed it?"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import msgspec

from bench.analysis import analyse
from bench.campaign import planning
from bench.campaign.frame import Frame
from bench.campaign.plan import Plan
from bench.claims.claim import Claim
from bench.commands import asking, measuring
from bench.commands.blame_foreign import foreign_config, foreign_sets
from bench.commands.blame_foreign import wanted as foreign_wanted
from bench.commands.blame_page import page
from bench.commands.blame_setup import Place, placed, studied
from bench.commands.upgrade import chosen_upgrade, landed
from bench.configuration import config
from bench.configuration.config import Config
from bench.dependency_sets.group import requirements
from bench.dependency_sets.locked import LockedSet
from bench.dependency_sets.trials import SetRunner
from bench.errors import DependencySetError, ExitCode, RunError
from bench.experiments.blame.finding import SCHEMA, BlameFindings
from bench.experiments.blame.page import headline, markdown
from bench.experiments.blame.reading import stage_of
from bench.experiments.blame.sets import locked
from bench.experiments.blame.study import NAME, Study
from bench.model import TrialSpec
from bench.running.preparation import Prepared
from bench.storage import journal, run_folder
from bench.storage.files import json_bytes
from bench.storage.run_folder import Manifest, RunFolder
from bench.terminal import Terminal

BUDGET_SECONDS = 3600.0


def main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Search for the packages that changed what is asked about, and write the answer with its bound."""
    with measuring.interruptible():
        return _main(options, terminal)


def _main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    is_foreign = options.pytest is not None or not options.config.exists()
    found = foreign_config(options) if is_foreign else config.read(options.config)
    asked, stated = asking.question(options, found)
    resumed = None if options.resume is None else run_folder.find(asked.reports, options.resume or None)
    begun = None if resumed is None else _begun(resumed, options)
    frame = _frame(options, found) if begun is None else begun.plan.frame
    before, after = _sets(options, found, terminal) if begun is None else _sets_of(begun)
    folder: list[RunFolder] = [resumed] if resumed else []

    def record(each: LockedSet) -> None:
        for written in folder:
            written.write_files({f"locks/{each.name}.txt": each.text.encode()})

    with placed(
        before,
        after,
        found=found,
        frame=frame,
        record=record,
        database_url=options.database_url,
        notify=terminal.notice,
    ) as place:
        planned = (
            begun.plan if begun else _plan(options, place, found=found, frame=frame, stated=stated, terminal=terminal)
        )
        run_id = resumed.path.name if resumed else f"{datetime.now(UTC):%Y%m%d-%H%M%S}-blame"
        terminal.announce(planned, run_id=run_id)
        if options.dry_run:
            terminal.document({"schema": "plan/2", "run": run_id, "hash": planned.hash, "studies": [NAME]})
            return ExitCode.JUDGED
        runner = _runner(planned.studies[NAME], place)
        manifest = _manifest(asked, planned, place, runner, run_id=run_id)
        if begun:
            measuring.check_same(begun, manifest, terminal)
        else:
            folder.append(run_folder.create(asked.reports, manifest))
            record(before)
            record(after)
        interrupted = measuring.measure(planned, folder[0], runner, terminal)
    return _conclude(folder[0], terminal, interrupted=interrupted)


def _frame(options: argparse.Namespace, found: Config) -> Frame:
    row = found.revalidate
    usual = list(row.contenders) or [found.baseline]
    made = planning.make(
        found,
        profile="full",
        seed=time.time_ns() % 2**31 if options.seed is None else options.seed,
        backends=options.backend or row.backends,
        contenders=options.contender or usual,
        budget_seconds=options.budget or BUDGET_SECONDS,
        load_limit=options.load_limit,
    )
    return replace(made.frame, profile=NAME, reserved_seconds=0.0, not_compared=())


def _sets(options: argparse.Namespace, found: Config, terminal: Terminal) -> tuple[LockedSet, LockedSet]:
    if options.pytest is not None:
        return foreign_sets(options, found, terminal)
    upgrade = chosen_upgrade(options, found, terminal)
    if upgrade.failures:
        failed = next(iter(upgrade.failures.values()))
        raise DependencySetError(
            "one of the two sets has no solution", cause=failed.message, hint="choose another with --from or --to"
        )
    return upgrade.sets[upgrade.before], upgrade.sets[upgrade.after]


def _begun(folder: RunFolder, options: argparse.Namespace) -> Manifest:
    """Read the manifest of a run that is continued; raise RunError for one of another command."""
    manifest = folder.read_manifest()
    if NAME not in manifest.plan.studies:
        raise RunError(
            f"the run {manifest.run_id} was begun by another command",
            cause="it searches for no package",
            hint=asking.resume_command(manifest),
        )
    asking.resumed_plan(folder, options)
    return manifest


def _sets_of(manifest: Manifest) -> tuple[LockedSet, LockedSet]:
    study: Study = manifest.plan.studies[NAME]
    before, after = (LockedSet(name=n, text=manifest.dependency_sets[n].text) for n in (study.before, study.after))
    return before, after


def _plan(
    options: argparse.Namespace,
    place: Place,
    *,
    found: Config,
    frame: Frame,
    stated: Sequence[Claim],
    terminal: Terminal,
) -> Plan:
    wanted = foreign_wanted(options) if options.pytest is not None else _wanted(found)
    study = studied(place, found=found, frame=frame, stated=stated, options=options, wanted=wanted, terminal=terminal)
    return Plan(frame=frame, studies={NAME: study})


def _wanted(found: Config) -> tuple[str, ...]:
    return requirements(found.root, found.revalidate.group)


def _runner(study: Study, place: Place) -> SetRunner:
    chain = study.chain

    def set_of(spec: TrialSpec) -> LockedSet:
        return locked(study, chain, stage_of(spec), before=place.before, after=place.after)

    return SetRunner(place.store, set_of=set_of, runner=place.runner)


def _manifest(asked: asking.Question, planned: Plan, place: Place, runner: SetRunner, *, run_id: str) -> Manifest:
    ready = Prepared(runner=runner, subjects=place.built, server_version=place.server_version)
    manifest = measuring.new_manifest(asked, planned, ready, run_id=run_id, command="")
    sets = {each.name: landed(each, place.built[each.name]) for each in (place.before, place.after)}
    return replace(manifest, dependency_sets=sets)


def _conclude(folder: RunFolder, terminal: Terminal, *, interrupted: bool) -> ExitCode:
    """Write and print the answers."""
    trials, _ = journal.read(folder.journal)
    findings = analyse(folder.read_manifest(), trials)
    blame = findings.of(BlameFindings)
    if blame is None:
        raise RunError(
            f"the trials of {folder.path.name} cannot be analysed",
            cause=findings.failed_analyses.get(NAME, "no trial was read"),
            hint="report this with the run's folder",
        )
    code = _exit_code(blame, interrupted=interrupted)
    document = {"run": folder.path.name, **msgspec.to_builtins(blame)}
    folder.write_files(
        {
            "blame.json": json_bytes(SCHEMA, document),
            "summary.md": f"## {headline(blame)}\n\n{markdown(blame)}\n".encode(),
            "report.html": page(blame, run=findings.run),
        }
    )
    for each in blame.questions:
        terminal.result(each.sentence)
        for command in each.commands:
            terminal.result(f"  {command.purpose}: {command.command}")
        for note in each.notes:
            terminal.result(f"  note: {note}")
    terminal.result(f"report: {(folder.path / 'report.html').resolve().as_uri()}")
    terminal.result(f"exit code {code.value}: {code.meaning}")
    terminal.document({"schema": SCHEMA, "exit_code": int(code), **document})
    return code


def _exit_code(blame: BlameFindings, *, interrupted: bool) -> ExitCode:
    if interrupted:
        return ExitCode.INTERRUPTED
    if any(each.leads_to_doubt for each in blame.questions):
        return ExitCode.UNDETERMINED
    return ExitCode.UNFIT if any(each.blame == "invalid" for each in blame.questions) else ExitCode.JUDGED
