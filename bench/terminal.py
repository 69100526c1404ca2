"""The one place that speaks to the user: results on stdout, plan, progress and errors on stderr."""

import json
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from bench.campaign.plan import Plan
from bench.errors import BenchError, ExitCode
from bench.experiments.registry import EXPERIMENTS
from bench.model import Json

if TYPE_CHECKING:
    from bench.results import Results
    from bench.revalidation import Revalidation


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
        """Tell whether progress can be redrawn in place; colours forced into a file do not make it a terminal."""
        return sys.stderr.isatty() and not self._err.is_dumb_terminal

    @property
    def width(self) -> int:
        """Give the columns of the terminal."""
        return self._err.width

    @property
    def progress_console(self) -> Console:
        """Give the console that progress is drawn on, which is that of all notices."""
        return self._err

    def printable(self, words: str) -> str:
        """Show what the terminal cannot, and control characters, as escapes."""
        return _printable(words, self._err)

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

    def announce(self, plan: Plan, *, run_id: str) -> None:
        """Say what is going to happen, before it does."""
        frame = plan.frame
        self.notice(f"run {run_id}: profile {frame.profile}, seed {frame.seed}")
        for name, study in plan.studies.items():
            for line in EXPERIMENTS[name].announce(frame, study):
                self.notice(f"  {line}")
        if frame.not_compared:
            self.notice(f"  not compared: {', '.join(frame.not_compared)} (a larger --profile, or --contender NAME)")
        self.notice(f"  at most about {_length(frame.budget_seconds)}")

    def conclude(
        self, analysis: "Results", *, folder: Path, code: ExitCode, revalidation: "Revalidation | None" = None
    ) -> None:
        """Print the verdict, the paths and the meaning of the exit code."""
        self.result("")
        if revalidation is not None:
            self._changed(revalidation)
        self.result(analysis.decision.sentence)
        if analysis.decision.plain:
            self.result(analysis.decision.plain)
        for line in analysis.goals:
            self.result(f"  {line.goal}: {line.numbers}: {line.words}")
        for shown in analysis.sections.values():
            self.result(f"  {shown.title}: {shown.headline}")
        for reason in analysis.invalid_because:
            self.result(f"  invalid: {reason}")
        for warning in analysis.warnings:
            self.result(f"  warning: {warning}")
        self.result(f"report: {(folder / 'report.html').resolve().as_uri()}")
        self.result(f"data:   {(folder / 'analysis.json').resolve()}")
        self.result(f"exit code {code.value}: {code.meaning}")

    def _changed(self, found: "Revalidation") -> None:
        """Print what an upgrade changed: ratios, claims that did not hold, and what is wrong with the sets."""
        from bench.revalidation import changes  # noqa: PLC0415 - what only a judged run needs
        from bench.revalidation.findings import Transition  # noqa: PLC0415 - as above

        self.result(found.sentence)
        for line in changes.lines(found.changes):
            self.result(f"  {line}")
        for claim in found.claims:
            if claim.transition not in (Transition.HELD, Transition.OPEN):
                self.result(f"  {claim.id}: {claim.transition.value}: {claim.before.value} -> {claim.after.value}")
        for each in found.turned:
            self.result(f"  {each.client.title}, {each.title}: {each.before}, now {each.after}")
        for problem in found.problems:
            blamed = f" (a guess: {problem.package})" if problem.package else ""
            self.result(f"  {problem.standing}, {problem.dependency_set} {problem.stage.value}{blamed}: {problem.line}")
        if found.history_notice:
            self.result(f"  note: {found.history_notice}")
        self.result("")


def _length(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds >= 90 else f"{seconds:.0f} seconds"


def _printable(words: str, console: Console) -> str:
    """Show what the terminal's encoding cannot, and control characters, as escapes."""
    shown = "".join(letter if letter.isprintable() or letter in "\n\t" else ascii(letter)[1:-1] for letter in words)
    encoding = console.encoding or "utf-8"
    return shown.encode(encoding, errors="backslashreplace").decode(encoding)
