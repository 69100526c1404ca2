"""`python -m bench compare`: time pytest commands against each other, without a configuration file."""

import argparse
import shlex
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench import program, text
from bench.campaign import planning
from bench.campaign.plan import Plan
from bench.campaign.profiles import COMPARE
from bench.commands import asking, revisions, saving, sharding, sides
from bench.commands.asking import Question
from bench.commands.sides import Side
from bench.configuration.config import Config, without_a_file
from bench.errors import ConfigurationError, ExitCode
from bench.model import NO_BACKEND, Contender
from bench.storage import run_folder
from bench.storage.run_folder import RunFolder
from bench.terminal import Terminal

MARGIN, ALPHA, TIMEOUT_SECONDS = 0.05, 0.05, 900
CHOSEN: Final = ("python", "cwd", "git", "vary", "env", "inherit", "name", "backend", "before", "without", "twins")
FIXED: Final = (*CHOSEN, "commands", "seed", "budget", "margin", "load_limit", "isolate")


def main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Time the sides against each other and return what the data is worth."""
    asking.fail_on(options.fail_on)
    reports = asking.reports_of(options)
    resumed = None if options.resume is None else _begun(options, reports)
    planned = asking.resumed_plan(resumed, options) if resumed else _plan(options)
    asked = Question(
        config=_config(planned.frame.contenders, margin=planned.frame.margin),
        reports=reports,
        claims_path=None,
        claims_text="",
        server=asking.server_of(options.database_url),
    )
    if options.save:
        if options.git:
            raise ConfigurationError(
                "revisions cannot be saved in a configuration", cause="their folders are removed at the end"
            )
        saving.write(options.save, asked.config)
        terminal.notice(f"written: {options.save}, for: {program.name()} run --config {options.save} --profile quick")
    run_id = resumed.path.name if resumed else f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{COMPARE}"
    terminal.announce(planned, run_id=run_id)
    for side in planned.frame.contenders:
        terminal.notice(f"  {side.id}: {side.title}")
    if options.freeze:
        command = _command(options, planned)
        return sharding.freeze(asked, planned, options, terminal, name=run_id, command=command)
    if options.dry_run:
        return ExitCode.JUDGED
    from bench.commands.carrying_out import carry_out  # noqa: PLC0415 - a dry run needs none of what measuring imports

    with ExitStack() as stack:
        for side in planned.frame.contenders:
            stack.enter_context(revisions.checked_out(side))
        return carry_out(asked, planned, resumed, options, terminal, run_id=run_id, command=_command(options, planned))


def _plan(options: argparse.Namespace) -> Plan:
    """Plan the comparison of everything with the first side, and of what stands in for an explanation."""
    asked = sides.read(options)
    contenders = tuple(_contender(side, asked, options) for side in asked)
    more = tuple(
        sides.without(contender, what) for what in dict.fromkeys(options.without or ()) for contender in contenders
    )
    planned = planning.make(
        _config((*contenders, *more), margin=options.margin),
        profile=COMPARE,
        seed=time.time_ns() % 2**31 if options.seed is None else options.seed,
        budget_seconds=options.budget,
        load_limit=options.load_limit,
    )
    return _with_pairs(planned, contenders, more)


def _with_pairs(planned: Plan, contenders: tuple[Contender, ...], more: tuple[Contender, ...]) -> Plan:
    """Compare the changed sides with each other too: whether the gap is still there without what was left out."""
    if not more:
        return planned
    width = len(contenders)
    groups = [more[at : at + width] for at in range(0, len(more), width)]
    pairs = tuple((group[0].id, other.id) for group in groups for other in group[1:])
    speed = replace(planned.studies["speed"], pairs=pairs)
    return replace(planned, studies={**planned.studies, "speed": speed})


def _contender(side: Side, asked: tuple[Side, ...], options: argparse.Namespace) -> Contender:
    return Contender(
        id=side.name,
        title=side.title,
        style="other",
        record="",
        directory=side.directory,
        pytest_args=side.arguments,
        environment=dict(side.environment),
        plugins=None,
        python=side.python,
        dependency_set=None,
        backends=tuple(options.backend) or (NO_BACKEND,),
        twins="suite" if sides.are_twins(asked, wanted=options.twins) else None,
        inherit=tuple(options.inherit),
        before=options.before,
        isolate="copy" if options.isolate else "",
    )


def _config(contenders: tuple[Contender, ...], *, margin: float) -> Config:
    return without_a_file(Path.cwd(), contenders, margin=margin, alpha=ALPHA, timeout_seconds=TIMEOUT_SECONDS)


def _begun(options: argparse.Namespace, reports: Path) -> RunFolder:
    """Find the comparison that is to go on, the newest without a name."""
    given = [name for name in FIXED if getattr(options, name) not in (None, "", [], False, MARGIN)]
    if given:
        what = "the commands" if given[0] == "commands" else f"--{given[0].replace('_', '-')}"
        raise ConfigurationError(
            f"{what} cannot be changed for a comparison that was begun",
            cause="its plan was written down before its first trial",
            hint=f"{program.name()} compare --resume {options.resume}".rstrip(),
        )
    runs = [run for run in run_folder.listing(reports) if run.endswith(f"-{COMPARE}")]
    return run_folder.find(reports, options.resume or (runs[-1] if runs else None))


def _command(options: argparse.Namespace, planned: Plan) -> str:
    """Return the command line that makes the same comparison again, from the folder that it was begun in."""
    frame = planned.frame
    repeated = ("python", "cwd", "git", "vary", "inherit", "name", "backend", "without")
    words = [
        f"{program.name()} compare",
        *(program.option(f"--{name}", value) for name in repeated for value in getattr(options, name) or ()),
        *(program.option("--env", _told(value)) for value in options.env),
        program.option("--before", options.before),
        "--isolate" if options.isolate else "",
        "" if options.twins is None else "--twins" if options.twins else "--no-twins",
        f"--seed {frame.seed} --budget {frame.budget_seconds:g}s",
        f"--margin {frame.margin:g}" if frame.margin != MARGIN else "",
        program.option("--load-limit", options.load_limit),
        program.option("--reports", options.reports),
        "--database-url ..." if options.database_url else "",
        shlex.join(options.commands),
    ]
    return " ".join(filter(None, words))


def _told(variable: str) -> str:
    """Write NAME=VALUE, but of a secret the name alone: the command then takes it from the shell."""
    name = variable.partition("=")[0]
    return name if text.is_secret(name) else variable
