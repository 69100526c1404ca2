"""Run one trial, a suite or a script: a fresh process, a fresh database, a whitelisted environment, a deadline."""

import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from bench.errors import ConfigurationError, DependencySetError
from bench.model import Contender, Trial, TrialSpec
from bench.running import machine
from bench.running.copying import copy_of
from bench.running.databases import Databases
from bench.running.ended import Ended
from bench.running.environments import SubjectEnvironment
from bench.running.evidence import STACKS_LIMIT, read_benchmarks, read_events, read_result, read_tail, trial_of
from bench.running.keeper import folder_prefix
from bench.running.launch import PROBE, Launch, Place, before, launch
from bench.running.process import SubjectProcess
from bench.storage.files import storage_errors

__all__ = ["PROBE", "Runner"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """What every trial of a campaign shares; calling it with a specification runs one trial.

    It holds no state: several threads may call it at once, where trials are not timed.
    """

    root: Path
    contenders: Mapping[str, Contender]
    environments: Mapping[str, SubjectEnvironment]
    databases: Databases
    timeout_seconds: float

    def __call__(self, spec: TrialSpec) -> Trial:
        """Run `spec` and return its trial, however it ended; raise only what stops the campaign."""
        began = time.monotonic_ns()
        with storage_errors(Path(tempfile.gettempdir())):
            scratch = Path(tempfile.mkdtemp(prefix=folder_prefix(self.databases.token)))
        try:
            with self.databases.provision(spec.cell.backend, scratch=scratch) as url:
                place = Place(root=self.root, scratch=scratch, database_url=url, token=self.databases.token)
                ended = self._run(spec, self._prepared(spec, place))
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        return trial_of(spec, ended, overhead_ns=time.monotonic_ns() - began - ended.wall_ns)

    def _prepared(self, spec: TrialSpec, place: Place) -> Place:
        """Copy the contender's folder, and run its own command, where it wants that; neither is timed."""
        contender = self.contenders[spec.cell.contender]
        if contender.isolate == "copy":
            copied = copy_of(self.root / contender.directory, into=place.scratch / "copy")
            place = replace(place, directory=copied)
        first = before(contender, python=self.environments[contender.id].python, place=place)
        if first is not None:
            self._run_before(first, contender, place)
        return place

    def _run_before(self, first: Launch, contender: Contender, place: Place) -> None:
        """Run the command before a trial; raise ConfigurationError if it fails: the suite would lack what it needs."""
        with open(place.scratch / "before.txt", "wb") as output:
            process = _start(first, output=output)
            process.wait(self.timeout_seconds, dump=place.stacks)
        if process.exit_code != 0:
            said = read_tail(place.scratch / "before.txt").strip()
            raise ConfigurationError(
                f"what {contender.id} wants run before each trial failed: {contender.before}",
                cause=said[-1500:] or f"it ended with status {process.exit_code} and said nothing",
                hint="run it by hand in the contender's directory; finished trials are kept, --resume goes on",
            )

    def _run(self, spec: TrialSpec, place: Place) -> Ended:
        contender = self.contenders[spec.cell.contender]
        for name, text in spec.files.items():
            (place.scratch / name).write_text(text, encoding="utf-8")
        started = launch(spec, contender, python=self.environments[contender.id].python, place=place)
        before = machine.read()
        started_unix_ns = time.time_ns()
        with open(place.scratch / "output.txt", "wb") as output:
            process = _start(started, output=output)
            process.wait(min(spec.timeout_seconds or self.timeout_seconds, self.timeout_seconds), dump=place.stacks)
        return Ended(
            process=process,
            started_unix_ns=started_unix_ns,
            before=before,
            after=machine.read(),
            events=[*read_events(place.events), *read_events(place.forks)],
            output=read_tail(place.scratch / "output.txt"),
            stacks=read_tail(place.stacks, limit=STACKS_LIMIT),
            benchmarks=read_benchmarks(place.scratch / "benchmarks.json"),
            result=read_result(place.result),
        )


def _start(launch: Launch, *, output: BinaryIO) -> SubjectProcess:
    try:
        return SubjectProcess(launch.command, cwd=launch.directory, env=launch.environment, output=output)
    except OSError as error:
        raise DependencySetError(
            f"{launch.command[0]} cannot be started in {launch.directory}",
            cause=str(error),
            hint="put back what was moved or deleted, then continue with --resume; finished trials are kept",
        ) from error
