"""Every suite, again and again, with warnings as errors."""

from bench.model import TrialSpec
from tests.extending.strictness.study import NAME


class Session:
    """The runs that are still to come."""

    def __init__(self, frame, study, trials):
        measured = {trial.key for trial in trials if trial.experiment == NAME}
        cells = [cell for backend in frame.backends for cell in frame.suites(backend)]
        wanted = [_run(cell, block, place) for block in range(study.times) for place, cell in enumerate(cells)]
        self._wanted = [spec for spec in wanted if spec.key not in measured]

    def next_block(self):
        return tuple(self._wanted)

    def took(self, trial):
        self._wanted = [spec for spec in self._wanted if spec.key != trial.key]


def _run(cell, block, position):
    return TrialSpec(
        experiment=NAME,
        cell=cell,
        block=block,
        position=position,
        warmup=False,
        hash_seed=1,
        padding_bytes=0,
        arguments=("-W", "error"),
    )
