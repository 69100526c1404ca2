"""The search for flakes: in blocks of all contenders, or in one suite with everything that a search has."""

from collections.abc import Sequence

from bench.campaign.frame import Frame
from bench.experiments.flakiness.blocks import Blocks
from bench.experiments.flakiness.one_suite import OneSuite
from bench.experiments.flakiness.study import Study
from bench.model import Trial, TrialSpec


class Session:
    """The search of a run, taken up from its journal."""

    def __init__(self, frame: Frame, study: Study, trials: Sequence[Trial]) -> None:
        """Take what the journal holds."""
        self._kind = OneSuite(frame, study, trials) if study.suite_runs else Blocks(frame, study, trials)

    def next_block(self) -> tuple[TrialSpec, ...]:
        """Return the trials that come next; () when the search is done."""
        return self._kind.next_block()

    def took(self, trial: Trial) -> None:
        """Take a finished trial into account."""
        self._kind.took(trial)
