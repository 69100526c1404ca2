"""The one place that speaks to the user: results on stdout, plan, progress and errors on stderr.

No running ratio is ever shown: peeking is how honest people cheat.
"""

import json
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench.errors import BenchError, ExitCode
from bench.findings import Analysis
from bench.model import BACKEND_TITLES, Json, Outcome, Trial, TrialSpec
from bench.plan import Plan

FAILING_IS_AN_ANSWER = ("attempts", "flakiness")


class Terminal:
    """Everything that is said during one command; `as_json` keeps stdout for one JSON document."""

    def __init__(self, *, as_json: bool = False) -> None:
        """Open both streams."""
        self.as_json = as_json
        # Names of tests are data: no :bug: in them becomes a picture that the terminal may not be able to show.
        self._out = Console(file=sys.stdout, highlight=False, soft_wrap=True, emoji=False)
        self._err = Console(file=sys.stderr, highlight=False, soft_wrap=True, emoji=False)

    @property
    def is_live(self) -> bool:
        """Tell whether progress can be redrawn in place."""
        return self._err.is_terminal

    def notice(self, words: str) -> None:
        """Say something in passing."""
        self._err.print(_printable(words, self._err), markup=False)

    def result(self, words: str) -> None:
        """Print a line of the result, unless stdout belongs to JSON."""
        if not self.as_json:
            self._out.print(_printable(words, self._out), markup=False)

    def document(self, document: Mapping[str, Json]) -> None:
        """Print the one JSON document of a command, `schema` first."""
        if self.as_json:
            ordered = {"schema": document["schema"], **{key: document[key] for key in sorted(document)}}
            print(json.dumps(ordered, indent=1))  # noqa: T201 - rich would wrap it

    def error(self, error: BenchError) -> None:
        """Print an error with its cause, hint and exit code; it is also the JSON document of a failed command."""
        self._err.print(f"[bold red]error:[/] {escape(_printable(str(error), self._err))}")
        if error.cause:
            self._err.print(f"[bold]cause:[/] {escape(_printable(error.cause, self._err))}")
        if error.hint:
            self._err.print(f"[bold]hint:[/]  {escape(_printable(error.hint, self._err))}")
        self.notice(f"exit code {error.exit_code.value}: {error.exit_code.meaning}")
        self.document(
            {
                "schema": "error/1",
                "error": str(error),
                "cause": error.cause,
                "hint": error.hint,
                "exit_code": int(error.exit_code),
            }
        )

    def traceback(self, error: BaseException) -> None:
        """Print where an exception comes from."""
        self.notice("".join(traceback.format_exception(error)).rstrip())

    def announce(self, plan: Plan, *, run_id: str, seconds_at_most: float) -> None:
        """Say what is going to happen, before it does."""
        self.notice(f"run {run_id}: profile {plan.profile}, seed {plan.seed}")
        for backend in plan.backends:
            names = _listed(plan, backend)
            self.notice(f"  {BACKEND_TITLES[backend]}: {names}")
        if plan.attempts:
            self.notice(f"  tried once, not timed: {', '.join(attempt.id for attempt in plan.attempts)}")
        if plan.not_compared and not plan.factors:
            self.notice(f"  not compared: {', '.join(plan.not_compared)} (--profile full, or --contender NAME)")
        if plan.flakiness_seconds and not plan.only_hunts:
            self.notice(f"  at most {_length(plan.flakiness_seconds)} of it on the hunt of flakes")
        looks = ", ".join(str(look) for look in plan.looks)
        blocks = f"at most {plan.looks[-1]} blocks per backend, judged at {looks}; "
        self.notice(f"  {'' if plan.only_hunts else blocks}at most about {_length(seconds_at_most)}")

    def conclude(self, analysis: Analysis, *, folder: Path, code: ExitCode) -> None:
        """Print the verdict, the paths and the meaning of the exit code."""
        self.result("")
        self.result(analysis.decision.sentence)
        for line in analysis.goals:
            self.result(f"  {line.goal}: {line.numbers}: {line.words}")
        for reason in analysis.invalid_because:
            self.result(f"  invalid: {reason}")
        for warning in analysis.warnings:
            self.result(f"  warning: {warning}")
        self.result(f"report: {(folder / 'report.html').resolve().as_uri()}")
        self.result(f"data:   {(folder / 'analysis.json').resolve()}")
        self.result(f"exit code {code.value}: {code.meaning}")


def _listed(plan: Plan, backend: str) -> str:
    """List what is compared on a backend, which factors are studied, or whose flakes are hunted."""
    if plan.only_hunts:
        return ", ".join(cell.contender for cell in plan.suites(backend))
    if plan.factors:
        return ", ".join(f"{factor.contender} with {factor.id} changed" for factor in plan.factors)
    return ", ".join(cell.contender + (" (A/A copy)" if cell.copy else "") for cell in plan.cells(backend))


def _length(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds >= 90 else f"{seconds:.0f} seconds"


class TrialProgress:
    """Follow a campaign on stderr: a bar on a terminal, one line per block elsewhere."""

    def __init__(self, terminal: Terminal, plan: Plan, *, done: Sequence[Trial]) -> None:
        """Take up what an earlier session has `done`."""
        self._terminal = terminal
        self._plan = plan
        self._spent_ns = sum(trial.wall_ns + trial.overhead_ns for trial in done)
        self._last_block = ""
        self._failed = 0
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[remaining]}"),
            console=terminal._err,  # noqa: SLF001 - the bar belongs to the same stderr
            disable=not terminal.is_live,
            transient=True,
        )
        self._task = self._progress.add_task("starting", total=None, remaining="")
        self._started = time.monotonic()

    def __enter__(self) -> Self:
        """Start drawing."""
        self._progress.start()
        return self

    def __exit__(self, *exception: object) -> None:
        """Stop drawing."""
        self._progress.stop()

    def watch(self, spec: TrialSpec, trial: Trial) -> None:
        """Note a finished trial; a failed one is said at once."""
        self._spent_ns += trial.wall_ns + trial.overhead_ns
        block = f"{spec.experiment}, {spec.cell.backend}, " + ("warm block" if spec.warmup else f"block {spec.block}")
        if trial.outcome is not Outcome.PASSED and spec.experiment not in FAILING_IS_AN_ANSWER:
            self._failed += 1
            last_line = trial.message.strip().rpartition("\n")[2]
            self._terminal.notice(f"  {spec.cell.id} did not pass ({trial.outcome.value}): {last_line[:200]}")
        if block != self._last_block and not self._terminal.is_live:
            self._terminal.notice(f"  {block} begun, {self._remaining()}")
        self._last_block = block
        self._progress.update(
            self._task, description=f"{block}: {spec.cell.contender}", advance=1, remaining=self._remaining()
        )

    def _remaining(self) -> str:
        """Tell the range of what is left: stopping early at a planned look, or using the whole budget."""
        left = max(0.0, self._plan.budget_seconds - self._spent_ns / 1e9)
        return f"at most {left / 60:.1f} min left"


def _printable(words: str, console: Console) -> str:
    """Show what the terminal's encoding cannot, and control characters, as escapes."""
    shown = "".join(letter if letter.isprintable() or letter in "\n\t" else ascii(letter)[1:-1] for letter in words)
    encoding = console.encoding or "utf-8"
    return shown.encode(encoding, errors="backslashreplace").decode(encoding)
