"""From what the batches wrote to grids; a batch that failed is a line, and its cells are left out."""

from collections.abc import Mapping, Sequence

import msgspec

from bench.campaign.frame import Frame
from bench.experiments.contract import Background
from bench.experiments.failure_modes import grid
from bench.experiments.failure_modes.finding import FailureModesFinding, SetGrid
from bench.experiments.failure_modes.study import NAME, Study
from bench.model import Json, Outcome, Trial


def analyse(frame: Frame, study: Study, trials: Sequence[Trial], background: Background) -> FailureModesFinding:  # noqa: ARG001 - the shape of every analysis
    """Put the batches of each set and database together."""
    ran = [trial for trial in trials if trial.experiment == NAME]
    failures: list[str] = []
    grids = []
    for dependency_set, backend in dict.fromkeys((t.cell.dependency_set, t.cell.backend) for t in ran):
        own = [trial for trial in ran if (trial.cell.dependency_set, trial.cell.backend) == (dependency_set, backend)]
        good = [trial for trial in own if _is_good(trial, failures)]
        results: list[Mapping[str, Json]] = [dict(trial.result) for trial in good]
        missing = sum(len(trial.spec.answers.get("cells", ())) for trial in own if trial not in good)
        grids.append(SetGrid(dependency_set=dependency_set, grid=grid.read(results, backend=backend), left_out=missing))
    return FailureModesFinding(grids=tuple(grids), failures=tuple(failures))


def _is_good(trial: Trial, failures: list[str]) -> bool:
    if trial.outcome is Outcome.PASSED and isinstance(trial.result, dict):
        try:
            grid.read([trial.result], backend=trial.cell.backend)
        except (msgspec.ValidationError, ValueError) as error:
            failures.append(f"batch {trial.position} on {trial.cell.backend} cannot be read: {error}")
            return False
        return True
    reason = trial.message.strip().partition("\n")[0][:300] or "no reason was given"
    failures.append(f"batch {trial.position} on {trial.cell.backend} could not be run: {reason}")
    return False
