"""Run the experiments' blocks, one trial after the other, into the journal."""

from collections.abc import Callable, Iterator, Sequence

from bench.campaign.plan import Plan
from bench.experiments import REGISTRY
from bench.model import Trial, TrialSpec
from bench.storage.journal import Journal

Execute = Callable[[TrialSpec], Trial]


def run(plan: Plan, journal: Journal, *, execute: Execute, watch: Callable[[TrialSpec, Trial], None]) -> None:
    """Run what the plan still wants; every finished trial is on the disk before the next one starts.

    `execute` runs one trial, `watch` is told after each. What the journal already holds is not run again.
    """
    for spec in _specifications(plan, journal.trials):
        trial = execute(spec)
        journal.append(trial)
        watch(spec, trial)


def _specifications(plan: Plan, trials: Sequence[Trial]) -> Iterator[TrialSpec]:
    """Yield the specifications not yet measured; `trials` grows while this runs."""
    for next_block in REGISTRY.values():
        while block := next_block(plan, trials):
            measured = {trial.key for trial in trials}
            yield from (spec for spec in block if spec.key not in measured)
