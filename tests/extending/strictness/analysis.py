"""From trials to how many strict runs of each contender passed."""

from bench.model import Outcome
from tests.extending.strictness.finding import StrictnessFinding
from tests.extending.strictness.study import NAME


def analyse(frame, study, trials, background):
    """Count the runs of each contender."""
    ended = {contender.id: [] for contender in frame.contenders}
    for trial in trials:
        if trial.experiment == NAME:
            ended[trial.cell.contender].append(trial.outcome is Outcome.PASSED)
    return StrictnessFinding(passed={name: (sum(good), len(good)) for name, good in ended.items()})
