"""What a hunt has seen so far; every run of a hunt goes through here."""

from collections.abc import Generator, Sequence

from bench.flakiness.conditions import PLAIN, Circumstances
from bench.flakiness.outcomes import Observation, failed, usable, verdicts
from bench.flakiness.verdict import Diagnosis
from bench.model import Trial

Run = Generator[Circumstances, Trial, Trial]
PLAIN_LIKE = (PLAIN, "hash-seed")
SHUFFLED = ("random-order", "random-order-reversed", "reverse-order")
ORDERS = (*SHUFFLED, "two-workers")  # workers share the tests between them, so each runs only some


class Notebook:
    """The observations of one cell: `survey` of the whole suite, then targeted runs of few tests."""

    def __init__(self, survey: Sequence[Observation], *, budget_seconds: float) -> None:
        """Begin with the whole-suite trials; targeted runs may take `budget_seconds` together."""
        self.survey = tuple(usable(survey))
        self.targeted: list[Observation] = []
        self.diagnoses: dict[str, Diagnosis] = {}
        self._left_ns = budget_seconds * 1e9

    @property
    def is_spent(self) -> bool:
        """Tell whether the targeted runs are used up."""
        return self._left_ns <= 0

    def run(self, circumstances: Circumstances) -> Run:
        """Ask for one run and keep what it showed."""
        trial = yield circumstances
        self._left_ns -= trial.wall_ns + trial.overhead_ns
        self.targeted.append(Observation(circumstances=circumstances, trial=trial))
        return trial

    def survey_of(self, test: str, *, bad: bool) -> list[Observation]:
        """Give the whole-suite trials in which `test` failed, or was good."""
        return [seen for seen in self.survey if failed(seen.trial, test) is bad]

    def independent(self, test: str) -> list[tuple[Observation, bool]]:
        """Give every run of `test` that is not shuffled, the whole suite's and the targeted ones, with its outcome."""
        told = [
            (seen, failed(seen.trial, test))
            for seen in (*self.survey, *self.targeted)
            if seen.circumstances.condition not in SHUFFLED
        ]
        return [(seen, bad) for seen, bad in told if bad is not None]

    def is_noted(self, test: str, what: str) -> bool:
        """Tell whether a condition noted that it had something to do with `test`."""
        return any(test in seen.trial.facts.get(what, ()) for seen in (*self.survey, *self.targeted))

    def tests(self) -> tuple[str, ...]:
        """Name every test that ran in the survey."""
        return tuple(dict.fromkeys(test for seen in self.survey for test in verdicts(seen.trial)))
