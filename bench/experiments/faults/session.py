"""First every witness, then every arm on what is proved, then again what the arms do not see alike.

An arm's first run, on the clean application, notes which tests enter which functions; a fault is then put before those
that it can concern, and a few faults before the whole suite as well. Oracles look after each test and only note what
they find, so that one run tells what the tests see and what the oracles add; those few runs go without.
"""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from bench.campaign.frame import Frame
from bench.experiments.faults.blocks import AGAIN, CLEAN_RUNS, REPEATS, SUITES, WHOLE, WITNESSES
from bench.experiments.faults.choosing import chosen
from bench.experiments.faults.fault import Fault
from bench.experiments.faults.proving import proved
from bench.experiments.faults.runs import CLEAN, fault_run
from bench.experiments.faults.sight import seen_unlike
from bench.experiments.faults.states import noise_of, sightings, without_noise
from bench.experiments.faults.study import NAME, StudiedArm, Study, module_of
from bench.model import Cell, Json, Trial, TrialSpec, spent_seconds

SCRIPT: Final = "experiments/faults/subject/prove.py"
CHECKED: Final = 5
"""Faults that are put before the whole suite, to see whether the choice of tests left out one that sees them."""
FIRST_SHARE: Final = 0.8
"""What comes before the last block may take of the budget."""
BATCH: Final = 24
BATCH_OF_A_SAMPLE: Final = 4
"""Small, for the little time that a sample has is looked at between batches."""
SHORTEST_TIMEOUT_S: Final = 60.0
TIMEOUT_IN_CLEAN_RUNS: Final = 6.0
"""A fault may make a suite wait; one that takes so many times as long as the arm's first run hangs."""


