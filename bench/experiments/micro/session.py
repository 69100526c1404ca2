"""A few processes per backend that run the micro-benchmarks with pytest-benchmark in the subject environment."""

from collections.abc import Iterator, Sequence

from bench.campaign.frame import Frame
from bench.experiments.micro.study import NAME, Study
from bench.experiments.once import Once
from bench.model import Trial, TrialSpec, contender_cell
from bench.statistics import draw_block


class Session(Once):
    """The rounds that are still to be run."""

    def __init__(self, frame: Frame, study: Study, trials: Sequence[Trial]) -> None:
        """Leave out what the journal holds."""
        super().__init__(_specifications(frame, study), trials)


def _specifications(frame: Frame, study: Study) -> Iterator[TrialSpec]:
    for index in range(study.processes):
        for backend in study.backends:
            yield _specification(frame, study, backend, index)


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
