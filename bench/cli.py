"""The command line: `python -m bench COMMAND`, one of COMMANDS."""

import argparse
import re
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final, NoReturn

from bench import program
from bench.campaign.profiles import COMPARE, PROFILES
from bench.commands.sides import LEFT_OUT
from bench.errors import BenchError, ConfigurationError, ExitCode, Interrupted
from bench.model import BACKENDS, NO_BACKEND
from bench.terminal import Terminal

# The modules in bench/commands/: each is imported when its command is given, for most of them need much.
COMMANDS: Final = {
    "run": "run",
    "factors": "run",
    "wiring": "run",
    "faults": "run",
    "flakiness": "run",
    "revalidate": "revalidate",
    "blame": "blame",
    "report": "report",
    "explain": "explain",
    "export": "export",
    "suites": "suites",
    "compare": "compare",
    "init": "init",
    "merge": "merge",
    "flakes": "flakes",
    "doctor": "doctor",
}

_NUMBER: Final = r"(\d+(?:\.\d+)?)"
_DURATION: Final = re.compile(rf"(?:{_NUMBER}h)?(?:{_NUMBER}m)?(?:{_NUMBER}s)?|{_NUMBER}")


class Parser(argparse.ArgumentParser):
    """A parser whose errors are errors like all others."""

    def error(self, message: str) -> NoReturn:
        """Raise ConfigurationError instead of leaving the process."""
        raise ConfigurationError(
            "the command line is not understood", cause=message, hint=f"{self.prog} --help lists what it can hold"
        )


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; an error is printed with cause and hint."""
    # What follows `--` belongs to somebody else's suite.
    own = arguments[: arguments.index("--")] if "--" in arguments else arguments
    terminal = Terminal(as_json="--json" in own)
    origin: BaseException
    failure: BenchError
    try:
        options = parser().parse_args(arguments)
        command: Callable[[argparse.Namespace, Terminal], ExitCode] = _module(options.command).main
        return command(options, terminal)
    except BenchError as error:
        origin, failure = error, error
    except KeyboardInterrupt as error:
        origin = error
        failure = Interrupted("interrupted", hint="what was measured is kept; --resume continues the run")
    except Exception as error:  # noqa: BLE001 - the last line of defence: a sentence and an exit code, not a traceback
        origin = error
        failure = BenchError(
            f"unexpected failure: {type(error).__name__}: {error}",
            cause="a defect of the harness; finished trials are kept",
            hint="run again with --verbose and report what it prints",
        )
    if "--verbose" in own:
        terminal.traceback(origin)
    terminal.error(failure)
    return failure.exit_code


def _module(command: str) -> ModuleType:
    return import_module(f"bench.commands.{COMMANDS[command]}")


def parser() -> argparse.ArgumentParser:
    """Build the parser of all commands."""
    top = Parser(prog=program.name(), description="Does the decision about testing still hold?", allow_abbrev=False)
    commands = top.add_subparsers(dest="command", required=True, metavar=" | ".join(COMMANDS))
    common = Parser(add_help=False)
    common.add_argument("--config", type=Path, default=Path("pyproject.toml"), help="configuration file")
    common.add_argument("--reports", type=Path, default=None, help="folder of the runs (default: reports/)")
    common.add_argument("--json", action="store_true", help="one JSON document on stdout")
    common.add_argument("--verbose", action="store_true", help="show tracebacks")
    _add_run(
        commands.add_parser("run", parents=[common], allow_abbrev=False, help="measure, judge and write the report")
    )
    _add_run(
        commands.add_parser(
            "factors", parents=[common], allow_abbrev=False, help="measure how much of the time single factors explain"
        )
    )
    _add_run(
        commands.add_parser("faults", parents=[common], allow_abbrev=False, help="measure which bugs each suite sees")
    )
    _add_run(
        commands.add_parser(
            "wiring",
            parents=[common],
            allow_abbrev=False,
            help="measure whether a difference of styles is one of their wiring",
        )
    )
    _add_run(
        commands.add_parser(
            "flakiness", parents=[common], allow_abbrev=False, help="spend the whole budget on the hunt of flakes"
        )
    )
    _add_revalidate(
        commands.add_parser(
            "revalidate", parents=[common], allow_abbrev=False, help="tell whether the decision survives an upgrade"
        )
    )
    _add_blame(commands.add_parser("blame", parents=[common], allow_abbrev=False, help="find which package changed it"))
    _add_report(
        commands.add_parser(
            "report", parents=[common], allow_abbrev=False, help="write a run's report again from its journal"
        )
    )
    _add_explain(
        commands.add_parser(
            "explain", parents=[common], allow_abbrev=False, help="print the evidence of a claim or a fault"
        )
    )
    _add_export(commands.add_parser("export", parents=[common], allow_abbrev=False, help="write a run as tables"))
    each = commands.add_parser(
        "suites", parents=[common], allow_abbrev=False, help="run every suite once, without timing claims"
    )
    _add_selection(each)
    _add_dependency_set(each)
    _add_compare(
        commands.add_parser(
            "compare", parents=[common], allow_abbrev=False, help="time pytest commands against each other"
        )
    )
    together = commands.add_parser(
        "merge", parents=[common], allow_abbrev=False, help="make one run of the shards of a plan"
    )
    together.add_argument("runs", nargs="*", type=Path, metavar="RUN", help="folders of the shards' runs")
    _add_fail_on(together, default="")
    begin = commands.add_parser(
        "init", parents=[common], allow_abbrev=False, help="look at a repository and write a configuration"
    )
    begin.add_argument("folder", nargs="?", type=Path, default=Path(), help="the repository (default: here)")
    hunt = commands.add_parser(
        "flakes", parents=[common], allow_abbrev=False, help="hunt flaky tests in any pytest suite"
    )
    _add_flakes(hunt)
    check = commands.add_parser(
        "doctor", parents=[common], allow_abbrev=False, help="tell whether this machine is fit to measure on"
    )
    check.add_argument("--database-url", default=None, help="check this PostgreSQL server instead of the embedded one")
    return top


def _add_selection(command: argparse.ArgumentParser) -> None:
    command.add_argument("--backend", action="append", default=[], help="measure this backend only (repeatable)")
    command.add_argument("--contender", action="append", default=[], help="measure this contender only (repeatable)")
    command.add_argument("--database-url", default=None, help="use this PostgreSQL server instead of the embedded one")


def _add_dependency_set(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--dependency-set", default=None, metavar="SET", help="run on locks/SET.txt (default: as configured)"
    )


def _add_run(command: argparse.ArgumentParser) -> None:
    _add_dependency_set(command)
    _add_campaign(command, fail_on="")
    _add_freeze(command)
    command.add_argument("--plan", type=Path, default=None, metavar="FILE", help="measure a shard of a frozen plan")
    command.add_argument("--shard", default=None, metavar="K/N", help="which part of it, as 1/2")


def _add_freeze(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--freeze", type=Path, default=None, metavar="FILE", help="write the plan for several machines and stop"
    )


def _add_blame(command: argparse.ArgumentParser) -> None:
    _add_sets(command)
    _add_campaign(command, fail_on="")
    _add_what(command)


def _add_revalidate(command: argparse.ArgumentParser) -> None:
    _add_sets(command)
    command.add_argument("--blame", action="store_true", help="then find which package changed it (up to an hour more)")
    _add_campaign(command, fail_on="challenged,undetermined")


def _add_sets(command: argparse.ArgumentParser) -> None:
    named = "adr, current, latest, lowest, next, another lock under locks/, or a file of constraints or pins"
    command.add_argument("--from", default=None, metavar="SET", help=f"the set before: {named} (default: current)")
    command.add_argument("--to", default=None, metavar="SET", help="the set after (default: latest)")
    command.add_argument(
        "--upgrade", action="append", default=[], metavar="PACKAGE[==VERSION]", help="upgrade only this (repeatable)"
    )


def _add_campaign(command: argparse.ArgumentParser, *, fail_on: str) -> None:
    _add_selection(command)
    command.add_argument(
        "--profile",
        default=None,
        help=f"how much: {', '.join(name for name in PROFILES if name != COMPARE)} (default: standard)",
    )
    command.add_argument(
        "--load-limit", type=float, default=None, help="highest load average that is fit (default: cores)"
    )
    command.add_argument("--budget", type=_seconds, default=None, help="stop after this long, as 10m, 4m30s or 1h")
    command.add_argument("--seed", type=int, default=None, help="seed of the schedule (default: from the clock)")
    command.add_argument(
        "--resume", nargs="?", const="", default=None, metavar="RUN", help="continue a run (the newest)"
    )
    _add_claims(command)
    command.add_argument("--dry-run", action="store_true", help="print the plan and stop")
    _add_fail_on(command, default=fail_on)


def _add_fail_on(command: argparse.ArgumentParser, *, default: str) -> None:
    command.add_argument(
        "--fail-on",
        default=default,
        metavar="DECISIONS",
        help=f"exit 3 or 4 on these decisions: challenged,undetermined (default: {default or 'none'})",
    )


def _add_claims(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--claims", type=Path, default=None, help="weigh this claims file instead of the configured one"
    )


def _add_report(command: argparse.ArgumentParser) -> None:
    _add_claims(command)
    command.add_argument("run", nargs="?", default=None, metavar="RUN", help="the run's name (default: the newest)")
    command.add_argument("--list", action="store_true", help="list the runs and stop")
    command.add_argument("--against", default=None, metavar="RUN", help="print what two runs say, side by side")


def _add_export(command: argparse.ArgumentParser) -> None:
    command.add_argument("run", nargs="?", default=None, metavar="RUN", help="the run's name (default: the newest)")
    command.add_argument(
        "--to",
        choices=["csv", "parquet", "junit", "stryker", "github", "badge"],
        default="csv",
        help="kind of the files (default: csv)",
    )
    command.add_argument("--into", type=Path, default=None, help="folder to write to (default: export/ in the run's)")


def _add_explain(command: argparse.ArgumentParser) -> None:
    _add_claims(command)
    command.add_argument("claim", metavar="CLAIM", help="a claim's id, or id@backend; or a fault's id")
    command.add_argument("--run", default=None, metavar="RUN", help="the run's name (default: the newest)")


def _add_compare(command: argparse.ArgumentParser) -> None:
    add: Callable[..., object] = command.add_argument
    add("commands", nargs="*", metavar="COMMAND", help="a pytest command in quotes, as 'pytest tests' or 'A=1 pytest'")
    each = "once for all sides, or once for each"
    add("--python", action="append", default=[], help=f"interpreter ({each}; default: the virtual environment)")
    add("--cwd", action="append", default=[], metavar="FOLDER", help=f"folder to run pytest in ({each})")
    add("--git", action="append", default=[], metavar="REVISION", help=f"revision of the checkout ({each})")
    add("--vary", action="append", default=[], metavar="NAME=VALUE", help="a variable, once for each side")
    add(
        "--env", action="append", default=[], metavar="NAME[=VALUE]", help="set a variable on all sides, or pass one on"
    )
    add("--inherit", action="append", default=[], metavar="NAME", help="take variables as they are, as 'CI_*'")
    add("--name", action="append", default=[], help="what a side is called (once for each)")
    add("--before", default="", metavar="COMMAND", help="run this before each trial, untimed")
    add("--isolate", action="store_true", help="run each trial in a fresh copy of its folder")
    add("--without", action="append", choices=[*LEFT_OUT], help="compare once more without this (repeatable)")
    twins = (
        "the sides hold the same tests: compare test by test (default: if only the interpreter or a variable differs)"
    )
    add("--twins", action=argparse.BooleanOptionalAction, default=None, help=twins)
    backends = [name for name in BACKENDS if name != NO_BACKEND]
    add("--backend", action="append", default=[], choices=backends, help="give each trial a fresh database")
    add("--database-url", default=None, help="use this PostgreSQL server instead of the embedded one")
    add("--budget", type=_seconds, default=None, help="stop after this long, as 10m (default: 10m)")
    add("--margin", type=float, default=0.05, help="smallest difference that matters, as 0.05")
    add("--seed", type=int, default=None, help="seed of the schedule (default: from the clock)")
    add("--load-limit", type=float, default=None, help="highest load average that is fit (default: cores)")
    add("--save", type=Path, default=None, metavar="FILE", help="write a configuration file of the sides")
    add("--resume", nargs="?", const="", default=None, metavar="RUN", help="continue a comparison (the newest)")
    add("--dry-run", action="store_true", help="print the plan and stop")
    _add_freeze(command)
    _add_fail_on(command, default="")


def _add_flakes(command: argparse.ArgumentParser) -> None:
    add: Callable[..., object] = command.add_argument
    add("--budget", type=_seconds, default=None, help="stop after this long, as 10m (default: 30m)")
    add("--python", default="", help="the suite's interpreter, as .venv/bin/python")
    add("--cwd", type=Path, default=None, help="folder to run pytest in (default: here)")
    add("--seed", type=int, default=None, help="seed of the search (default: from the clock)")
    add("--suite-runs", type=int, default=None, help="whole-suite trials at most (default: 20)")
    add("--jobs", type=int, default=None, help="trials at once (default: all cores)")
    add("--until", type=_share, help="go on until at most this share of runs can flake, as 5%%")
    add("--copy", action="store_true", help="run each trial in a copy of the folder")
    add("--env", action="append", default=[], metavar="NAME[=VALUE]", help="set a variable, or pass one on")
    add("--backend", choices=[name for name in BACKENDS if name != NO_BACKEND], help="give each trial a database")
    add("--database-url", default=None, help="use this PostgreSQL server instead of the embedded one")
    add("--resume", nargs="?", const="", default=None, metavar="RUN", help="continue a search (the newest)")
    add("--dry-run", action="store_true", help="print the plan and stop")
    command.add_argument("pytest_args", nargs="*", metavar="-- PYTEST-ARGS", help="what pytest is given")


def _add_what(command: argparse.ArgumentParser) -> None:
    """Add the options of this command alone."""
    command.add_argument(
        "what",
        nargs="*",
        metavar="WHAT",
        help="ratio, wall:CONTENDER, cpu:CONTENDER, micro:NAME, collection, a claim's id or a test's id "
        "(default: whatever newly fails, and every time)",
    )
    command.add_argument(
        "--threshold", type=float, default=None, help="smallest change worth blaming, as 0.05 (default: the margin)"
    )
    command.add_argument(
        "--pytest", default=None, metavar="ARGUMENTS", help="a suite without a configuration: what pytest is given"
    )
    command.add_argument(
        "--env",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a variable that such a suite needs (repeatable)",
    )


def _share(text: str) -> float:
    """Read a share, as 5% or 0.05."""
    number = float(text.rstrip("% ")) / (100 if text.rstrip().endswith("%") else 1)
    if not 0 < number < 1:
        raise argparse.ArgumentTypeError(f"{text} is no share between 0 and 1, as 5% or 0.05")
    return number


def _seconds(text: str) -> float:
    """Read a duration such as 90s, 10m, 4m30s, 1h or a plain number of seconds."""
    match = _DURATION.fullmatch(text.strip())
    parts = match.groups(default="0") if match else ()
    total = sum(float(part) * unit for part, unit in zip(parts, (3600, 60, 1, 1), strict=False))
    if not total:
        raise argparse.ArgumentTypeError(f"{text!r} is not a duration; write 90s, 4m30s or 1h")
    return total
