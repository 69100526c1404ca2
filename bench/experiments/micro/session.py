"""A few processes per backend that run the micro-benchmarks with pytest-benchmark in the subject environment."""

from collections.abc import Sequence

from bench.campaign.frame import Frame
from bench.experiments.micro.study import NAME, Study
from bench.model import Trial, TrialSpec, contender_cell
from bench.statistics import draw_block


class Session:
    """The rounds that are still to be run."""

    def __init__(self, frame: Frame, study: Study, trials: Sequence[Trial]) -> None:
        """Leave out what the journal holds."""
        measured = {trial.key for trial in trials if trial.experiment == NAME}
        rounds = [
            _specification(frame, study, backend, index)
            for index in range(study.processes)
            for backend in study.backends
        ]
        self._wanted = [spec for spec in rounds if spec.key not in measured]

    def next_block(self) -> tuple[TrialSpec, ...]:
        """Return the processes that were not run yet."""
        return tuple(self._wanted)

    def took(self, trial: Trial) -> None:
        """Strike a finished process off the list."""
        self._wanted = [spec for spec in self._wanted if spec.key != trial.key]


def _specification(frame: Frame, study: Study, backend: str, index: int) -> TrialSpec:
    cell = contender_cell(study.contender, backend)
    draw = draw_block((cell,), seed=frame.seed, group=f"{NAME}/{backend}", index=index)
    return TrialSpec(
        experiment=NAME,
        cell=cell,
        block=index,
        position=0,
        warmup=False,
        hash_seed=draw.hash_seed,
        padding_bytes=draw.padding_bytes,
    )
