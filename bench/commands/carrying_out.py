"""Carry a plan out: prepare, measure, judge, keep in the ledgers, report."""

import argparse
from pathlib import Path

from bench.campaign.plan import Plan
from bench.commands import asking, judging, measuring
from bench.errors import ExitCode
from bench.flakiness import ledger
from bench.running.preparation import prepared
from bench.storage import noise_floor, run_folder
from bench.storage.run_folder import RunFolder
from bench.terminal import Terminal


def carry_out(
    asked: asking.Question,
    planned: Plan,
    resumed: RunFolder | None,
    options: argparse.Namespace,
    terminal: Terminal,
    *,
    run_id: str,
    command: str,
) -> ExitCode:
    """Measure the plan, from where a resumed run stood; return what the data is worth."""
    with measuring.interruptible():
        return _carry_out(asked, planned, resumed, options, terminal, run_id=run_id, command=command)


def _carry_out(
    asked: asking.Question,
    planned: Plan,
    resumed: RunFolder | None,
    options: argparse.Namespace,
    terminal: Terminal,
    *,
    run_id: str,
    command: str,
) -> ExitCode:
    with prepared(planned, asked.config, database_url=options.database_url, notify=terminal.notice) as ready:
        manifest = measuring.new_manifest(asked, planned, ready, run_id=run_id, command=command)
        if resumed:
            measuring.check_same(resumed.read_manifest(), manifest, terminal)
        folder = resumed or run_folder.create(asked.reports, manifest)
        interrupted = measuring.measure(planned, folder, ready.runner, terminal)
    return concluded(folder, asked.reports, terminal, interrupted=interrupted, fail_on=options.fail_on)


def concluded(folder: RunFolder, reports: Path, terminal: Terminal, *, interrupted: bool, fail_on: str) -> ExitCode:
    """Judge a measured run, keep it in the ledgers if it is complete, report; return what the data is worth."""
    written = judging.write(folder, terminal)
    results = written.results
    if results.run.status == "complete":
        run_id, manifest = folder.path.name, folder.read_manifest()
        noise_floor.append(reports, run_id, results.comparisons)
        if results.flakiness is not None:
            code, seed = manifest.earlier_trials.code, manifest.plan.frame.seed
            ledger.append(reports, run_id, [results.flakiness], code=code, seed=seed)
    ended = measuring.exit_code(
        results.decision.decision,
        results.invalid_because,
        interrupted=interrupted,
        fail_on=asking.fail_on(fail_on),
    )
    judging.conclude(written, folder, ended, terminal)
    return ended
