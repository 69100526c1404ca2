"""Search flakes in one suite: a survey of the whole suite under many conditions, then a diagnosis of what flipped.

The search is a generator that gives batches of circumstances and takes their trials. It never runs anything itself and
depends on nothing but the trials it is given, so the same search can be driven by a command, replayed from a
journal, or fed by a test.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bench.flakiness import knowledge, never_passed, survey, unseen
from bench.flakiness.conditions import Circumstances
from bench.flakiness.diagnosis import complete, diagnose
from bench.flakiness.findings import UnseenFinding
from bench.flakiness.notebook import Batch, Notebook
from bench.flakiness.outcomes import Observation, broken, usable
from bench.flakiness.renaming import renamed
from bench.flakiness.survey import Limits
from bench.flakiness.verdict import Diagnosis
from bench.model import Trial

SURVEY_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What a search saw and made of it.

    `never_passed` gives for each test that never passed in the survey (passes, runs) over all trials;
    `unstable` counts tests whose names differ in each process; `appeared` and `changed` are files of its folder.
    """

    survey: tuple[Observation, ...]
    targeted: tuple[Observation, ...]
    diagnoses: tuple[Diagnosis, ...]
    never_passed: Mapping[str, tuple[int, int]]
    unstable: int
    unstable_functions: tuple[str, ...]
    appeared: tuple[str, ...]
    changed: tuple[str, ...]
    unseen: UnseenFinding | None
    is_spent: bool


def _followed(seen: Sequence[Observation]) -> tuple[Observation, ...]:
    whole = [each for each in usable(seen) if each.is_whole]
    return renamed(seen, knowledge.unstable_functions(whole))


def _searched(seen: Sequence[Observation], notebook: Notebook, diagnoses: tuple[Diagnosis, ...]) -> Searched:
    diagnosed = {each.test for each in diagnoses}
    never = [test for test in broken(notebook.survey) if test not in diagnosed]
    return Searched(
        survey=tuple(seen),
        targeted=tuple(notebook.targeted),
        diagnoses=diagnoses,
        never_passed={test: never_passed.count_of(notebook, test) for test in never},
        unstable=knowledge.unstable_tests(notebook.survey),
        unstable_functions=notebook.numbered,
        appeared=notebook.appeared,
        changed=knowledge.changed(notebook.survey),
        unseen=unseen.estimate(seen),
        is_spent=notebook.is_spent,
    )


class Search:
    """A search in one suite, fed with trials one at a time: a survey in half of the time, then its diagnosis.

    `wanted` is the batch that comes next, () once it is done; `count` is how many trials it has used. The same trials
    give the same search, live or replayed from a journal.
    """

    def __init__(self, seed: int, *, limits: Limits, installed: Mapping[str, str]) -> None:
        """Begin the survey."""
        self._limits = limits
        self._installed = installed
        self._steps = survey.conduct(seed, installed, replace(limits, seconds=SURVEY_SHARE * limits.seconds))
        self._seen: list[Observation] = []
        self._taken: list[Trial] = []
        self._examination: Examination | None = None
        self._survey: Batch = next(self._steps)

    @property
    def wanted(self) -> Batch:
        """Return the batch that comes next."""
        return self._survey if self._examination is None else self._examination.wanted

    @property
    def count(self) -> int:
        """Count the trials of complete batches."""
        return len(self._seen) + (0 if self._examination is None else self._examination.count)

    @property
    def searched(self) -> Searched:
        """Return what was found so far."""
        examination = self._examination or self._examined()
        return examination.searched

    def take(self, trial: Trial) -> None:
        """Take the next trial; what follows from a batch is decided once all of it is there."""
        if self._examination is not None:
            self._examination.take(trial)
            return
        self._taken.append(trial)
        if len(self._taken) == len(self._survey):
            taken, self._taken = self._taken, []
            self._seen += map(_observation, self._survey, taken)
            try:
                self._survey = self._steps.send(taken)
            except StopIteration:
                self._examination = self._examined()

    def _examined(self) -> "Examination":
        left = self._limits.seconds - survey.seconds(self._seen) / self._limits.jobs
        return Examination(self._seen, budget_seconds=left, installed=self._installed, jobs=self._limits.jobs)


def _observation(circumstances: Circumstances, trial: Trial) -> Observation:
    return Observation(circumstances=circumstances, trial=trial)


class Examination:
    """A diagnosis that is fed with trials one at a time; the same trials give the same diagnosis, live or replayed.

    `wanted` is the batch that it asks for, () once it is done; `count` is how many trials it has used.
    """

    def __init__(
        self, seen: Sequence[Observation], *, budget_seconds: float, installed: Mapping[str, str], jobs: int = 1
    ) -> None:
        """Begin the diagnosis of the survey `seen`."""
        self._seen = _followed(seen)
        self._notebook = Notebook(self._seen, budget_seconds=budget_seconds, jobs=jobs)
        self._steps = diagnose(self._notebook, installed)
        self._taken: list[Trial] = []
        self.wanted: Batch = next(self._steps, ())

    @property
    def count(self) -> int:
        """Count the trials of complete batches."""
        return len(self._notebook.targeted)

    @property
    def searched(self) -> Searched:
        """Return what was found so far."""
        return _searched(self._seen, self._notebook, complete(self._notebook))

    def take(self, trial: Trial) -> None:
        """Take the next trial; what follows from a batch is decided once all of it is there."""
        if not self.wanted:
            return
        self._taken.append(trial)
        if len(self._taken) == len(self.wanted):
            taken, self._taken = self._taken, []
            try:
                self.wanted = self._steps.send(taken)
            except StopIteration:
                self.wanted = ()
