"""Run one trial: a fresh process, a fresh database, a whitelisted environment, a deadline."""

import os
import re
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bench.errors import DependencySetError
from bench.model import Contender, Trial, TrialSpec
from bench.running import machine
from bench.running.databases import Databases
from bench.running.environments import SubjectEnvironment
from bench.running.evidence import STACKS_LIMIT, Ended, read_benchmarks, read_events, read_tail, trial_of
from bench.running.keeper import CAMPAIGN_VARIABLE, folder_prefix
from bench.running.process import SubjectProcess
from bench.storage.files import storage_errors

PROBE = Path(__file__).parents[1] / "probe"
INHERITED = ("PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "PATHEXT", "COMSPEC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """What every trial of a campaign shares; calling it with a specification runs one trial."""

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
                ended = self._run(spec, scratch, url)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        return trial_of(spec, ended, overhead_ns=time.monotonic_ns() - began - ended.wall_ns)

    def _run(self, spec: TrialSpec, scratch: Path, database_url: str | None) -> Ended:
        contender = self.contenders[spec.cell.contender]
        filled = {"database_url": database_url or "", "project": str(self.root), "scratch": str(scratch)}
        command = [
            str(self.environments[contender.id].python),
            *("-m", "pytest", "-p", "twinbench_probe", "-p", "no:cacheprovider"),
            *(part for plugin in contender.plugins or () for part in ("-p", plugin)),
            *(_fill(argument, filled) for argument in (*contender.pytest_args, *spec.arguments)),
        ]
        environment = self._environment(spec, contender, filled)
        for name, text in spec.files.items():
            (scratch / name).write_text(text, encoding="utf-8")
        before = machine.read()
        started_unix_ns = time.time_ns()
        with open(scratch / "output.txt", "wb") as output:
            process = _start(command, cwd=self.root / contender.directory, env=environment, output=output)
            process.wait(self.timeout_seconds, dump=scratch / "probe.jsonl.stacks")
        return Ended(
            process=process,
            started_unix_ns=started_unix_ns,
            before=before,
            after=machine.read(),
            events=read_events(scratch / "probe.jsonl"),
            output=read_tail(scratch / "output.txt"),
            stacks=read_tail(scratch / "probe.jsonl.stacks", limit=STACKS_LIMIT),
            benchmarks=read_benchmarks(scratch / "benchmarks.json"),
        )

    def _environment(self, spec: TrialSpec, contender: Contender, filled: Mapping[str, str]) -> dict[str, str]:
        own = {name: _fill(text, filled) for name, text in {**contender.environment, **spec.environment}.items()}
        environment = {name: os.environ[name] for name in INHERITED if name in os.environ} | own
        environment |= {
            "PYTHONPATH": os.pathsep.join(filter(None, [str(PROBE), own.get("PYTHONPATH", "")])),
            "PYTHONHASHSEED": str(spec.hash_seed),
            "TMPDIR": str(filled["scratch"]),
            "TWINBENCH_OUT": str(Path(filled["scratch"]) / "probe.jsonl"),
            "TWINBENCH_PADDING": "x" * spec.padding_bytes,
            CAMPAIGN_VARIABLE: self.databases.token,
        }
        if spec.counting:
            environment["TWINBENCH_COUNT"] = "1"
        if contender.plugins is not None:
            environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        return environment


def _start(command: Sequence[str], *, cwd: Path, env: Mapping[str, str], output: BinaryIO) -> SubjectProcess:
    try:
        return SubjectProcess(command, cwd=cwd, env=env, output=output)
    except OSError as error:
        raise DependencySetError(
            f"{command[0]} cannot be started in {cwd}",
            cause=str(error),
            hint="put back what was moved or deleted, then continue with --resume; finished trials are kept",
        ) from error


def _fill(template: str, filled: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: filled.get(match[1], match[0]), template)
