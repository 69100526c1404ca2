"""Freeze a plan into a file, and measure one machine's part of it."""

import argparse
import hashlib
import re
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import bench
from bench import program
from bench.campaign.frame import Shard
from bench.campaign.plan import Plan
from bench.commands import revisions
from bench.commands.asking import Question, reports_of, server_of
from bench.configuration.config import without_a_file
from bench.errors import ConfigurationError, ExitCode, RunError
from bench.experiments.registry import EXPERIMENTS
from bench.running import environments
from bench.storage import checkout, frozen, run_folder
from bench.storage.frozen import Frozen
from bench.storage.run_folder import RunFolder
from bench.terminal import Terminal


def freeze(
    asked: Question, planned: Plan, options: argparse.Namespace, terminal: Terminal, *, name: str, command: str
) -> ExitCode:
    """Write the plan to the file of --freeze and say how machines measure it."""
    shared = [each for each in planned.studies if EXPERIMENTS[each].shares_blocks]
    if not shared:
        raise ConfigurationError(
            "there is nothing in this plan that machines could share",
            cause=f"only blocks of suites that are compared are shared, and this is for {', '.join(planned.studies)}",
            hint="leave out --freeze",
        )
    with ExitStack() as stack:
        for contender in planned.frame.contenders:
            stack.enter_context(revisions.checked_out(contender))
        code = _code(asked.config.root, planned)
    frozen.write(
        options.freeze,
        Frozen(
            name=name,
            plan=planned,
            claims_file="" if asked.claims_path is None else asked.claims_path.name,
            claims_text=asked.claims_text,
            command=command,
            harness_version=bench.__version__,
            revision=checkout.revision(Path(bench.__file__).parent),
            code=code,
            locks=_locks(asked.config.root, planned),
        ),
    )
    start = f"{program.name()} run --plan {options.freeze} --shard"
    terminal.result(f"written: {options.freeze}")
    terminal.result(f"on each machine: {start} 1/2   (and 2/2: as many as you have)")
    terminal.result(f"then anywhere:   {program.name()} merge reports/{name}-shard-*")
    terminal.document({"schema": "frozen-plan/1", "file": str(options.freeze), "name": name, "hash": planned.hash})
    return ExitCode.JUDGED


def measure(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Measure one shard of a frozen plan; a shard that was begun goes on, one that is done stays as it is."""
    kept = frozen.read(options.plan)
    shard = _shard(options.shard)
    planned = replace(kept.plan, frame=replace(kept.plan.frame, shard=shard))
    frame, root, reports = planned.frame, Path.cwd(), reports_of(options)
    run_id = f"{kept.name}-shard-{shard.number}-of-{shard.of}"
    terminal.announce(planned, run_id=run_id)
    if options.dry_run:
        return ExitCode.JUDGED
    from bench.commands import measuring  # noqa: PLC0415 - a dry run needs none of what measuring imports
    from bench.running.preparation import prepared  # noqa: PLC0415 - as above

    asked = Question(
        config=without_a_file(
            root, frame.contenders, margin=frame.margin, alpha=frame.alpha, timeout_seconds=frame.timeout_seconds
        ),
        reports=reports,
        claims_path=Path(kept.claims_file) if kept.claims_file else None,
        claims_text=kept.claims_text,
        server=server_of(options.database_url),
    )
    begun = RunFolder(reports / run_id) if run_id in run_folder.listing(reports) else None
    with measuring.interruptible(), ExitStack() as stack:
        for contender in planned.frame.contenders:
            stack.enter_context(revisions.checked_out(contender))
        _check_same(kept, root, terminal)
        with prepared(planned, asked.config, database_url=options.database_url, notify=terminal.notice) as ready:
            manifest = measuring.new_manifest(asked, planned, ready, run_id=run_id, command=kept.command)
            if begun:
                before = begun.read_manifest()
                if before.plan_hash != planned.hash:
                    raise RunError(
                        f"the run {run_id} was begun from another plan",
                        cause=f"its plan is {before.plan_hash[:12]}, that of {options.plan} is {planned.hash[:12]}",
                        hint="name another folder with --reports",
                    )
                measuring.check_same(before, manifest, terminal)
            folder = begun or run_folder.create(reports, manifest)
            interrupted = measuring.measure(planned, folder, ready.runner, terminal)
    terminal.result(f"shard {shard.number} of {shard.of}: {folder.path}")
    terminal.result(f"with all shards in one place: {program.name()} merge {reports.name}/{kept.name}-shard-*")
    terminal.document({"schema": "shard/1", "run": run_id, "folder": str(folder.path), "interrupted": interrupted})
    return ExitCode.INTERRUPTED if interrupted else ExitCode.JUDGED


def _shard(text: str | None) -> Shard:
    match = re.fullmatch(r"(\d+)/(\d+)", text or "")
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise ConfigurationError(
            f"{text!r} is no shard" if text else "a frozen plan is measured in shards",
            cause="a shard is a number of as many as there are machines",
            hint="--shard 1/2 on one machine and --shard 2/2 on the other",
        )
    return Shard(number=int(match[1]), of=int(match[2]))


def _check_same(kept: Frozen, root: Path, terminal: Terminal) -> None:
    """Refuse other code than the plan was frozen with; say where nobody can tell."""
    if kept.harness_version != bench.__version__:
        raise RunError(
            f"the plan was frozen by version {kept.harness_version} of this program",
            cause=f"this is version {bench.__version__}",
            hint="install that version here, or freeze the plan again with this one",
        )
    locks = _locks(root, kept.plan)
    for name, sha256 in kept.locks.items():
        if locks.get(name) != sha256:
            raise RunError(
                f"the dependency set {name!r} is not the one that the plan was frozen with",
                cause=f"locks/{name}.txt differs",
                hint="check out the same revision on every machine",
            )
    for directory, now in _code(root, kept.plan).items():
        before = kept.code.get(directory, checkout.UNKNOWN)
        if checkout.UNKNOWN in (before, now) or before.endswith(checkout.DIRTY) or now.endswith(checkout.DIRTY):
            terminal.notice(f"note: whether {directory} holds the code that the plan was frozen with cannot be told")
        elif before != now:
            raise RunError(
                f"{directory} holds other code than the plan was frozen with",
                cause=f"it is at {now}, the plan was frozen at {before}",
                hint=f"git checkout {before}",
            )


def _code(root: Path, planned: Plan) -> Mapping[str, str]:
    folders = dict.fromkeys(contender.directory for contender in planned.frame.contenders)
    return {folder: checkout.code(root / folder) for folder in folders}


def _locks(root: Path, planned: Plan) -> Mapping[str, str]:
    names = dict.fromkeys(row.dependency_set for row in planned.rows if row.dependency_set and row.python is None)
    texts = {name: environments.lock_text(root / "locks", name) for name in names if name}
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
