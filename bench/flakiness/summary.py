"""From searches to findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.flakiness import bounds, clusters, earlier_files, replay
from bench.flakiness.clusters import Member
from bench.flakiness.findings import (
    CellFlakiness,
    ConditionCount,
    ContrastFinding,
    FlakeFinding,
    FlakinessComparison,
    FlakinessFinding,
    NeverPassed,
    ReplayFinding,
)
from bench.flakiness.outcomes import Observation, failed, usable, verdicts
from bench.flakiness.replay import Suite
from bench.flakiness.search import Searched
from bench.flakiness.verdict import Diagnosis
from bench.model import Cell, Outcome, Style
from bench.statistics import upper_bound

Earlier = Mapping[str, tuple[int, int]]
MESSAGE_LIMIT = 1000
MOST_WARNED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class CellSearch:
    """What was searched in one cell, and how its suite is run by hand."""

    cell: Cell
    searched: Searched
    suite: Suite
    style: Style = "other"


def summarise(
    searches: Sequence[CellSearch], *, comparisons: Sequence[FlakinessComparison] = (), earlier: Earlier | None = None
) -> FlakinessFinding:
    """Put the searches of all cells together; `earlier` gives (failures, trials) of earlier equal runs by cell."""
    members = [
        Member(cell=each.cell, diagnosis=diagnosis, command=_command(each.suite, diagnosis))
        for each in searches
        for diagnosis in each.searched.diagnoses
    ]
    names = clusters.names(members)
    return FlakinessFinding(
        cells=tuple(cell_finding(each, earlier=(earlier or {}).get(each.cell.id, (0, 0))) for each in searches),
        flakes=tuple(
            _flake(each, diagnosis, cluster=names[clusters.key(diagnosis)])
            for each in searches
            for diagnosis in each.searched.diagnoses
        ),
        clusters=clusters.clusters(members),
        comparisons=tuple(comparisons),
        suite_trials=sum(seen.is_whole for each in searches for seen in each.searched.survey),
        diagnosis_trials=sum(len(each.searched.targeted) for each in searches)
        + sum(not seen.is_whole for each in searches for seen in each.searched.survey),
        seconds=round(sum(_seconds(each) for each in searches), 1),
        warnings=tuple(warning for each in searches for warning in _warnings(each)),
    )


def whole_trials(searched: Searched) -> list[Observation]:
    """Give the trials that ran the whole suite: the only ones that bound it."""
    return [seen for seen in usable(searched.survey) if seen.is_whole]


def cell_finding(search: CellSearch, *, earlier: tuple[int, int]) -> CellFlakiness:
    """Count the trials of a cell in which any test failed that is not simply broken."""
    survey = whole_trials(search.searched)
    always = tuple(search.searched.never_passed)
    outcomes = [(seen.circumstances.names, flaked(seen, always)) for seen in survey]
    failures, trials = sum(bad for _, bad in outcomes), len(outcomes)
    earlier_failures, earlier_trials = earlier
    counted = failures + earlier_failures, trials + earlier_trials
    return CellFlakiness(
        cell=search.cell.id,
        contender=search.cell.contender,
        style=search.style,
        backend=search.cell.backend,
        tests=max((len(verdicts(seen.trial)) for seen in survey), default=0),
        trials=trials,
        failures=failures,
        earlier_trials=earlier_trials,
        earlier_failures=earlier_failures,
        upper=upper_bound(*counted) if counted[1] else 1.0,
        words=bounds.bound_words(*counted),
        conditions=bounds.grid(outcomes),
        flaky_tests=sum(1 + len(each.alike) for each in search.searched.diagnoses),
        broken=always,
        hangs=tuple(_hangs(search.searched)),
        never_passed=tuple(_never(test, *counts) for test, counts in search.searched.never_passed.items()),
        unseen=search.searched.unseen,
        notes=tuple(_notes(search.searched)),
    )


def flaked(seen: Observation, always: Sequence[str]) -> bool:
    """Whether a trial showed a flake: a failing test beside those that always fail, or a process that died."""
    bad = {test for test, good in verdicts(seen.trial).items() if not good}
    died = seen.trial.outcome in (Outcome.HUNG, Outcome.KILLED, Outcome.CRASHED)
    return bool(bad - set(always)) or died


def flake_grid(test: str, survey: Sequence[Observation]) -> tuple[ConditionCount, ...]:
    """Count one test's failures in whole-suite trials, by condition."""
    shown = [(seen.circumstances.names, failed(seen.trial, test)) for seen in survey]
    return bounds.grid([(names, bad) for names, bad in shown if bad is not None])


