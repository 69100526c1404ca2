"""From the trials of a block to the level of each stage."""

import math
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence

from bench.experiments.blame.blocks import Measured
from bench.experiments.blame.chain import Stage
from bench.experiments.blame.target import COLLECTION, Target
from bench.model import Outcome, Trial, TrialSpec

NOT_STARTED = frozenset({Outcome.COLLECTION_ERROR, Outcome.NO_TESTS, Outcome.USAGE_ERROR, Outcome.CRASHED})
Work = Counter[tuple[str, str]]


def stage_of(spec: TrialSpec) -> Stage:
    """Return the stage that a trial answers for."""
    return Stage(frozenset(spec.answers["units"]), int(spec.answers["copy"]))


def work_of(trial: Trial) -> Work:
    """Count what a suite executed: times of other work are not compared."""
    return Counter((test.id, test.outcome) for test in trial.tests)


def measured(target: Target, trials: Sequence[Trial], *, usual: Mapping[str, Work], seconds: float) -> Measured:
    """Return the levels of a whole block; `usual` is the work of each contender under the earlier set."""
    stages: dict[Stage, list[Trial]] = {}
    for trial in trials:
        stages.setdefault(stage_of(trial.spec), []).append(trial)
    levels = {stage: level(target, found, usual=usual) for stage, found in stages.items()}
    return Measured(
        levels={stage: found for stage, found in levels.items() if found is not None},
        failed=frozenset(stage for stage, found in levels.items() if found is None),
        seconds=seconds,
    )


def level(target: Target, trials: Sequence[Trial], *, usual: Mapping[str, Work]) -> float | None:
    """Return the level of one stage, None where its trials do not answer the question."""
    if target.is_failure:
        shows = [failure(target, trial) for trial in trials]
        return None if None in shows else float(any(shows))
    logs: dict[str, list[float]] = {name: [] for name in target.contenders}
    for trial in trials:
        amount = _amount(target, trial)
        is_usual = trial.cell.contender not in usual or work_of(trial) == usual[trial.cell.contender]
        if amount is None or not is_usual:
            return None
        logs[trial.cell.contender].append(math.log(amount))
    means = [statistics.fmean(found) for found in logs.values() if found]
    return means[0] - means[1] if target.over else means[0]


def failure(target: Target, trial: Trial) -> bool | None:
    """Return whether the failure shows in a trial, None where the trial never came so far."""
    if target.name == COLLECTION:
        return trial.outcome in NOT_STARTED
    outcomes = [test.outcome for test in trial.tests if test.id == target.name]
    if outcomes:
        return any(outcome in {"failed", "error"} for outcome in outcomes)
    return True if trial.unfinished == target.name else None


def _amount(target: Target, trial: Trial) -> float | None:
    """Return what is timed, in any unit; None where the trial did not pass or its clock saw nothing."""
    if trial.outcome is not Outcome.PASSED:
        return None
    match target.measure:
        case "micro":
            named = (b["stats"]["median"] for b in trial.benchmarks if target.name in _names(b))
            amount = float(next(named, 0.0))
        case "cpu":
            amount = float(trial.cpu_ns)
        case _:
            amount = float(trial.wall_ns)
    return amount if amount > 0 else None


def _names(benchmark: Mapping[str, object]) -> tuple[object, ...]:
    """Return what a micro-cost may be called: its name, or the title that the page shows."""
    extra = benchmark.get("extra")
    return benchmark.get("name"), extra.get("title") if isinstance(extra, Mapping) else None
