"""Run the experiments' blocks into the journal: timing trials one after the other, others on all cores."""

import functools
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

from bench.campaign.plan import Plan
from bench.errors import RunError
from bench.experiments.registry import EXPERIMENTS
from bench.model import Trial, TrialSpec
from bench.storage.journal import Journal

Execute = Callable[[TrialSpec], Trial]
Watch = Callable[[TrialSpec, Trial], None]


def run(plan: Plan, journal: Journal, *, execute: Execute, watch: Watch) -> None:
    """Run what the plan still wants; every finished trial is on the disk before the next block starts.

    `execute` runs one trial, `watch` is called after each. Trials whose
    times count run one by one, others as many at once as their experiment says.
    What the journal already holds is not run again. Raises RunError if it holds something else in the place of a trial.
    """
    for name, study in plan.studies.items():
        experiment = EXPERIMENTS[name]
        if not experiment.measures or not is_ours(plan, name):
            continue
        session = experiment.session(plan.frame, study, journal.trials)
        jobs = 1 if experiment.is_timing else experiment.jobs(study) or os.cpu_count() or 1
        with _executed(execute, jobs=jobs) as executed:
            while block := session.next_block():
                wanted = _not_measured(block, journal.trials)
                for spec, trial in zip(wanted, executed(wanted), strict=True):
                    kept = replace(trial, at_once=min(jobs, len(wanted)))
                    journal.append(kept)
                    session.took(kept)
                    watch(spec, kept)


def is_ours(plan: Plan, name: str) -> bool:
    """Tell whether this machine measures an experiment of the plan, or a part of it."""
    shard = plan.frame.shard
    if shard is None or EXPERIMENTS[name].shares_blocks:
        return True
    whole = [each for each in plan.studies if EXPERIMENTS[each].measures and not EXPERIMENTS[each].shares_blocks]
    return shard.takes(whole.index(name))


@contextmanager
def _executed(execute: Execute, *, jobs: int) -> Iterator[Callable[[Sequence[TrialSpec]], Iterable[Trial]]]:
    """Yield what runs the trials of a block, in their order."""
    if jobs == 1:
        yield functools.partial(map, execute)
        return
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        yield functools.partial(pool.map, execute)


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
