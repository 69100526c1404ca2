"""First every witness, then every arm on what is proved, then again what the arms do not see alike."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from bench.campaign.frame import Frame
from bench.experiments.faults.fault import LAYERS, Fault
from bench.experiments.faults.proving import proved
from bench.experiments.faults.runs import CLEAN, fault_run
from bench.experiments.faults.states import noise_of, sightings, without_noise
from bench.experiments.faults.study import NAME, StudiedArm, Study
from bench.model import Cell, Trial, TrialSpec, cost_seconds

SCRIPT: Final = "experiments/faults/subject/prove.py"
WITNESSES, SUITES, REPEATS = 0, 1, 2
"""The blocks: what is proved in the first is run in the second; what arms differ in there is run again in the third."""
AGAIN: Final = 3
"""Further runs: red in 4 of 4 against 0 of 4 is a difference by Fisher's exact test, p = 0.03."""
FIRST_SHARE: Final = 0.8
"""What the first two blocks may take of the budget."""
BATCH_PER_JOB: Final = 4


class Session:
    """The trials of a study, taken up from its journal."""

    def __init__(self, frame: Frame, study: Study, trials: Sequence[Trial]) -> None:
        """Take what the journal holds."""
        self._frame = frame
        self._study = study
        self._own = [trial for trial in trials if trial.experiment == NAME]

    def took(self, trial: Trial) -> None:
        """Take a finished trial into account."""
        if trial.experiment == NAME:
            self._own.append(trial)

    def next_block(self) -> tuple[TrialSpec, ...]:
        """Return some of what is to be run next; () when all is done or the budget is spent."""
        measured = {trial.key for trial in self._own}
        spent = cost_seconds(self._own) / self._study.jobs
        for block, share in ((self._witnesses, FIRST_SHARE), (self._suites, FIRST_SHARE), (self._repeats, 1.0)):
            missing = [spec for spec in block() if spec.key not in measured]
            if missing and spent < share * self._frame.budget_seconds:
                return tuple(missing[: BATCH_PER_JOB * self._study.jobs])
        return ()

    def _witnesses(self) -> Iterator[TrialSpec]:
        for backend in self._frame.backends:
            position = 0
            looked: set[str] = set()
            for fault in self._study.on(backend):
                if self._study.patches[fault.id].why_not:
                    continue
                for changed in (() if fault.witness in looked else (None,), (fault,)):
                    for each in changed:
                        yield self._witness(fault, each, backend, position)
                        position += 1
                looked.add(fault.witness)

    def _witness(self, fault: Fault, changed: Fault | None, backend: str, position: int) -> TrialSpec:
        study = self._study
        files = self._files(changed)
        pairs = (f"{path}={{scratch}}/{_name(number)}" for number, path in enumerate(files))
        return TrialSpec(
            experiment=NAME,
            cell=study.arms[0].cell(self._frame, backend),
            block=WITNESSES,
            position=position,
            warmup=False,
            hash_seed=0,
            padding_bytes=0,
            script=SCRIPT,
            arguments=(_placed(study.application), _placed(study.folder), fault.witness, *pairs),
            environment=study.environment,
            files={_name(number): after for number, after in enumerate(files.values())},
            answers={"witness": fault.witness, "fault": "" if changed is None else changed.id},
        )

    def _suites(self) -> Iterator[TrialSpec]:
        """Run each arm on the clean application, then on every proved fault, on one database after the other."""
        valid = {(proof.fault, proof.backend) for proof in proved(self._study, self._own) if proof.is_valid}
        for number, fault in enumerate((None, *self._study.faults)):
            for backend in self._frame.backends:
                if fault is None or (fault.id, backend) in valid:
                    yield from self._on(fault, number, backend)

    def _repeats(self) -> Iterator[TrialSpec]:
        """Run again what only some of the arms see, and the clean application, which tells what fails by chance."""
        differing = self._differing()
        for seed in range(1, AGAIN + 1):
            for number, fault in enumerate((None, *self._study.faults)):
                for backend in self._frame.backends:
                    if fault is None or (fault.id, backend) in differing:
                        yield from self._on(fault, number, backend, seed=seed)

    def _differing(self) -> set[tuple[str, str]]:
        """Name the faults, with the database, that some arms see in the first run and others do not."""
        first = [fault_run(trial) for trial in self._own if trial.block == SUITES]
        states: dict[tuple[str, str], set[bool]] = {}
        for sighting in sightings(without_noise(first, noise_of(first))):
            if sighting.layer is LAYERS[-1] and sighting.runs:
                states.setdefault((sighting.fault, sighting.backend), set()).add(sighting.state.may_be_seen)
        return {key for key, seen in states.items() if len(seen) > 1}

    def _on(self, fault: Fault | None, number: int, backend: str, *, seed: int | None = None) -> Iterator[TrialSpec]:
        for place, studied in enumerate(self._study.arms):
            if backend in self._frame.contender(studied.contender).backends:
                position = number * len(self._study.arms) + place
                yield self._run(studied, fault, backend, position, seed=seed)

    def _files(self, fault: Fault | None) -> Mapping[str, str]:
        return {} if fault is None else self._study.patches[fault.id].files

    def _run(
        self, studied: StudiedArm, fault: Fault | None, backend: str, position: int, *, seed: int | None
    ) -> TrialSpec:
        contender = self._frame.contender(studied.contender)
        files = self._files(fault)
        instead = ";".join(
            f"{_module(self._study.application, path)}={{scratch}}/{_name(number)}" for number, path in enumerate(files)
        )
        cell: Cell = studied.cell(self._frame, backend)
        own = studied.variant
        return TrialSpec(
            experiment=NAME,
            cell=cell,
            block=SUITES if seed is None else REPEATS + seed - 1,
            position=position,
            warmup=False,
            hash_seed=0,
            padding_bytes=0,
            arguments=(*(own.pytest_args if own else ()), *contender.beside),
            environment={**(own.environment if own else {}), **({"TWINBENCH_INSTEAD": instead} if instead else {})},
            files={_name(number): after for number, after in enumerate(files.values())},
            answers={
                "arm": studied.arm.id,
                "fault": CLEAN if fault is None else fault.id,
                **({} if seed is None else {"seed": seed}),
            },
        )


def _name(number: int) -> str:
    return f"fault-{number}.py"


def _placed(path: str) -> str:
    """Write a path of the study so that the trial finds it: relative ones are below the project."""
    return path if Path(path).is_absolute() else f"{{project}}/{path}"


def _module(application: str, path: str) -> str:
    """Name the module that a file of the application is."""
    package = PurePosixPath(application)
    parts = (package.name, *PurePosixPath(path).with_suffix("").parts) if package.suffix != ".py" else (package.stem,)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
