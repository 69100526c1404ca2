"""From trials to how often each contender failed."""

import re
from collections.abc import Sequence

from bench.campaign.frame import Frame
from bench.experiments.contract import Background
from bench.experiments.reliability.finding import FailureFinding, ReliabilityFinding
from bench.experiments.reliability.study import Study
from bench.experiments.speed.study import NAME as TIMING
from bench.model import Trial
from bench.paired.equal_work import failed
from bench.statistics import upper_bound

# The two errors that the record names, and the ones that closed or foreign loops give.
LOOP_ERRORS = re.compile(
    r"greenlet_spawn has not been called|MissingGreenlet|attached to a different loop|"
    r"bound to a different event loop|Event loop is closed|got Future .* attached",
)


def analyse(frame: Frame, study: Study, trials: Sequence[Trial], background: Background) -> ReliabilityFinding:  # noqa: ARG001 - the shape of every analysis
    """Count trials and failed trials of each contender on each backend."""
    timing = [trial for trial in trials if trial.experiment == TIMING]
    return ReliabilityFinding(
        failures=tuple(
            failure(contender.id, backend, failed(ran), trials=len(ran))
            for backend in frame.backends
            for contender in frame.contenders
            if (ran := [t for t in timing if (t.cell.contender, t.cell.backend) == (contender.id, backend)])
        )
    )


def failure(contender: str, backend: str, bad: Sequence[Trial], *, trials: int) -> FailureFinding:
    """Sum up the failed ones among so many trials."""
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
