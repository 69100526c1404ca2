"""`python -m bench merge`: the shards of one plan become one run with one report."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bench import program
from bench.campaign.plan import Plan
from bench.commands import asking
from bench.commands.carrying_out import concluded
from bench.errors import ConfigurationError, ExitCode, RunError
from bench.model import Trial
from bench.storage import journal, run_folder
from bench.storage.files import write_atomically
from bench.storage.run_folder import Manifest, RunFolder, ShardRecord
from bench.terminal import Terminal


def main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Merge the shards, judge them together and write the report; doing it again gives the same."""
    asking.fail_on(options.fail_on)
    shards = [_read(path) for path in options.runs]
    if not shards:
        raise ConfigurationError("no shard is named", hint=f"{program.name()} merge reports/*-shard-*")
    kept = _one_each(shards)
    first = kept[0][0]
    for manifest, _ in kept[1:]:
        _check_same(first, manifest)
    reports = asking.reports_of(options)
    folder = _written(reports, kept, terminal)
    return concluded(folder, reports, terminal, interrupted=False, fail_on=options.fail_on)


def _read(path: Path) -> tuple[Manifest, tuple[Trial, ...]]:
    folder = RunFolder(path)
    manifest = folder.read_manifest()
    if manifest.plan.frame.shard is None:
        raise RunError(
            f"the run {manifest.run_id} is no shard",
            cause="it measured a whole plan by itself",
            hint=f"shards are made with: {program.name()} run --plan FILE --shard 1/2",
        )
    trials, _ = journal.read(folder.journal)
    return manifest, trials


def _number(manifest: Manifest) -> int:
    assert manifest.plan.frame.shard is not None, "_read refuses other runs"
    return manifest.plan.frame.shard.number


def _whole(manifest: Manifest) -> Plan:
    return replace(manifest.plan, frame=replace(manifest.plan.frame, shard=None))


def _one_each(shards: Sequence[tuple[Manifest, tuple[Trial, ...]]]) -> list[tuple[Manifest, tuple[Trial, ...]]]:
    """Keep each shard once, in order; of two copies the longer one, if it holds all of the other."""
    kept: dict[int, tuple[Manifest, tuple[Trial, ...]]] = {}
    for manifest, trials in shards:
        number = _number(manifest)
        if number not in kept:
            kept[number] = (manifest, trials)
            continue
        other = kept[number]
        longer, shorter = sorted(((manifest, trials), other), key=lambda each: len(each[1]), reverse=True)
        if longer[1][: len(shorter[1])] != shorter[1]:
            raise RunError(
                f"shard {number} is there twice, with other trials",
                cause=f"{manifest.run_id} was measured more than once, from its beginning",
                hint="choose one of them before you look at its numbers, and name only that one",
            )
        kept[number] = longer
    return [kept[number] for number in sorted(kept)]


def _check_same(first: Manifest, other: Manifest) -> None:
    """Refuse shards of another plan, other claims, another version, or other packages."""
    assert first.plan.frame.shard is not None, "_read refuses other runs"
    assert other.plan.frame.shard is not None, "_read refuses other runs"
    differing = {
        "plan": _whole(first).hash != _whole(other).hash,
        "number of shards": first.plan.frame.shard.of != other.plan.frame.shard.of,
        "claims": first.claims_hash != other.claims_hash,
        "version of this program": (first.harness_version, first.revision) != (other.harness_version, other.revision),
    }
    for name, found in other.dependency_sets.items():
        known = first.dependency_sets.get(name)
        same = known is not None and (known.sha256, dict(known.packages)) == (found.sha256, dict(found.packages))
        differing[f"dependency set {name!r}"] = not same
    wrong = [name for name, is_other in differing.items() if is_other]
    if wrong:
        raise RunError(
            f"{first.run_id} and {other.run_id} are no shards of one run",
            cause=f"they have another {wrong[0]}",
            hint="measure all shards from one frozen plan, with the same code and packages",
        )


def _written(reports: Path, kept: Sequence[tuple[Manifest, tuple[Trial, ...]]], terminal: Terminal) -> RunFolder:
    """Write manifest and journal of the merged run, anew if they are there."""
    first = kept[0][0]
    shard = first.plan.frame.shard
    assert shard is not None, "_read refuses other runs"
    there = {_number(manifest) for manifest, _ in kept}
    missing = [str(number) for number in range(1, shard.of + 1) if number not in there]
    if missing:
        terminal.notice(f"note: shard {', '.join(missing)} of {shard.of} is not there; the verdict rests on the others")
    unfinished = [manifest.run_id for manifest, _ in kept if manifest.status != "complete"]
    for run_id in unfinished:
        terminal.notice(f"note: {run_id} is not complete; the same command continues it, and then merge again")
    run_id = first.run_id.removesuffix(f"-shard-{shard.number}-of-{shard.of}") + "-merged"
    whole = _whole(first)
    manifest = replace(
        first,
        run_id=run_id,
        status="interrupted" if missing or unfinished else "complete",
        plan=whole,
        plan_hash=whole.hash,
        shards=tuple(
            ShardRecord(
                number=_number(each),
                run_id=each.run_id,
                status=each.status,
                machine=dict(each.machine),
                trials=len(trials),
            )
            for each, trials in kept
        ),
    )
    if run_id in run_folder.listing(reports):
        folder = RunFolder(reports / run_id)
        if folder.read_manifest().plan_hash != whole.hash:
            raise RunError(f"the run {run_id} is one of another plan", hint="name another folder with --reports")
        folder.write_manifest(manifest)
    else:
        folder = run_folder.create(reports, manifest)
    write_atomically(folder.journal, b"".join(journal.encode(trial) for _, trials in kept for trial in trials))
    return folder
