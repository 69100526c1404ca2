"""`python -m bench run`: configuration, plan, trials, journal, analysis, verdict, report."""

import argparse
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from bench.campaign import plan
from bench.campaign.plan import Plan
from bench.claims import file as claims
from bench.claims.file import Claim
from bench.commands import measuring, report
from bench.configuration import config
from bench.configuration.config import Config
from bench.errors import ExitCode
from bench.flakiness import ledger
from bench.model import Json
from bench.running.preparation import prepared
from bench.storage import noise_floor, run_folder
from bench.terminal import Terminal


def main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Measure what the options ask for, write the report and return what the data is worth."""
    with measuring.interruptible():
        return _main(options, terminal)


def _main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    fail_on = measuring.fail_on(options.fail_on)
    asked, stated = measuring.question(options, config.read(options.config).on(options.dependency_set))
    resumed = None if options.resume is None else run_folder.find(asked.reports, options.resume or None)
    planned = measuring.resumed_plan(resumed, options) if resumed else _plan(options, asked.config, stated)
    run_id = resumed.path.name if resumed else f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{planned.profile}"
    terminal.announce(planned, run_id=run_id, seconds_at_most=planned.budget_seconds)
    if options.dry_run:
        terminal.document(_plan_document(planned, run_id))
        return ExitCode.JUDGED
    with prepared(planned, asked.config, database_url=options.database_url, notify=terminal.notice) as ready:
        manifest = measuring.new_manifest(asked, planned, ready, run_id=run_id)
        if resumed:
            measuring.check_same(resumed.read_manifest(), manifest, terminal)
        folder = resumed or run_folder.create(asked.reports, manifest)
        interrupted = measuring.measure(planned, folder, ready.runner, terminal, session="bench")
    written = report.write(folder, terminal)
    analysis = written.analysis
    if analysis.run.status == "complete":
        noise_floor.append(asked.reports, run_id, analysis.comparisons)
        if analysis.flakiness is not None:
            ledger.append(asked.reports, run_id, analysis.flakiness, code=folder.read_manifest().earlier_trials.code)
    decision = analysis.decision.decision
    code = measuring.exit_code(decision, analysis.invalid_because, interrupted=interrupted, fail_on=fail_on)
    report.conclude(written, folder, code, terminal)
    return code


def _plan_document(planned: Plan, run_id: str) -> dict[str, Json]:
    return {
        "schema": "plan/1",
        "run": run_id,
        "hash": planned.hash,
        "cells": {backend: [cell.id for cell in planned.cells(backend)] for backend in planned.backends},
        "looks": list(planned.looks),
        "seconds_at_most": planned.budget_seconds,
    }


def _plan(options: argparse.Namespace, found: Config, stated: Sequence[Claim]) -> Plan:
    family = claims.family(stated)
    return plan.make(
        found,
        profile=options.profile or (options.command if options.command in plan.PROFILES else "standard"),
        seed=time.time_ns() % 2**31 if options.seed is None else options.seed,
        backends=options.backend,
        contenders=options.contender,
        budget_seconds=options.budget,
        load_limit=options.load_limit,
        comparisons=family.comparisons,
        minimum_blocks=family.minimum_blocks,
    )
