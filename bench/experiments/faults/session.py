"""First every witness, on the clean and faulty application; then every arm on the clean one and on proved faults."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from bench.campaign.frame import Frame
from bench.experiments.faults.fault import Fault
from bench.experiments.faults.proving import proved
from bench.experiments.faults.runs import CLEAN
from bench.experiments.faults.study import NAME, StudiedArm, Study
from bench.model import Cell, Trial, TrialSpec

SCRIPT = "experiments/faults/subject/prove.py"
WITNESSES, SUITES = 0, 1
"""The two blocks: what is proved in the first is put before the suites in the second."""


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
        """Return the witnesses that are still to look, then the suites' runs; () when all is done."""
        measured = {trial.key for trial in self._own}
        for block in (self._witnesses, self._suites):
            missing = tuple(spec for spec in block() if spec.key not in measured)
            if missing:
                return missing
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
            arguments=(
                f"{{project}}/{study.application}",
                f"{{project}}/{study.folder}",
                fault.witness,
                *pairs,
            ),
            environment=study.environment,
            files={_name(number): after for number, after in enumerate(files.values())},
            answers={"witness": fault.witness, "fault": "" if changed is None else changed.id},
        )

    def _suites(self) -> Iterator[TrialSpec]:
        valid = {(proof.fault, proof.backend) for proof in proved(self._study, self._own) if proof.is_valid}
        for backend in self._frame.backends:
            position = 0
            for fault in (None, *self._study.on(backend)):
                for studied in self._study.arms:
                    if (fault is None or (fault.id, backend) in valid) and self._offers(studied, backend):
                        yield self._run(studied, fault, backend, position)
                    position += 1

    def _files(self, fault: Fault | None) -> Mapping[str, str]:
        return {} if fault is None else self._study.patches[fault.id].files

    def _offers(self, studied: StudiedArm, backend: str) -> bool:
        return backend in self._frame.contender(studied.contender).backends

    def _run(self, studied: StudiedArm, fault: Fault | None, backend: str, position: int) -> TrialSpec:
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
            block=SUITES,
            position=position,
            warmup=False,
            hash_seed=0,
            padding_bytes=0,
            arguments=("-p", "twinbench_instead", *(own.pytest_args if own else ()), *contender.beside),
            environment={**(own.environment if own else {}), **({"TWINBENCH_INSTEAD": instead} if instead else {})},
            files={_name(number): after for number, after in enumerate(files.values())},
            answers={"arm": studied.arm.id, "fault": CLEAN if fault is None else fault.id},
        )


def _name(number: int) -> str:
    return f"fault-{number}.py"


def _module(application: str, path: str) -> str:
    """Name the module that a file of the application is."""
    package = PurePosixPath(application)
    parts = (package.name, *PurePosixPath(path).with_suffix("").parts) if package.suffix != ".py" else (package.stem,)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
