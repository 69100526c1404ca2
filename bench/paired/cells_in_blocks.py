"""A study of many cells in mirrored blocks: one warm block that counts the work, then the planned ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.campaign.frame import Frame
from bench.model import Cell, Outcome, Trial, TrialSpec
from bench.paired.budget import is_affordable
from bench.paired.mirrored import mirrored_block


@dataclass(frozen=True, slots=True, kw_only=True)
class CellsInBlocks:
    """What is run in each of `blocks` blocks of an experiment: the `cells` of a backend, each `changed` as it needs."""

    frame: Frame
    experiment: str
    blocks: int
    cells: Callable[[str], Sequence[Cell]]
    changed: Callable[[TrialSpec], TrialSpec]

    def next_block(self, trials: Sequence[Trial]) -> tuple[TrialSpec, ...]:
        """Return the next block; () when the planned blocks are done or the budget is spent."""
        measured = {trial.key for trial in trials}
        for index in range(self.blocks + 1):
            for backend in self.frame.backends:
                block = self._block(backend, index, trials)
                if not all(spec.key in measured for spec in block):
                    affordable = is_affordable(block, trials, seconds=self.frame.budget_seconds)
                    return block if index == 0 or affordable else ()
        return ()

    def _block(self, backend: str, index: int, trials: Sequence[Trial]) -> tuple[TrialSpec, ...]:
        """Specify a block of the cells that never failed; the copy does no counted work."""
        failed = {
            trial.cell
            for trial in trials
            if trial.experiment == self.experiment and trial.block < index and trial.outcome is not Outcome.PASSED
        }
        cells = [cell for cell in self.cells(backend) if cell not in failed]
        cells = [cell for cell in cells if index or not cell.copy]
        group = f"{self.experiment}/{backend}"
        block = mirrored_block(cells, experiment=self.experiment, seed=self.frame.seed, group=group, index=index)
        return tuple(self.changed(spec) for spec in block)
