"""From trials to how each attempt ended. A failing attempt is an answer, not a defect of the run."""

from collections.abc import Sequence

from bench.campaign.frame import Frame
from bench.experiments.attempts.finding import AttemptFinding, AttemptsFinding
from bench.experiments.attempts.study import NAME, Study
from bench.experiments.contract import Background
from bench.model import Outcome, Trial, Variant
from bench.paired.equal_work import twin_id


def analyse(frame: Frame, study: Study, trials: Sequence[Trial], background: Background) -> AttemptsFinding:  # noqa: ARG001 - the shape of every analysis
    """Report of each attempt how it ended."""
    known = {variant.id: variant for variant in study.variants}
    return AttemptsFinding(
        attempts=tuple(
            _finding(known[trial.cell.variant], trial)
            for trial in trials
            if trial.experiment == NAME and trial.cell.variant in known
        )
    )


def _finding(variant: Variant, trial: Trial) -> AttemptFinding:
    bad = [test.id for test in trial.tests if test.outcome in ("failed", "error")]
    return AttemptFinding(
        attempt=variant.id,
        title=variant.title,
        contender=variant.contender,
        backend=trial.cell.backend,
        outcome=trial.outcome.value,
        passed=trial.outcome is Outcome.PASSED,
        tests=len(trial.tests),
        failed_tests=tuple(sorted(twin_id(test) for test in bad)),
        first_message=trial.message[:500],
    )
