"""The whole-suite trials of each cell: those of the search, and the timing trials as plain ones."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec

from bench.campaign.frame import Frame
from bench.experiments.flakiness.study import NAME, Study, searched
from bench.experiments.speed.study import NAME as TIMING
from bench.flakiness.conditions import Circumstances
from bench.flakiness.outcomes import Observation, broken, flipping, usable
from bench.flakiness.search import Examination
from bench.flakiness.summary import flaked
from bench.model import NO_BACKEND, Cell, Trial, spent_seconds

SURVEY_SHARE = 0.6
DIAGNOSIS = 1000  # targeted trials are numbered from here
UNKNOWN_HASH_SEED = 0
Surveys = Mapping[Cell, Sequence[Observation]]
Outcomes = Mapping[tuple[str, int], tuple[Trial, bool]]


def surveys(frame: Frame, trials: Sequence[Trial]) -> Surveys:
    """Collect the trials of each cell, with the circumstances that each of them says it ran under."""
    cells = [cell for backend in frame.backends for cell in searched(frame, backend)]
    return {cell: [observed(trial) for trial in trials if is_surveyed(trial, cell)] for cell in cells}


def is_surveyed(trial: Trial, cell: Cell) -> bool:
    """Tell whether a trial belongs to the survey of a cell: a timing trial, or one of the search's blocks."""
    return is_of(trial, cell) and (trial.experiment == TIMING or trial.block < DIAGNOSIS)


def observed(trial: Trial) -> Observation:
    """Return a trial with the circumstances that it says it ran under; a timing trial ran under none."""
    is_timing = trial.experiment == TIMING
    circumstances = Circumstances(hash_seed=UNKNOWN_HASH_SEED) if is_timing else circumstances_of(trial)
    return Observation(circumstances=circumstances, trial=trial)


def circumstances_of(trial: Trial) -> Circumstances:
    """Read from a trial what it ran under; raise msgspec.ValidationError where it does not say so."""
    return msgspec.convert(trial.spec.answers, Circumstances)


def is_of(trial: Trial, cell: Cell) -> bool:
    """Tell whether a trial ran the suite of `cell`, under whatever condition."""
    return trial.experiment in (NAME, TIMING) and replace(trial.cell, variant="", copy=0) == cell


def outcomes_of(survey: Sequence[Observation]) -> Outcomes:
    """Map condition and block to the trial and whether it flaked; timing trials are left out."""
    seen = usable(survey)
    always = broken(seen)
    return {
        (each.condition, each.trial.block): (each.trial, flaked(each, always))
        for each in seen
        if each.trial.experiment == NAME
    }


def examination(frame: Frame, study: Study, trials: Sequence[Trial], cell: Cell, seen: Surveys) -> Examination:
    """Take the diagnosis of a cell up from the trials; cells with suspects share what the survey leaves."""
    suspicious = sum(bool(flipping(observed)) for observed in seen.values())
    taken = Examination(
        seen[cell],
        budget_seconds=(1 - SURVEY_SHARE) * allowed_seconds(frame, study, trials) / max(suspicious, 1),
        installed=installed(with_database=frame.backends != (NO_BACKEND,)),
        jobs=study.jobs,
    )
    for trial in sorted((trial for trial in trials if is_targeted(trial, cell)), key=lambda trial: trial.block):
        taken.take(trial)
    return taken


def is_targeted(trial: Trial, cell: Cell) -> bool:
    """Tell whether a trial belongs to the diagnosis of a cell."""
    return trial.experiment == NAME and trial.block >= DIAGNOSIS and is_of(trial, cell)


def allowed_seconds(frame: Frame, study: Study, trials: Sequence[Trial]) -> float:
    """Return what the search may take: its share, and never more than the others have left of the budget."""
    others = spent_seconds(trial for trial in trials if trial.experiment != NAME)
    return max(min(study.seconds, frame.budget_seconds - others), 0.0)


def installed(*, with_database: bool) -> dict[str, str]:
    """Assume SQLAlchemy where there is a database; a suite without it shows that by not starting."""
    return {"sqlalchemy": ""} if with_database else {}
