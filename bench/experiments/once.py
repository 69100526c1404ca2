"""A session of trials that are run once each, in whatever order: what a study wants is known from the start."""

from collections.abc import Iterable, Sequence

from bench.model import Trial, TrialSpec


class Once:
    """The trials that are still to be run."""

    def __init__(self, wanted: Iterable[TrialSpec], trials: Sequence[Trial]) -> None:
        """Leave out what the journal holds."""
        measured = {trial.key for trial in trials}
        self._wanted = [spec for spec in wanted if spec.key not in measured]

    def next_block(self) -> tuple[TrialSpec, ...]:
        """Return all that was not run yet."""
        return tuple(self._wanted)

    def took(self, trial: Trial) -> None:
        """Strike a finished trial off the list."""
        self._wanted = [spec for spec in self._wanted if spec.key != trial.key]
