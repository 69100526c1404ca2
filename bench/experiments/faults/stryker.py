"""The kill matrix of one arm as JSON that other tools show as a mutation report (mutation-testing-report schema 2)."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from bench.experiments.faults.blocks import SUITES
from bench.experiments.faults.fault import LAYERS, Fault
from bench.experiments.faults.finding import FaultsFinding
from bench.experiments.faults.patching import FaultyFile, MovedError, faulty_files
from bench.experiments.faults.states import Kill, Sighting, State
from bench.experiments.faults.study import Study
from bench.model import Json, Trial

SCHEMA_VERSION: Final = "2.0"
THRESHOLDS: Final = {"high": 80, "low": 60}
STATUSES: Final[Mapping[State, str]] = {
    State.KILLED: "Killed",
    # The schema has no word for it: the tests that killed it in some runs are named all the same.
    State.SOMETIMES: "Survived",
    State.SURVIVED: "Survived",
    State.TIMED_OUT: "Timeout",
    State.BROKE_COLLECTION: "RuntimeError",
    State.NOT_RUN: "Ignored",
}


def reports(root: Path, study: Study, found: FaultsFinding, trials: Sequence[Trial]) -> Iterator[tuple[str, Json]]:
    """Yield a name and a report for each arm and database; `root` is the folder of the configuration."""
    for arm, backend in dict.fromkeys((sighting.arm, sighting.backend) for sighting in found.sightings):
        covering = {
            str(trial.spec.answers["fault"]): [test.id for test in trial.tests]
            for trial in trials
            if trial.spec.answers.get("arm") == arm and trial.cell.backend == backend and trial.block == SUITES
        }
        yield (
            f"{arm.replace(' ', '-')}-{backend}",
            stryker_report(
                root / study.application,
                [fault for fault in study.faults if fault.id in covering],
                [
                    seen
                    for seen in found.sightings
                    if (seen.arm, seen.backend, seen.layer) == (arm, backend, LAYERS[-1])
                ],
                [kill for kill in found.kills if (kill.arm, kill.backend) == (arm, backend)],
                covering=covering,
            ),
        )


def stryker_report(
    application: Path,
    faults: Sequence[Fault],
    sightings: Sequence[Sighting],
    kills: Sequence[Kill],
    *,
    covering: Mapping[str, Sequence[str]],
) -> dict[str, Json]:
    """Return the report of one arm on one backend.

    `sightings` and `kills` are of that arm, backend and its last layer; `covering` names the tests that were run for a
    fault. A fault in several files is a mutant in each; one whose code has moved is left out, as it was in the study.
    """
    states = {sighting.fault: sighting for sighting in sightings}
    files: dict[str, Json] = {}
    for fault in faults:
        try:
            changed = faulty_files(application, fault)
        except MovedError:
            continue
        for number, file in enumerate(changed):
            entry = files.setdefault(file.path, {"language": "python", "source": file.before, "mutants": []})
            killers = [kill for kill in kills if kill.fault == fault.id]
            mutant_id = fault.id if number == 0 else f"{fault.id}-{number + 1}"
            entry["mutants"].append(
                _mutant(mutant_id, fault, file, states.get(fault.id), killers=killers, covering=covering)
            )
    tests = {test for names in covering.values() for test in names} | {kill.test for kill in kills}
    return {
        "schemaVersion": SCHEMA_VERSION,
        "thresholds": THRESHOLDS,
        "framework": {"name": "Twinbench"},
        "files": files,
        "testFiles": _test_files(sorted(tests)),
    }


def _mutant(
    mutant_id: str,
    fault: Fault,
    file: FaultyFile,
    sighting: Sighting | None,
    *,
    killers: Sequence[Kill],
    covering: Mapping[str, Sequence[str]],
) -> dict[str, Json]:
    state = State.NOT_RUN if sighting is None else sighting.state
    covered = list(covering.get(fault.id, ()))
    uncovered = fault.id in covering and not covered and state is State.SURVIVED
    return {
        "id": mutant_id,
        "mutatorName": fault.kind,
        "description": fault.title,
        "replacement": _replacement(file),
        "location": _location(file),
        "status": "NoCoverage" if uncovered else STATUSES[state],
        "statusReason": _reason(sighting),
        "coveredBy": covered,
        "killedBy": [kill.test for kill in killers],
        "testsCompleted": len(covered),
    }


def _reason(sighting: Sighting | None) -> str:
    if sighting is None or sighting.state is State.SURVIVED:
        return ""
    often = f"{sighting.kills} of {sighting.runs} runs: " if sighting.state is State.SOMETIMES else ""
    return often + sighting.message


def _location(file: FaultyFile) -> dict[str, Json]:
    """Return the changed lines from the first to the last, the end exclusive, both counted from 1."""
    last = len(file.before.splitlines())
    lines = [line for line in file.lines if line <= last] or [last]
    return {"start": {"line": lines[0], "column": 1}, "end": {"line": lines[-1] + 1, "column": 1}}


def _replacement(file: FaultyFile) -> str:
    """Return the lines of the faulty file that come where the changed ones were."""
    before, after = file.before.splitlines(keepends=True), file.after.splitlines(keepends=True)
    end = _location(file)["end"]["line"] - 1
    begin = _location(file)["start"]["line"] - 1
    return "".join(after[begin : len(after) - (len(before) - end)])


def _test_files(tests: Sequence[str]) -> dict[str, Json]:
    files: dict[str, Json] = {}
    for test in tests:
        path, _, name = test.partition("::")
        files.setdefault(path, {"tests": []})["tests"].append({"id": test, "name": name or test})
    return files
