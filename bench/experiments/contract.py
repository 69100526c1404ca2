"""What an experiment is: a study in the plan, a session that measures, an analysis, claims and a page.

An experiment is a folder. Its `__init__` declares it and imports nothing heavy; `session.py`, `analysis.py` and
`page.py` are imported when they are first needed. An experiment without a `page.py` has its place in `bench/report/`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from bench.campaign.frame import Frame
from bench.claims.claim import Claim
from bench.claims.kind import Kind
from bench.configuration.config import Config
from bench.model import Contender, Size, Trial, TrialSpec

Study = Any
"""A frozen value of the experiment: what of it is in the plan. Only the experiment itself looks inside."""

ALL_CORES = 0
"""Instead of a number of trials at once: as many as the machine has cores."""

Finding = Any
"""A frozen value of the experiment: what it measured. Claims and pages ask for it by its type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a planner may go by.

    `cores` are those of this machine. `comparisons` is the size of the largest family of tests that decide. `alone` is
    set where the campaign is for this experiment and no other. `is_named` tells that contenders were named by the user.
    `claims` are those that will be weighed.
    """

    config: Config
    frame: Frame
    size: Size
    claims: tuple[Claim, ...]
    cores: int = 1
    comparisons: int = 1
    alone: bool = False
    is_named: bool = False
    looks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What analysis may know beside the trials: all of it is in the manifest.

    `earlier_trials` maps a cell's id to (failures, trials) of earlier runs of the same code and dependency set.
    `probe` is the folder of the plugins as it is reached from the folder of the configuration.
    """

    earlier_trials: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    probe: str = "bench/probe"


class Session(Protocol):
    """An experiment that is being measured: made once from the journal, then kept alive."""

    def next_block(self) -> tuple[TrialSpec, ...]:
        """Return the trials that come next, those the journal already holds among them; () when it is done."""
        ...

    def took(self, trial: Trial) -> None:
        """Take a finished trial into account."""
        ...


def _no_rows(study: Study) -> tuple[Contender, ...]:  # noqa: ARG001 - the shape of `Experiment.rows`
    return ()


def one_at_a_time(study: Study) -> int:  # noqa: ARG001 - the shape of `Experiment.jobs`
    """Return how many trials run at once where times are compared: one."""
    return 1


def on_all_cores(study: Study) -> int:  # noqa: ARG001 - the shape of `Experiment.jobs`
    """Return that as many trials run at once as there are cores, where no time is looked at."""
    return ALL_CORES


def _no_seconds(study: Study) -> float:  # noqa: ARG001 - the shape of `Experiment.reserves`
    return 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """A question: how it is planned, measured, analysed, weighed and shown.

    `package` is the folder's import name. `is_timing` tells that its trials are compared by their times: they run one
    at a time, their load is the machine's, and a failed one is a failure. `jobs` is how many of the others run at once.
    `rows` are what its trials run beside the contenders of the frame; `reserves` is how many seconds of the budget the
    timing leaves to it. `measures` is False for an experiment that runs no trials. With `shares_blocks` the machines of
    a sharded run share its blocks; any other experiment is measured by one of them.
    """

    name: str
    package: str
    study: type[Any]
    plan: Callable[[Request], Study | None]
    is_timing: bool = False
    measures: bool = True
    shares_blocks: bool = False
    kinds: tuple[Kind, ...] = ()
    rows: Callable[[Study], tuple[Contender, ...]] = _no_rows
    reserves: Callable[[Study], float] = _no_seconds
    jobs: Callable[[Study], int] = one_at_a_time

    def session(self, frame: Frame, study: Study, trials: Sequence[Trial]) -> Session:
        """Take the experiment up where the journal left it."""
        session: Session = self._part("session").Session(frame, study, trials)
        return session

    def analyse(self, frame: Frame, study: Study, trials: Sequence[Trial], background: Background) -> Finding:
        """Return what the trials of a run say; a pure function."""
        return self._part("analysis").analyse(frame, study, trials, background)

    def section(self, found: Finding) -> Any:
        """Return the `bench.drawing.section.Section` that the folder's `page.py` makes; None without one."""
        if find_spec(f"{self.package}.page") is None:
            return None
        make = getattr(self._part("page"), "section", None)
        return None if make is None else make(found)

    def explain(self, root: Path, study: Study, found: Finding, name: str) -> str | None:
        """Return what is known of something that the experiment names, as text; None where it has nothing of that name.

        `root` is the folder of the configuration. The folder's `explaining.py` does it; without one nothing has a name.
        """
        if find_spec(f"{self.package}.explaining") is None:
            return None
        said: str | None = self._part("explaining").explain_named(root, study, found, name)
        return said

    def announce(self, frame: Frame, study: Study) -> tuple[str, ...]:
        """Return the lines that say beforehand what is going to be measured."""
        describe = getattr(self._part("study"), "announce", None)
        return () if describe is None else tuple(describe(frame, study))

    def _part(self, name: str) -> Any:
        return import_module(f"{self.package}.{name}")
