"""What a trial shows of each of its tests."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bench.flakiness.conditions import NATURAL, ORDERS, Circumstances
from bench.model import FailedPhase, Outcome, Trial

BAD = ("failed", "error")
UNUSABLE = (Outcome.COLLECTION_ERROR, Outcome.USAGE_ERROR, Outcome.NO_TESTS)
LEFT_OUT = ("skipped",)
LEAST = 2  # a test that was seen once is neither broken nor stable


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A trial and the circumstances it ran under."""

    circumstances: Circumstances
    trial: Trial

    @property
    def condition(self) -> str:
        """Name the conditions in one word."""
        return self.circumstances.condition

    @property
    def is_whole(self) -> bool:
        """Whether the whole suite ran, and so counts in a bound of it."""
        return self.circumstances.order.is_whole

    @property
    def is_shuffled(self) -> bool:
        """Whether tests ran in another order than they are written in."""
        orders = any(name in ORDERS for name in self.circumstances.names)
        return orders or self.circumstances.order != NATURAL


def verdicts(trial: Trial) -> Mapping[str, bool]:
    """Give for each test that ran whether it was good; the one that hung or died was not."""
    shown = {test.id: test.outcome not in BAD for test in trial.tests if test.outcome not in LEFT_OUT}
    return shown | ({trial.unfinished: False} if trial.unfinished else {})


def failed(trial: Trial, test: str) -> bool | None:
    """Whether `test` failed in `trial`; None if it was skipped or did not run."""
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
    shown = [verdicts(seen.trial) for seen in observations]
    runs: dict[str, list[bool]] = {}
    for each in shown:
        for test, good in each.items():
            runs.setdefault(test, []).append(good)
    return tuple(test for test, good in runs.items() if len(good) >= LEAST and not any(good))


def is_death(trial: Trial) -> bool:
    """Whether the process ended by itself, or by a signal, before its session did."""
    return trial.outcome in (Outcome.CRASHED, Outcome.KILLED)


def ends_elsewhere(observations: Sequence[Observation]) -> bool:
    """Whether processes ended during one test and during another: then it is no matter of these tests."""
    deaths = {seen.trial.unfinished for seen in observations if seen.is_whole and is_death(seen.trial)}
    return len(deaths - {""}) >= LEAST


def exonerated(trial: Trial) -> Trial:
    """Take the blame for the end of the process from the test that was under way."""
    return replace(trial, unfinished="") if is_death(trial) else trial


def function_of(test: str) -> str:
    """Give the id of a test without its parameters."""
    return test.partition("[")[0]


def file_of(test: str) -> str:
    """Give the file of a test."""
    return test.partition("::")[0]


def block_of(test: str) -> str:
    """Give the class of a test, or its file where it is in none."""
    return function_of(test).rpartition("::")[0]
