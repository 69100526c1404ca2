"""Follow a campaign on stderr: a line redrawn in place on a terminal, one line for each block elsewhere.

No running ratio is ever shown: peeking is how honest people cheat.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, Self

from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Column

from bench.campaign.plan import Plan
from bench.campaign.reach import beyond_the_budget
from bench.experiments.registry import is_timing
from bench.experiments.speed.study import NAME as TIMING
from bench.experiments.speed.study import Study
from bench.model import Outcome, Trial, TrialSpec, on_backend, spent_seconds
from bench.paired.blocks import RUNS_PER_BLOCK
from bench.terminal import Terminal

WIDE: Final = 72
_LEFT: Final = len("999.9 to 999.9 min left")


class TrialProgress:
    """Follow a campaign; the bar is the share of the budget that is spent."""

    def __init__(self, terminal: Terminal, plan: Plan, *, done: Sequence[Trial]) -> None:
        """Take up what an earlier session has `done`."""
        self._terminal = terminal
        self._pace = Pace(plan, done)
        self._last_block = ""
        self._said: set[str] = set()
        self._plan = plan
        self._until_warned: list[Trial] | None = list(done)
        self._progress = Progress(
            *_columns(terminal.width),
            console=terminal.progress_console,
            disable=not terminal.is_live,
            transient=True,
        )
        self._task = self._progress.add_task("starting", total=plan.frame.budget_seconds, remaining="")

    def __enter__(self) -> Self:
        """Start drawing."""
        self._progress.start()
        return self

    def __exit__(self, *exception: object) -> None:
        """Stop drawing."""
        self._progress.stop()

    def watch(self, spec: TrialSpec, trial: Trial) -> None:
        """Note a finished trial; a failed one is said at once."""
        self._pace.note(spec, trial)
        self._warn(trial)
        block = f"{spec.experiment}{on_backend(spec.cell.backend)}, "
        block += "warm block" if spec.warmup else f"block {spec.block}"
        if trial.outcome is not Outcome.PASSED and is_timing(spec.experiment):
            last_line = trial.message.strip().rpartition("\n")[2]
            said = f"{replace(spec.cell, copy=0).id} did not pass ({trial.outcome.value}): {last_line[:200]}"
            if said not in self._said:
                self._terminal.notice(f"  {said}")
                self._said.add(said)
        if block != self._last_block and not self._terminal.is_live:
            self._terminal.notice(f"  {block} begun, {self._pace.left}")
        self._last_block = block
        self._progress.update(
            self._task,
            description=self._terminal.printable(f"{block}: {spec.cell.contender}"),
            completed=self._pace.spent_seconds,
            remaining=self._pace.left,
        )

    @property
    def due(self) -> str:
        """Say when every database has had its first verdict, as far as that is known."""
        seconds = self._pace.seconds_to_looks
        if seconds is None:
            return ""
        return (
            f"The first verdicts are due in about {max(seconds / 60, 1):.0f} min." if seconds else "All can be judged."
        )

    def _warn(self, trial: Trial) -> None:
        """Say once, when every suite has run, that the budget will not do."""
        if self._until_warned is None:
            return
        self._until_warned.append(trial)
        words = beyond_the_budget(self._plan, self._until_warned) if trial.experiment == TIMING else None
        if words:
            self._terminal.notice(f"  note: {words}")
        if words is not None:
            self._until_warned = None


class Pace:
    """Foresee the time that is left, from the trials so far."""

    def __init__(self, plan: Plan, done: Sequence[Trial]) -> None:
        """Count what an earlier session spent; where it stood is known with the first trial."""
        self._plan = plan
        self._spent_seconds = spent_seconds(done)
        self._timed_ns: list[int] = []
        self._reached: dict[str, tuple[int, int]] = {}
        self._experiment = ""

    @property
    def spent_seconds(self) -> float:
        """Give the seconds of the budget that trials took."""
        return self._spent_seconds

    def note(self, spec: TrialSpec, trial: Trial) -> None:
        """Take a finished trial into account."""
        self._spent_seconds += spent_seconds([trial])
        self._experiment = spec.experiment
        if spec.experiment == TIMING:
            self._timed_ns.append(trial.cost_ns)
            self._reached[spec.cell.backend] = (spec.block, spec.position + 1)

    @property
    def left(self) -> str:
        """Say the range of what is left: every backend settled at its next look, or the whole budget used."""
        most = max(0.0, self._plan.frame.budget_seconds - self.spent_seconds)
        least = self.seconds_to_looks
        if least is None or least >= most:
            return f"at most {most / 60:.1f} min left"
        return f"{least / 60:.1f} to {most / 60:.1f} min left"

    @property
    def seconds_to_looks(self) -> float | None:
        """Foresee the seconds until every backend is at its next look; None while nothing is timed."""
        if self._experiment != TIMING:
            return None
        trials = sum(self._trials_to_look(backend) for backend in self._plan.frame.backends)
        return trials * sum(self._timed_ns) / len(self._timed_ns) / 1e9

    def _trials_to_look(self, backend: str) -> int:
        study: Study = self._plan.studies[TIMING]
        block, finished = self._reached.get(backend, (0, 0))
        in_a_block = RUNS_PER_BLOCK * len(study.cells(self._plan.frame, backend))
        look = next((look for look in study.looks if look >= block), block)
        begun = in_a_block - finished if block else 0
        return max(0, (look - block) * in_a_block + begun)


def _columns(width: int) -> Iterator[ProgressColumn]:
    """Choose what fits: a narrow terminal goes without the bar and the clock, and cuts the block's name."""
    yield TextColumn("{task.fields[remaining]}", markup=False, table_column=Column(no_wrap=True, min_width=_LEFT))
    if width >= WIDE:
        yield BarColumn(bar_width=12)
        yield TimeElapsedColumn()
    yield TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, overflow="crop"))
