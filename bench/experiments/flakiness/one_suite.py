"""The search in one suite: a survey of whole and of focused runs, then a diagnosis, several trials at once.

All of it follows from the plan and the trials: the session of a run and the analysis of its journal are one search.
"""

from collections.abc import Sequence
from dataclasses import replace

from bench.campaign.frame import Frame
from bench.errors import RunError
from bench.experiments.flakiness.study import NAME, Study
from bench.experiments.flakiness.surveys import circumstances_of
from bench.flakiness import specification
from bench.flakiness.conditions import Circumstances
from bench.flakiness.search import Search, Searched
from bench.flakiness.survey import Limits
from bench.model import Cell, Trial, TrialSpec


class OneSuite:
    """The search in the only cell of a frame, fed with trials in the order in which it asks for them."""

    def __init__(self, frame: Frame, study: Study, trials: Sequence[Trial]) -> None:
        """Take what the journal holds; raise RunError where another version of the search asked for it."""
        self._study = study
        self.cell: Cell = frame.suites(frame.backends[0])[0]
        limits = Limits(suite_runs=study.suite_runs, seconds=study.seconds, jobs=study.jobs, until=study.until)
        self._search = Search(frame.seed, limits=limits, installed=dict.fromkeys(study.packages, ""))
        self._waiting: dict[int, Trial] = {}
        for trial in trials:
            if trial.experiment == NAME:
                self.took(trial)

    @property
    def searched(self) -> Searched:
        """Return what was found so far."""
        return self._search.searched

    def next_block(self) -> tuple[TrialSpec, ...]:
        """Return the batch that the search asks for; () when it is done."""
        first = self._search.count
        return tuple(
            specification.specify(self.cell, self._as_run(wanted), block=first + place, position=0)
            for place, wanted in enumerate(self._search.wanted)
        )

    def took(self, trial: Trial) -> None:
        """Keep a finished trial, and pass a batch on once all of it is there."""
        self._waiting[trial.block] = trial
        batch, first = self._search.wanted, self._search.count
        places = range(first, first + len(batch))
        if not batch or not all(place in self._waiting for place in places):
            return
        for place, wanted in zip(places, batch, strict=True):
            finished = self._waiting.pop(place)
            _check(finished, self._as_run(wanted))
            self._search.take(finished)

    def _as_run(self, wanted: Circumstances) -> Circumstances:
        """Run in a copy of the folder where the plan says so and the search does not choose one itself."""
        is_copied = self._study.copies and wanted.copied_without is None
        return replace(wanted, copied_without=()) if is_copied else wanted


def _check(trial: Trial, wanted: Circumstances) -> None:
    if circumstances_of(trial) != wanted:
        raise RunError(
            f"the trial {trial.key} answers another question than this version of the search asks",
            cause="a search follows from its trials, and the run was begun by another version of the harness",
            hint="read it with the version that began it, or search again",
        )
