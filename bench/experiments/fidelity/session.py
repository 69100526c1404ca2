"""Each table once in each dependency set, in a fresh process."""

from collections.abc import Iterator, Sequence

from bench.campaign.frame import Frame
from bench.experiments.fidelity.study import NAME, SCRIPTS, Study
from bench.experiments.once import Once
from bench.model import NO_BACKEND, Cell, Trial, TrialSpec


class Session(Once):
    """The tables that are still to be made."""

    def __init__(self, frame: Frame, study: Study, trials: Sequence[Trial]) -> None:  # noqa: ARG002 - the shape of a session
        """Leave out what the journal holds."""
        super().__init__(_specifications(study), trials)


def _specifications(study: Study) -> Iterator[TrialSpec]:
    for block, dependency_set in enumerate(study.dependency_sets):
        for position, table in enumerate(study.tables):
            yield TrialSpec(
                experiment=NAME,
                cell=Cell(contender=study.contender, dependency_set=dependency_set, backend=NO_BACKEND),
                block=block,
                position=position,
                warmup=False,
                hash_seed=0,
                padding_bytes=0,
                script=SCRIPTS[table],
                answers={"table": table},
            )
