"""What a search has seen so far; every run of a diagnosis goes through here."""

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import TypeAlias, TypeVar

from bench.flakiness import knowledge
from bench.flakiness.conditions import PLAIN, Circumstances
from bench.flakiness.outcomes import Observation, ends_elsewhere, exonerated, failed, is_death, usable, verdicts
from bench.flakiness.verdict import Diagnosis
from bench.model import Trial

Found = TypeVar("Found")
Batch: TypeAlias = tuple[Circumstances, ...]
Steps: TypeAlias = Generator[Batch, Sequence[Trial], Found]
"""A search step by step: it asks for trials that do not depend on each other and is sent them in the same order."""
PLAIN_LIKE = (PLAIN, "hash-seed", "watched")


class BudgetSpentError(Exception):
    """The time of a diagnosis is up: it ends with what it has, and what it had no time for is named as such."""


class Notebook:
    """The observations of one cell: `survey` of the whole suite, `focused` ones of some tests, then targeted runs."""

    def __init__(self, seen: Sequence[Observation], *, budget_seconds: float, jobs: int = 1) -> None:
        """Begin with the survey; targeted runs may take `budget_seconds` together, `jobs` of them at once."""
        kept = usable(seen)
        self.is_dying = ends_elsewhere(kept)
        self.deaths = tuple(each for each in kept if is_death(each.trial))
        if self.is_dying:
            kept = [replace(each, trial=exonerated(each.trial)) for each in kept]
        self.survey = tuple(each for each in kept if each.is_whole)
        self.focused = tuple(each for each in kept if not each.is_whole)
        # With `is_dying`, the process ends during another test each time, and the test under way is not to blame.
        self.targeted: list[Observation] = []
        self.diagnoses: dict[str, Diagnosis] = {}
        self.jobs = max(jobs, 1)
        self.numbered = knowledge.unstable_functions(self.survey)
        self.left: dict[str, tuple[str, ...]] = dict(knowledge.left_behind(self.survey))
        self.appeared = knowledge.appeared(self.survey)
        self._left_ns = budget_seconds * 1e9

    @property
    def is_spent(self) -> bool:
        """Whether the targeted runs are used up."""
        return self._left_ns <= 0

    def as_run(self, circumstances: Circumstances) -> Circumstances:
        """Give circumstances as they are run: tests whose ids differ in each process are followed by number."""
        return replace(circumstances, numbered=self.numbered)

    def run(self, circumstances: Circumstances) -> Steps[Trial]:
        """Ask for one run that has the machine for itself, and keep what it showed; raise BudgetSpentError."""
        (trial,) = yield from self._ask((circumstances,))
        return trial

    def run_all(self, wanted: Sequence[Circumstances]) -> Steps[list[Trial]]:
        """Ask for runs that do not depend on each other, as many at once as there are jobs."""
        trials: list[Trial] = []
        for start in range(0, len(wanted), self.jobs):
            trials += yield from self._ask(tuple(wanted[start : start + self.jobs]))
        return trials

    def _ask(self, batch: Batch) -> Steps[Sequence[Trial]]:
        if self.is_spent:
            raise BudgetSpentError
        chosen = tuple(map(self.as_run, batch))
        trials = yield chosen
        if self.is_dying:
            trials = [exonerated(trial) for trial in trials]
        self._left_ns -= sum(trial.cost_ns for trial in trials) / len(batch)
        for circumstances, trial in zip(chosen, trials, strict=True):
            self.targeted.append(Observation(circumstances=circumstances, trial=trial))
            self.left.update(knowledge.left_behind(self.targeted[-1:]))
        return trials

    def survey_of(self, test: str, *, bad: bool) -> list[Observation]:
        """Give the whole-suite trials in which `test` failed, or was good; those with few conditions first."""
        chosen = [seen for seen in self.survey if failed(seen.trial, test) is bad]
        return sorted(chosen, key=lambda seen: len(seen.circumstances.settings))

    def independent(self, test: str) -> list[tuple[Observation, bool]]:
        """Give every run of `test` with its outcome that carries at most one condition and no order of the suite."""
        shown = [
            (seen, failed(seen.trial, test))
            for seen in (*self.survey, *self.focused, *self.targeted)
            if len(seen.circumstances.settings) <= 1 and not (seen.is_whole and seen.is_shuffled)
        ]
        return [(seen, bad) for seen, bad in shown if bad is not None]

    def is_noted(self, test: str, what: str) -> bool:
        """Whether a condition noted that it had something to do with `test`."""
        return any(test in seen.trial.facts.get(what, ()) for seen in (*self.survey, *self.focused, *self.targeted))

    def tests(self) -> tuple[str, ...]:
        """Name every test that ran in the survey."""
        return tuple(dict.fromkeys(test for seen in self.survey for test in verdicts(seen.trial)))

    def natural_order(self) -> tuple[str, ...]:
        """Name the tests in the order in which they are written, skipped ones included."""
        plain = [seen for seen in self.survey if not seen.is_shuffled and seen.circumstances.numbered == self.numbered]
        plain += [seen for seen in self.survey if not seen.is_shuffled]
        longest = max(plain, key=lambda seen: len(seen.trial.tests), default=None)
        return () if longest is None else tuple(test.id for test in longest.trial.tests)
