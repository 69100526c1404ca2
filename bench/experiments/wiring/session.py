"""Mirrored random blocks of every wiring in both styles."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from bench.campaign.frame import Frame
from bench.experiments.wiring.study import NAME, Study
from bench.model import Trial, TrialSpec
from bench.paired.cells_in_blocks import CellsInBlocks


class Session:
    """The blocks of a wiring study, taken up from its journal."""

    def __init__(self, frame: Frame, study: Study, trials: Sequence[Trial]) -> None:
        """Take what the journal holds."""
        self._study = study
        self._all = list(trials)
        self._blocks = CellsInBlocks(
            frame=frame,
            experiment=NAME,
            blocks=study.blocks,
            cells=partial(study.cells, frame),
            changed=self._wired,
        )

    def took(self, trial: Trial) -> None:
        """Take a finished trial into account."""
        self._all.append(trial)

    def next_block(self) -> tuple[TrialSpec, ...]:
        """Return the next block; () when the planned blocks are done or the budget is spent."""
        return self._blocks.next_block(self._all)

    def _wired(self, spec: TrialSpec) -> TrialSpec:
        variant = self._study.variant(spec.cell.contender, spec.cell.variant)
        return replace(spec, arguments=variant.pytest_args, environment=variant.environment)
