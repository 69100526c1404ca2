"""How often each contender's trials failed; every timing trial is a flake trial too."""

import re
from collections.abc import Sequence

from bench.equal_work import failed
from bench.experiments import speed
from bench.findings import FailureFinding
from bench.model import Trial
from bench.plan import Plan
from bench.statistics import upper_bound

# The two errors that the record names, and the ones that closed or foreign loops give.
LOOP_ERRORS = re.compile(
    r"greenlet_spawn has not been called|MissingGreenlet|attached to a different loop|"
    r"bound to a different event loop|Event loop is closed|got Future .* attached",
)


def failures(plan: Plan, trials: Sequence[Trial]) -> tuple[FailureFinding, ...]:
    """Count trials and failed trials of each contender on each backend."""
    return tuple(
        _failure(contender.id, backend, own)
        for backend in plan.backends
        for contender in plan.contenders
        if (own := _trials(trials, contender.id, backend))
    )


def _trials(trials: Sequence[Trial], contender: str, backend: str) -> list[Trial]:
    return [
        trial
        for trial in trials
        if trial.experiment == speed.NAME and (trial.cell.contender, trial.cell.backend) == (contender, backend)
    ]


def _failure(contender: str, backend: str, trials: Sequence[Trial]) -> FailureFinding:
    bad = failed(trials)
    return FailureFinding(
        contender=contender,
        backend=backend,
        trials=len(trials),
        failed=len(bad),
        upper_bound=upper_bound(len(bad), len(trials)),
        loop_errors=sum(bool(LOOP_ERRORS.search(trial.message)) for trial in bad),
        first_message=bad[0].message.strip().rpartition("\n")[2][:200] if bad else "",
    )
