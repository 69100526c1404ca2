"""Each batch of cells once, the controls in the first."""

from collections.abc import Iterator, Sequence

from bench.campaign.frame import Frame
from bench.experiments.failure_modes.study import NAME, Study
from bench.experiments.once import Once
from bench.model import Cell, Trial, TrialSpec

SCRIPT = "experiments/failure_modes/subject/grid.py"


class Session(Once):
    """The batches that are still to be run."""

    def __init__(self, frame: Frame, study: Study, trials: Sequence[Trial]) -> None:  # noqa: ARG002 - the shape of a session
        """Leave out what the journal holds."""
        super().__init__(_specifications(study), trials)


def _specifications(study: Study) -> Iterator[TrialSpec]:
    for block, dependency_set in enumerate(study.dependency_sets):
        for backend in study.backends:
            for position, cells in enumerate(study.batches(backend)):
                yield TrialSpec(
                    experiment=NAME,
                    cell=Cell(contender=study.contender, dependency_set=dependency_set, backend=backend),
                    block=block,
                    position=position,
                    warmup=False,
                    hash_seed=0,
                    padding_bytes=0,
                    script=SCRIPT,
                    arguments=("--repeats", str(study.repeats), *cells),
                    answers={"cells": list(cells)},
                )
