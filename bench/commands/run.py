"""`python -m bench run`: configuration, plan, trials, journal, analysis, verdict, report."""

import argparse
import shlex
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from bench import program
from bench.campaign import planning
from bench.campaign.plan import Plan
from bench.campaign.profiles import COMPARE, PROFILES
from bench.claims.claim import Claim
from bench.commands import asking, sharding
from bench.configuration import config
from bench.configuration.config import Config
from bench.errors import ConfigurationError, ExitCode
from bench.model import Json
from bench.storage import run_folder
from bench.terminal import Terminal


def main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Measure what the options ask for, write the report and return what the data is worth."""
    asking.fail_on(options.fail_on)
    if options.plan or options.shard:
        return _shard(options, terminal)
    asked, stated = asking.question(options, config.read(options.config).on(options.dependency_set))
    resumed = None if options.resume is None else run_folder.find(asked.reports, options.resume or None)
    planned = asking.resumed_plan(resumed, options) if resumed else _plan(options, asked.config, stated)
    run_id = resumed.path.name if resumed else f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{planned.frame.profile}"
    terminal.announce(planned, run_id=run_id)
    if options.freeze:
        command = _command(options, planned)
        return sharding.freeze(asked, planned, options, terminal, name=run_id, command=command)
    if options.dry_run:
        terminal.document(_plan_document(planned, run_id))
        return ExitCode.JUDGED
    from bench.commands.carrying_out import carry_out  # noqa: PLC0415 - a dry run needs none of what measuring imports

    return carry_out(asked, planned, resumed, options, terminal, run_id=run_id, command=_command(options, planned))


def _shard(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Measure a part of a frozen plan; raise ConfigurationError for options that would change it."""
    if options.plan is None:
        raise ConfigurationError(
            "a shard is a part of a frozen plan",
            hint=f"{program.name()} run --freeze plan.json, then --plan plan.json --shard {options.shard}",
        )
    given = [name for name in asking.FIXED if getattr(options, name, None) not in (None, [])]
    if given:
        raise ConfigurationError(
            f"--{given[0].replace('_', '-')} cannot be changed for a frozen plan",
            cause=f"{options.plan} was written so that all machines measure the same",
            hint="leave the option out, or freeze another plan",
        )
    return sharding.measure(options, terminal)


def _command(options: argparse.Namespace, planned: Plan) -> str:
    """Return the command line that starts the same schedule again."""
    frame = planned.frame
    profile = "" if len(PROFILES[frame.profile].only) == 1 else f"--profile {frame.profile} "
    words = [
        program.session("run" if profile else frame.profile),
        f"{profile}--seed {frame.seed}",
        *(f"--backend {backend}" for backend in frame.backends),
        *(f"--contender {shlex.quote(name)}" for name in options.contender),
        f"--budget {frame.budget_seconds:g}s",
        f"--dependency-set {shlex.quote(options.dependency_set)}" if options.dependency_set else "",
        f"--config {shlex.quote(str(options.config))}" if str(options.config) != "pyproject.toml" else "",
        f"--claims {shlex.quote(str(options.claims))}" if options.claims else "",
        f"--reports {shlex.quote(str(options.reports))}" if options.reports else "",
        f"--load-limit {options.load_limit:g}" if options.load_limit is not None else "",
        "--database-url ..." if options.database_url else "",
    ]
    return " ".join(filter(None, words))


def _plan_document(planned: Plan, run_id: str) -> dict[str, Json]:
    frame, speed = planned.frame, planned.studies.get("speed")
    return {
        "schema": "plan/2",
        "run": run_id,
        "hash": planned.hash,
        "cells": {name: [cell.id for cell in speed.cells(frame, name)] if speed else [] for name in frame.backends},
        "looks": list(speed.looks) if speed else [],
        "studies": list(planned.studies),
        "seconds_at_most": frame.budget_seconds,
    }


def _plan(options: argparse.Namespace, found: Config, stated: Sequence[Claim]) -> Plan:
    alone = options.command if options.command in PROFILES else ""
    if options.profile == COMPARE:
        raise ConfigurationError(
            f"{COMPARE} is a command and no profile of this one",
            hint=f"{program.name()} {COMPARE} --help; or --profile quick for the contenders of a configuration",
        )
    if alone and options.profile not in (None, alone):
        raise ConfigurationError(
            f"{alone} has no profile {options.profile!r}",
            cause=f"{alone} is a profile itself: one experiment with the whole budget",
            hint=f"python -m bench {alone} --budget 10m",
        )
    return planning.make(
        found,
        profile=options.profile or alone or "standard",
        seed=time.time_ns() % 2**31 if options.seed is None else options.seed,
        backends=options.backend,
        contenders=options.contender,
        budget_seconds=options.budget,
        load_limit=options.load_limit,
        claims=stated,
    )
