"""From hunts to findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.flakiness import bounds, clusters, replay
from bench.flakiness.clusters import Member
from bench.flakiness.findings import (
    CellFlakiness,
    ConditionCount,
    FlakeFinding,
    FlakinessComparison,
    FlakinessFinding,
    ReplayFinding,
)
from bench.flakiness.hunting import Hunted
from bench.flakiness.outcomes import Observation, broken, failed, usable, verdicts
from bench.flakiness.replay import Suite
from bench.flakiness.verdict import Diagnosis
from bench.model import Cell, Outcome, Style
from bench.statistics import upper_bound

Earlier = Mapping[str, tuple[int, int]]
MESSAGE_LIMIT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class CellHunt:
    """What was hunted in one cell, and how its suite is run by hand."""

    cell: Cell
    hunted: Hunted
    suite: Suite
    style: Style = "other"


def summarise(
    hunts: Sequence[CellHunt], *, comparisons: Sequence[FlakinessComparison] = (), earlier: Earlier | None = None
) -> FlakinessFinding:
    """Put the hunts of all cells together; `earlier` gives (failures, trials) of earlier equal runs by cell."""
    members = [
        Member(cell=each.cell, diagnosis=diagnosis, command=_command(each.suite, diagnosis))
        for each in hunts
        for diagnosis in each.hunted.diagnoses
    ]
    names = clusters.names(members)
    return FlakinessFinding(
        cells=tuple(cell_finding(each, earlier=(earlier or {}).get(each.cell.id, (0, 0))) for each in hunts),
        flakes=tuple(
            _flake(each, diagnosis, cluster=names[clusters.key(diagnosis)])
            for each in hunts
            for diagnosis in each.hunted.diagnoses
        ),
        clusters=clusters.clusters(members),
        comparisons=tuple(comparisons),
        suite_trials=sum(len(each.hunted.survey) for each in hunts),
        diagnosis_trials=sum(len(each.hunted.targeted) for each in hunts),
        seconds=round(sum(_seconds(each) for each in hunts), 1),
        warnings=tuple(warning for each in hunts for warning in _warnings(each)),
    )


def cell_finding(hunt: CellHunt, *, earlier: tuple[int, int]) -> CellFlakiness:
    """Count the trials of a cell in which any test failed that is not simply broken."""
    survey = usable(hunt.hunted.survey)
    always = broken(survey)
    outcomes = [(seen.condition, flaked(seen, always)) for seen in survey]
    failures, trials = sum(bad for _, bad in outcomes), len(outcomes)
    earlier_failures, earlier_trials = earlier
    counted = failures + earlier_failures, trials + earlier_trials
    return CellFlakiness(
        cell=hunt.cell.id,
        contender=hunt.cell.contender,
        style=hunt.style,
        backend=hunt.cell.backend,
        tests=len({test for seen in survey for test in verdicts(seen.trial)}),
        trials=trials,
        failures=failures,
        earlier_trials=earlier_trials,
        earlier_failures=earlier_failures,
        upper=upper_bound(*counted) if counted[1] else 1.0,
        words=bounds.bound_words(*counted),
        conditions=bounds.grid(outcomes),
        flaky_tests=len(hunt.hunted.diagnoses),
        broken=always,
        hangs=tuple(_hangs(hunt.hunted)),
    )


def flaked(seen: Observation, always: Sequence[str]) -> bool:
    """Tell whether a trial showed a flake: a failing test beside those that always fail, or a process that died."""
    bad = {test for test, good in verdicts(seen.trial).items() if not good}
    died = seen.trial.outcome in (Outcome.HUNG, Outcome.KILLED, Outcome.CRASHED)
    return bool(bad - set(always)) or died


def flake_grid(test: str, survey: Sequence[Observation]) -> tuple[ConditionCount, ...]:
    """Count one test's failures in whole-suite trials, by condition."""
    told = [(seen.condition, failed(seen.trial, test)) for seen in survey]
    return bounds.grid([(condition, bad) for condition, bad in told if bad is not None])


def _flake(hunt: CellHunt, diagnosis: Diagnosis, *, cluster: str) -> FlakeFinding:
    return FlakeFinding(
        test=diagnosis.test,
        cell=hunt.cell.id,
        contender=hunt.cell.contender,
        backend=hunt.cell.backend,
        flake_class=diagnosis.flake_class,
        role=diagnosis.role,
        causes=diagnosis.causes,
        cluster=cluster,
        reason=diagnosis.reason,
        message="" if diagnosis.failure is None else diagnosis.failure.message[:MESSAGE_LIMIT],
        conditions=flake_grid(diagnosis.test, usable(hunt.hunted.survey)),
        diagnosis_runs=sum(failed(seen.trial, diagnosis.test) is not None for seen in hunt.hunted.targeted),
        bisection_runs=diagnosis.bisection_runs,
        replay=_replay(hunt.suite, diagnosis),
    )


def _replay(suite: Suite, diagnosis: Diagnosis) -> ReplayFinding | None:
    if diagnosis.replay is None:
        return None
    return ReplayFinding(
        command=suite.command(diagnosis.replay),
        failures=diagnosis.replay.failures,
        runs=diagnosis.replay.runs,
        words=replay.words(diagnosis.replay),
    )


def _command(suite: Suite, diagnosis: Diagnosis) -> str:
    return "" if diagnosis.replay is None else suite.command(diagnosis.replay)


def _hangs(hunted: Hunted) -> list[str]:
    return [f"{seen.condition}: {seen.trial.message}" for seen in hunted.survey if seen.trial.outcome is Outcome.HUNG]


def _seconds(hunt: CellHunt) -> float:
    seen = (*hunt.hunted.survey, *hunt.hunted.targeted)
    return sum(each.trial.wall_ns + each.trial.overhead_ns for each in seen) / 1e9


def _warnings(hunt: CellHunt) -> list[str]:
    kept = usable(hunt.hunted.survey)
    left_out = sorted({seen.condition for seen in hunt.hunted.survey if seen not in kept})
    found = [f"{hunt.cell.id}: the suite does not run under {name}; left out" for name in left_out]
    unproven = [each.test for each in hunt.hunted.diagnoses if each.replay is None or not each.replay.is_proven]
    return found + [f"{hunt.cell.id}: no replay that fails 9 of 10 times was found for {test}" for test in unproven]
