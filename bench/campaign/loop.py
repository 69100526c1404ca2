"""Run the experiments' blocks into the journal: timing trials one after the other, others on all cores."""

from collections.abc import Callable, Sequence

from bench.campaign.plan import Plan
from bench.errors import RunError
from bench.experiments.registry import EXPERIMENTS
from bench.model import Trial, TrialSpec
from bench.storage.journal import Journal

Execute = Callable[[TrialSpec], Trial]
Watch = Callable[[TrialSpec, Trial], None]


def run(plan: Plan, journal: Journal, *, execute: Execute, watch: Watch) -> None:
    """Run what the plan still wants; every finished trial is on the disk before the next one starts.

    `execute` runs one trial, `watch` is called after each. What the journal already holds is not run again. Raises
    RunError if it holds something else in the place of a trial.
    """
    for name, study in plan.studies.items():
        experiment = EXPERIMENTS[name]
        if not experiment.measures:
            continue
        session = experiment.session(plan.frame, study, journal.trials)
        while block := session.next_block():
            for spec in _not_measured(block, journal.trials):
                trial = execute(spec)
                journal.append(trial)
                session.took(trial)
                watch(spec, trial)


def _not_measured(block: Sequence[TrialSpec], trials: Sequence[Trial]) -> list[TrialSpec]:
    """Leave out what the journal holds, and check that it is the same."""
    measured = {trial.key: trial.spec for trial in trials}
    for spec in block:
        if spec.key in measured and measured[spec.key] != spec:
            raise RunError(
                f"the journal holds another trial in the place of {spec.key}",
                cause="this version of the harness, or the configuration, plans the trials of this run differently",
                hint="continue with the version that began the run, or start a new run without --resume",
            )
    return [spec for spec in block if spec.key not in measured]
