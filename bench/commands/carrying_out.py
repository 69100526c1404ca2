"""Carry a plan out: prepare, measure, judge, keep in the ledgers, report."""

import argparse

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
    written = judging.write(folder, terminal)
    results = written.results
    if results.run.status == "complete":
        noise_floor.append(asked.reports, run_id, results.comparisons)
        if results.flakiness is not None:
            code = folder.read_manifest().earlier_trials.code
            ledger.append(asked.reports, run_id, [results.flakiness], code=code, seed=planned.frame.seed)
    decision = results.decision.decision
    ended = measuring.exit_code(
        decision, results.invalid_because, interrupted=interrupted, fail_on=asking.fail_on(options.fail_on)
    )
    judging.conclude(written, folder, ended, terminal)
    return ended