def _flake(search: CellSearch, diagnosis: Diagnosis, *, cluster: str) -> FlakeFinding:
    return FlakeFinding(
        test=diagnosis.test,
        cell=search.cell.id,
        contender=search.cell.contender,
        backend=search.cell.backend,
        flake_class=diagnosis.flake_class,
        role=diagnosis.role,
        causes=diagnosis.causes,
        cluster=cluster,
        reason=diagnosis.reason,
        message="" if diagnosis.failure is None else diagnosis.failure.message[:MESSAGE_LIMIT],
        conditions=flake_grid(diagnosis.test, whole_trials(search.searched)),
        diagnosis_runs=sum(failed(seen.trial, diagnosis.test) is not None for seen in search.searched.targeted),
        bisection_runs=diagnosis.bisection_runs,
        replay=_replay(search.suite, diagnosis),
        contrast=_contrast(diagnosis),
        left=diagnosis.left,
        alike=diagnosis.alike,
    )


def _contrast(diagnosis: Diagnosis) -> ContrastFinding | None:
    found = diagnosis.contrast
    if found is None:
        return None
    return ContrastFinding(
        cause=found.cause,
        failures=found.failures,
        runs=found.runs,
        without_failures=found.without_failures,
        without_runs=found.without_runs,
        p_value=found.p_value,
        words=found.words,
    )


def _never(test: str, passes: int, runs: int) -> NeverPassed:
    upper = upper_bound(passes, runs) if runs else 1.0
    words = (
        f"never passed in {runs} runs, of the whole suite or alone; "
        f"it passes in at most {bounds.percent(upper)} of them (95 % confidence)"
    )
    return NeverPassed(test=test, runs=runs, upper=upper, words=words)


def _notes(searched: Searched) -> list[str]:
    notes = []
    if searched.unstable:
        functions = ", ".join(searched.unstable_functions[:3])
        notes.append(
            f"{searched.unstable} tests have names that differ in each process ({functions}); "
            "they are followed by number"
        )
    if searched.appeared:
        files = earlier_files.named(searched.appeared)
        notes.append(f"the suite leaves files in its folder: {files}; --copy searches in copies of the folder")
    if searched.changed:
        notes.append(f"the suite changes files of its folder: {earlier_files.named(searched.changed)}")
    if searched.unseen is not None:
        notes.append(searched.unseen.words)
    if searched.is_spent:
        notes.append("the budget ended before everything was looked into: --budget gives it more")
    return notes


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


def _hangs(searched: Searched) -> list[str]:
    return [f"{seen.condition}: {seen.trial.message}" for seen in searched.survey if seen.trial.outcome is Outcome.HUNG]


def _seconds(search: CellSearch) -> float:
    seen = (*search.searched.survey, *search.searched.targeted)
    return sum(each.trial.wall_ns + each.trial.overhead_ns for each in seen) / 1e9


def _warnings(search: CellSearch) -> list[str]:
    kept = usable(search.searched.survey)
    left_out = sorted({seen.condition for seen in search.searched.survey if seen not in kept})
    found = [f"{search.cell.id}: the suite does not run under {name}; left out" for name in left_out]
    diagnoses = search.searched.diagnoses
    unproven = [each.test for each in diagnoses if each.replay is None or not each.replay.is_proven]
    chains = {each.key for each in diagnoses if each.replay is not None and each.key}
    unproven = [each.test for each in diagnoses if each.test in unproven and each.key not in chains]
    found += [
        f"{search.cell.id}: no replay that fails 9 of 10 times was found for {test}" for test in unproven[:MOST_WARNED]
    ]
    if len(unproven) > MOST_WARNED:
        found.append(f"{search.cell.id}: nor for {len(unproven) - MOST_WARNED} more tests")
    return found
