"""From what the scripts wrote to tables; one that cannot be read is a line, and the others stay."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from bench.campaign.frame import Frame
from bench.experiments.contract import Background
from bench.experiments.fidelity import awaits, mirror
from bench.experiments.fidelity.finding import FidelityFinding, SetFidelity
from bench.experiments.fidelity.study import NAME, Study
from bench.model import Outcome, Trial

Table = TypeVar("Table")


def analyse(frame: Frame, study: Study, trials: Sequence[Trial], background: Background) -> FidelityFinding:  # noqa: ARG001 - the shape of every analysis
    """Read every table, and compare those of two sets."""
    made = [trial for trial in trials if trial.experiment == NAME]
    failures: list[str] = []
    sets = tuple(
        SetFidelity(
            dependency_set=name,
            mirror=_table(made, name, "mirror", mirror.read, failures),
            awaits=_table(made, name, "awaits", awaits.read, failures),
        )
        for name in dict.fromkeys(trial.cell.dependency_set for trial in made)
    )
    mirrors = [found.mirror for found in sets if found.mirror is not None]
    turned = mirror.turned(mirrors[0], mirrors[-1]) if len(mirrors) > 1 else ()
    return FidelityFinding(sets=sets, turned=turned, failures=tuple(failures))


def _table(
    trials: Sequence[Trial], dependency_set: str, table: str, read: Callable[..., Table], failures: list[str]
) -> Table | None:
    for trial in trials:
        if trial.cell.dependency_set != dependency_set or trial.spec.answers.get("table") != table:
            continue
        if trial.outcome is Outcome.PASSED and isinstance(trial.result, dict):
            try:
                return read(trial.result)
            except msgspec.ValidationError as error:
                failures.append(f"the table {table} of {dependency_set} cannot be read: {error}")
                return None
        failures.append(f"the table {table} of {dependency_set} could not be made: {_first_line(trial.message)}")
    return None


def _first_line(message: str) -> str:
    return message.strip().partition("\n")[0][:300] or "no reason was given"
