"""What a trial says of each of its tests."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bench.flakiness.conditions import Circumstances
from bench.model import FailedPhase, Outcome, Trial

BAD = ("failed", "error")
UNUSABLE = (Outcome.COLLECTION_ERROR, Outcome.USAGE_ERROR, Outcome.NO_TESTS)
LEFT_OUT = ("skipped",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A trial and the circumstances it ran under."""

    circumstances: Circumstances
    trial: Trial

    @property
    def condition(self) -> str:
        """Name the condition."""
        return self.circumstances.condition


def verdicts(trial: Trial) -> Mapping[str, bool]:
    """Tell of each test that ran whether it was good; the one that hung or died was not."""
    told = {test.id: test.outcome not in BAD for test in trial.tests if test.outcome not in LEFT_OUT}
    return told | ({trial.unfinished: False} if trial.unfinished else {})


def failed(trial: Trial, test: str) -> bool | None:
    """Tell whether `test` failed in `trial`; None if it did not run."""
    good = verdicts(trial).get(test)
    return None if good is None else not good


def ran(trial: Trial) -> tuple[str, ...]:
    """Give the tests in the order in which they ran."""
    names = [test.id for test in trial.tests]
    return (*names, trial.unfinished) if trial.unfinished and trial.unfinished not in names else tuple(names)


def failure(trials: Iterable[Trial], test: str) -> FailedPhase | None:
    """Give the first failure of `test`; a hang is a failure in the phase "hang" with the stacks as message."""
    for trial in trials:
        for found in trial.failures:
            if found.id == test:
                return found
        if trial.unfinished == test:
            return FailedPhase(test, "hang" if trial.outcome is Outcome.HUNG else "crash", "", 0, trial.message)
    return None


def usable(trials: Sequence[Observation]) -> list[Observation]:
    """Leave out trials in which no test could run: the condition does not fit this suite."""
    return [seen for seen in trials if seen.trial.outcome not in UNUSABLE]


def flipping(observations: Sequence[Observation]) -> tuple[str, ...]:
    """Name the tests that were good in one trial and bad in another, in the order of their first trial."""
    good: dict[str, None] = {}
    bad: dict[str, None] = {}
    for seen in observations:
        for test, passed in verdicts(seen.trial).items():
            (good if passed else bad)[test] = None
    return tuple(test for test in bad if test in good)


def broken(observations: Sequence[Observation]) -> tuple[str, ...]:
    """Name the tests that ran at least twice and never passed."""
    told = [verdicts(seen.trial) for seen in observations]
    tests = dict.fromkeys(test for each in told for test in each)
    return tuple(test for test in tests if all(not each[test] for each in told if test in each))
