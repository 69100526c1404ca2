"""One warm block that counts the work, then mirrored random blocks of every wiring in both styles."""

from collections.abc import Sequence
from dataclasses import replace

from bench.campaign.frame import Frame
from bench.experiments.wiring.study import NAME, Study
from bench.model import Outcome, Trial, TrialSpec
from bench.paired.budget import is_affordable
from bench.paired.mirrored import mirrored_block


class Session:
    """The blocks of a wiring study, taken up from its journal."""

    def __init__(self, frame: Frame, study: Study, trials: Sequence[Trial]) -> None:
        """Take what the journal holds."""
        self._frame = frame
        self._study = study
        self._all = list(trials)

    def took(self, trial: Trial) -> None:
        """Take a finished trial into account."""
        self._all.append(trial)

    def next_block(self) -> tuple[TrialSpec, ...]:
        """Return the next block; () when the planned blocks are done or the budget is spent."""
        measured = {trial.key for trial in self._all}
        for index in range(self._study.blocks + 1):
            for backend in self._frame.backends:
                block = self._block(backend, index)
                if not all(spec.key in measured for spec in block):
                    affordable = is_affordable(block, self._all, seconds=self._frame.budget_seconds)
                    return block if index == 0 or affordable else ()
        return ()

    def _block(self, backend: str, index: int) -> tuple[TrialSpec, ...]:
        """Specify a block of the cells that never failed; the copy does no counted work."""
        failed = {
            trial.cell
            for trial in self._all
            if trial.experiment == NAME and trial.block < index and trial.outcome is not Outcome.PASSED
        }
        cells = [cell for cell in self._study.cells(self._frame, backend) if cell not in failed]
        cells = [cell for cell in cells if index or not cell.copy]
        group = f"{NAME}/{backend}"
        block = mirrored_block(cells, experiment=NAME, seed=self._frame.seed, group=group, index=index)
        return tuple(self._wired(spec) for spec in block)

    def _wired(self, spec: TrialSpec) -> TrialSpec:
        variant = self._study.variant(spec.cell.contender, spec.cell.variant)
        return replace(spec, arguments=variant.pytest_args, environment=variant.environment)
