"""Mirrored random blocks of contenders and their changes."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from bench.campaign.frame import Frame
from bench.experiments.factors.study import NAME, Study
from bench.model import Trial, TrialSpec
from bench.paired.cells_in_blocks import CellsInBlocks


class Session:
    """The blocks of a factor study, taken up from its journal."""

    def __init__(self, frame: Frame, study: Study, trials: Sequence[Trial]) -> None:
        """Take what the journal holds."""
        self._all = list(trials)
        self._variants = {variant.id: variant for variant in study.variants}
        self._blocks = CellsInBlocks(
            frame=frame,
            experiment=NAME,
            blocks=study.blocks,
            cells=partial(study.cells, frame),
            changed=self._changed,
        )

    def took(self, trial: Trial) -> None:
        """Take a finished trial into account."""
        self._all.append(trial)

    def next_block(self) -> tuple[TrialSpec, ...]:
        """Return the next block; () when the planned blocks are done or the budget is spent."""
        return self._blocks.next_block(self._all)

    def _changed(self, spec: TrialSpec) -> TrialSpec:
        variant = self._variants.get(spec.cell.variant)
        if variant is None:
            return spec
        return replace(spec, arguments=variant.pytest_args, environment=variant.environment)