class Session:
    """The trials of a study, taken up from its journal."""

    def __init__(self, frame: Frame, study: Study, trials: Sequence[Trial]) -> None:
        """Take what the journal holds."""
        self._frame = frame
        self._study = study
        self._own: list[Trial] = []
        self._entered: dict[tuple[str, str], Json] = {}
        self._timeouts_s: dict[tuple[str, str], float] = {}
        self._others_seconds = spent_seconds(trial for trial in trials if trial.experiment != NAME)
        for trial in trials:
            self.took(trial)

    def took(self, trial: Trial) -> None:
        """Take a finished trial into account."""
        if trial.experiment != NAME:
            return
        self._own.append(trial)
        if trial.block == CLEAN_RUNS:
            place = (trial.spec.answers["arm"], trial.cell.backend)
            self._entered[place] = trial.facts.get("entered", {})
            self._timeouts_s[place] = max(SHORTEST_TIMEOUT_S, round(TIMEOUT_IN_CLEAN_RUNS * trial.wall_ns / 1e9))

    def next_block(self) -> tuple[TrialSpec, ...]:
        """Return some of what is to be run next; () when all is done or the budget is spent."""
        measured = {trial.key for trial in self._own}
        spent, seconds = spent_seconds(self._own), self._seconds()
        first = (self._witnesses, self._clean_runs, self._whole, self._suites)
        for block, share in (*((each, FIRST_SHARE) for each in first), (self._repeats, 1.0)):
            missing = [spec for spec in block() if spec.key not in measured]
            if missing and spent < share * seconds:
                return tuple(missing[: BATCH_OF_A_SAMPLE if self._study.is_sample else BATCH])
        return ()

    def _seconds(self) -> float:
        """Return the seconds that the study may take: of a sample, no more than the campaign has left."""
        left = self._frame.budget_seconds - self._others_seconds
        return min(self._study.seconds, left) if self._study.is_sample else self._frame.budget_seconds

    def _witnesses(self) -> Iterator[TrialSpec]:
        for backend in self._study.where(self._frame):
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

    def _valid(self) -> set[tuple[str, str]]:
        return {(proof.fault, proof.backend) for proof in proved(self._study, self._own) if proof.is_valid}

    def _clean_runs(self) -> Iterator[TrialSpec]:
        """Run each arm's whole suite on the clean application, and note what its tests enter."""
        for backend in self._study.where(self._frame):
            yield from self._on(None, 0, backend, block=CLEAN_RUNS)

    def _suites(self) -> Iterator[TrialSpec]:
        """Run each arm on every proved fault, on one database after the other."""
        valid = self._valid()
        for number, fault in enumerate(self._study.faults, 1):
            for backend in self._study.where(self._frame):
                if (fault.id, backend) in valid:
                    yield from self._on(fault, number, backend, block=SUITES)

    def _whole(self) -> Iterator[TrialSpec]:
        """Run the whole suites on some faults, drawn by the seed."""
        valid = [] if self._study.is_sample else sorted(self._valid())
        draw = random.Random(self._frame.seed)  # noqa: S311 - a schedule
        drawn = draw.sample(valid, min(CHECKED, len(valid)))
        for number, fault in enumerate(self._study.faults, 1):
            for backend in self._study.where(self._frame):
                if (fault.id, backend) in drawn:
                    yield from self._on(fault, number, backend, block=WHOLE)

    def _repeats(self) -> Iterator[TrialSpec]:
        """Run again what only some of the arms see, and the clean application, which tells what fails by chance."""
        differing = self._differing()
        if not differing:
            return
        for seed in range(AGAIN):
            for number, fault in enumerate((None, *self._study.faults)):
                for backend in self._study.where(self._frame):
                    if fault is None or (fault.id, backend) in differing:
                        yield from self._on(fault, number, backend, block=REPEATS + seed)

    def _differing(self) -> set[tuple[str, str]]:
        """Name the faults, with the database, that some arms see in the first run and others do not."""
        first = [fault_run(trial) for trial in self._own if trial.block in (CLEAN_RUNS, SUITES)]
        return set(seen_unlike(sightings(without_noise(first, noise_of(first)))))

    def _on(self, fault: Fault | None, number: int, backend: str, *, block: int) -> Iterator[TrialSpec]:
        for place, studied in enumerate(self._study.arms):
            if backend in self._frame.contender(studied.contender).backends:
                position = number * len(self._study.arms) + place
                yield self._run(studied, fault, backend, block=block, position=position)

    def _files(self, fault: Fault | None) -> Mapping[str, str]:
        return {} if fault is None else self._study.patches[fault.id].files

    def _run(self, studied: StudiedArm, fault: Fault | None, backend: str, *, block: int, position: int) -> TrialSpec:
        contender = self._frame.contender(studied.contender)
        files = self._files(fault)
        cell: Cell = studied.cell(self._frame, backend)
        own = studied.variant
        without = [] if fault is None or block == WHOLE else self._not_concerned(studied, fault, backend)
        return TrialSpec(
            experiment=NAME,
            cell=cell,
            block=block,
            position=position,
            warmup=False,
            hash_seed=0,
            padding_bytes=0,
            arguments=(
                *(own.pytest_args if own else ()),
                *contender.beside,
                "--tb=line",  # where a hundred tests fail, their tracebacks would take most of the time
                *(() if block == WHOLE else ("-p", "twinbench_oracles")),
                *(("-p", "twinbench_order") if without else ()),
            ),
            environment={
                **(own.environment if own else {}),
                **({} if block == WHOLE else {"TWINBENCH_ORACLES": "note"}),
                **({"TWINBENCH_INSTEAD": self._instead(files)} if files else {}),
                **(
                    {"TWINBENCH_CALLS": module_of(self._name_of_the_application, "__init__.py")}
                    if block == CLEAN_RUNS
                    else {}
                ),
                **({"TWINBENCH_ORDER": json.dumps({"without": without})} if without else {}),
            },
            files={_name(number): after for number, after in enumerate(files.values())},
            answers={"arm": studied.arm.id, "fault": CLEAN if fault is None else fault.id},
            timeout_seconds=self._timeouts_s.get((studied.arm.id, backend), 0.0) if block > CLEAN_RUNS else 0.0,
        )

    def _instead(self, files: Mapping[str, str]) -> str:
        name = self._name_of_the_application
        return ";".join(f"{module_of(name, path)}={{scratch}}/{_name(number)}" for number, path in enumerate(files))

    @property
    def _name_of_the_application(self) -> str:
        return PurePosixPath(self._study.application).name

    def _not_concerned(self, studied: StudiedArm, fault: Fault, backend: str) -> list[str]:
        """List the tests of an arm that enter nothing of what the fault changes; none where all are to run."""
        entered = self._entered.get((studied.arm.id, backend), {})
        wanted = chosen(entered, self._study.patches[fault.id].functions) if entered else None
        return [] if wanted is None else [test for test in entered["tests"] if test not in set(wanted)]


def _name(number: int) -> str:
    return f"fault-{number}.py"


def _placed(path: str) -> str:
    """Write a path of the study so that the trial finds it: relative ones are below the project."""
    return path if Path(path).is_absolute() else f"{{project}}/{path}"
