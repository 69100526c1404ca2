"""Hunt flakes in one suite: a survey of the whole suite under many conditions, then a diagnosis of what flipped.

The hunt is a generator that gives circumstances and takes trials. It never runs anything itself and depends on
nothing but the trials it is given, so the same hunt can be driven by a command, replayed from a journal, or
fed by a test.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

from bench.flakiness import survey
from bench.flakiness.conditions import Circumstances
from bench.flakiness.diagnosis import complete, diagnose
from bench.flakiness.notebook import Notebook
from bench.flakiness.outcomes import Observation
from bench.flakiness.verdict import Diagnosis
from bench.model import Trial

SURVEY_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunted:
    """What a hunt saw and made of it."""

    survey: tuple[Observation, ...]
    targeted: tuple[Observation, ...]
    diagnoses: tuple[Diagnosis, ...]


def hunt(
    seed: int, *, suite_runs: int, budget_seconds: float, installed: Mapping[str, str]
) -> Generator[Circumstances, Trial, Hunted]:
    """Survey by at most `suite_runs` suite runs and half of the budget, then diagnose with the rest."""
    seen = yield from survey.conduct(
        seed, installed, suite_runs=suite_runs, budget_seconds=SURVEY_SHARE * budget_seconds
    )
    spent = sum(each.trial.wall_ns + each.trial.overhead_ns for each in seen) / 1e9
    return (yield from examine(seen, budget_seconds=budget_seconds - spent, installed=installed))


def examine(
    seen: Sequence[Observation], *, budget_seconds: float, installed: Mapping[str, str]
) -> Generator[Circumstances, Trial, Hunted]:
    """Diagnose what flipped in a survey that has been made."""
    notebook = Notebook(seen, budget_seconds=budget_seconds)
    diagnoses = yield from diagnose(notebook, installed)
    return Hunted(survey=tuple(seen), targeted=tuple(notebook.targeted), diagnoses=diagnoses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A diagnosis taken up from trials that have been run: what it found, and what it wants next (None: nothing)."""

    hunted: Hunted
    wanted: Circumstances | None


def replayed(
    seen: Sequence[Observation], trials: Sequence[Trial], *, budget_seconds: float, installed: Mapping[str, str]
) -> Replayed:
    """Feed the diagnosis of `seen` with the targeted trials that a journal holds, in their order."""
    notebook = Notebook(seen, budget_seconds=budget_seconds)
    steps = diagnose(notebook, installed)
    wanted: Circumstances | None = None
    try:
        wanted = next(steps)
        for trial in trials:
            wanted = steps.send(trial)
    except StopIteration:
        wanted = None
    hunted = Hunted(survey=tuple(seen), targeted=tuple(notebook.targeted), diagnoses=complete(notebook))
    return Replayed(hunted=hunted, wanted=wanted)
