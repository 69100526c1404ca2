"""How often each contender's trials failed; every timing trial is a flake trial too."""

import re
from collections.abc import Sequence

from bench.campaign.plan import Plan
from bench.experiments import flakiness, speed
from bench.findings import FailureFinding
from bench.model import Trial
from bench.paired.equal_work import failed
from bench.statistics import upper_bound

# The two errors that the record names, and the ones that closed or foreign loops give.
LOOP_ERRORS = re.compile(
    r"greenlet_spawn has not been called|MissingGreenlet|attached to a different loop|"
    r"bound to a different event loop|Event loop is closed|got Future .* attached",
)


def failures(plan: Plan, trials: Sequence[Trial]) -> tuple[FailureFinding, ...]:
    """Count trials and failed trials of each contender on each backend."""
    return tuple(
        _finding(contender.id, backend, failed(own), trials=len(own))
        for backend in plan.backends
        for contender in plan.contenders
        if (own := _trials(trials, contender.id, backend))
    )


def provoked(plan: Plan, trials: Sequence[Trial]) -> tuple[FailureFinding, ...]:
    """Count trials under conditions and those that showed a flake, where all contenders met the same conditions."""
    hunted = flakiness.outcomes(plan, trials)
    found = []
    for backend in plan.backends:
        own = {cell: seen for cell, seen in hunted.items() if cell.backend == backend}
        places = set.intersection(*(set(seen) for seen in own.values())) if own else set()
        for cell, seen in own.items() if places else ():
            bad = [trial for place, (trial, flaked) in sorted(seen.items()) if place in places and flaked]
            found.append(_finding(cell.contender, backend, bad, trials=len(places)))
    return tuple(found)


def _trials(trials: Sequence[Trial], contender: str, backend: str) -> list[Trial]:
    return [
        trial
        for trial in trials
        if trial.experiment == speed.NAME and (trial.cell.contender, trial.cell.backend) == (contender, backend)
    ]


def _finding(contender: str, backend: str, bad: Sequence[Trial], *, trials: int) -> FailureFinding:
    return FailureFinding(
        contender=contender,
        backend=backend,
        trials=trials,
        failed=len(bad),
        upper_bound=upper_bound(len(bad), trials),
        loop_errors=sum(_is_loop_error(trial) for trial in bad),
        first_message=bad[0].message.strip().rpartition("\n")[2][:200] if bad else "",
    )


def _is_loop_error(trial: Trial) -> bool:
    return any(LOOP_ERRORS.search(words) for words in (trial.message, *(each.message for each in trial.failures)))
