"""Real processes: suites written on the spot, run by the real runner and by the real harness."""

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import Any, NamedTuple

import psutil
import pytest

from bench import cli
from bench.model import Cell, Trial
from bench.running import environments
from bench.running.databases import Databases
from bench.running.environments import SubjectEnvironment
from bench.running.trial import Runner
from bench.storage import journal
from tests.conftest import a_contender, a_spec
from tests.faults.tiny_harness import Harness

ROOT = Path(__file__).parents[2]
DEADLINE_SECONDS = 20.0
MARK = "TWINBENCH_TEST"
# The machine that tests run on may be busy, and nothing here is about its times.
SETTINGS = ("timeout_seconds = 60", "load_limit = 1000", "alpha = 0.4")


def wait_until(condition: Callable[[], object], *, seconds: float = DEADLINE_SECONDS) -> bool:
    """Poll until the condition holds or the deadline passes, and tell whether it held."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return bool(condition())


def has_ended(pid: int) -> bool:
    """Tell whether a process is gone, or is only waited for, before the deadline."""
    return wait_until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)


def campaign_processes(folder: Path) -> list[psutil.Process]:
    """List the living processes that a campaign started: subjects, the keeper and its server."""
    found = []
    for process in psutil.process_iter():
        try:
            own = process.environ()
            words = " ".join(process.cmdline())
            if process.status() != psutil.STATUS_ZOMBIE and own.get(MARK) == str(folder) and words:
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def write_files(folder: Path, files: Mapping[str, str]) -> Path:
    """Write source files, dedented, into a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def own_environment() -> SubjectEnvironment:
    return environments.foreign(sys.executable, directory=ROOT)


@pytest.fixture(scope="module")
def databases() -> Iterator[Databases]:
    with Databases(backends=("none",)) as served:
        yield served


@pytest.fixture
def run_suite(tmp_path: Path, own_environment: SubjectEnvironment, databases: Databases) -> Callable[..., Trial]:
    """Run a suite given as files in a trial of its own: `run_suite({"test_a.py": "..."})`."""

    def run_suite(
        files: Mapping[str, str], *, timeout_seconds: float = 60, interpreter: str = sys.executable, **changes: Any
    ) -> Trial:
        contender = replace(a_contender(pytest_args=("-q", "."), backends=("none",)), **changes)
        runner = Runner(
            root=write_files(tmp_path, files),
            contenders={contender.id: contender},
            environments={contender.id: replace(own_environment, python=Path(interpreter))},
            databases=databases,
            timeout_seconds=timeout_seconds,
        )
        return runner(a_spec(cell=Cell(contender=contender.id, dependency_set="own", backend="none"), counting=True))

    return run_suite


class Project:
    """A folder with a configuration, suites and reports, on which the real harness can be let loose."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reports = folder / "reports"
        self.environment = {**os.environ, MARK: str(folder), "NO_COLOR": "1"}
        self._started: list[Harness] = []

    def configure(self, files: Mapping[str, str], **rows: Mapping[str, Any]) -> None:
        """Write suites and a configuration with these contenders; the first is the baseline."""
        write_files(self.folder, files)
        lines = [f'baseline = "{next(iter(rows))}"', *SETTINGS]
        for name, row in rows.items():
            own = {} if "dependency_set" in row else {"python": sys.executable}
            plain = own | {"plugins": [], "pytest_args": ["-q", "."]} | row
            settings = [f"{key} = {json.dumps(value)}" for key, value in plain.items()]
            mark = f"environment = {{ {MARK} = {json.dumps(str(self.folder))} }}"
            lines += [f"[contenders.{name}]", *settings, mark]
        (self.folder / "bench.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def arguments(self, *arguments: str) -> list[str]:
        """Give the arguments of the harness for this project."""
        config, reports = str(self.folder / "bench.toml"), str(self.reports)
        name, *others = arguments
        return [name, "--config", config, "--reports", reports, *others]

    def start(self, *arguments: str, largest_file: int | None = None) -> Harness:
        """Start the harness as a process of its own and return at once."""
        harness = Harness(
            self.arguments(*arguments),
            environment=self.environment,
            output=self.folder / f"harness-{len(self._started)}",
            largest_file=largest_file,
        )
        self._started.append(harness)
        return harness

    def run(self, *arguments: str, largest_file: int | None = None) -> Harness:
        """Run the harness as a process of its own to its end."""
        harness = self.start(*arguments, largest_file=largest_file)
        harness.wait()
        return harness

    def newest(self) -> Path:
        """Give the folder of the newest run."""
        return max(path.parent for path in self.reports.glob("2*/manifest.json"))

    def lines(self) -> Sequence[bytes]:
        """Give the whole lines of the newest run's journal."""
        journals = list(self.reports.glob("2*/trials.jsonl"))
        return max(journals).read_bytes().splitlines(keepends=True) if journals else []

    def keys(self) -> list[str]:
        """Give the keys of the newest run's finished trials."""
        return [trial.key for trial in journal.decode(self.lines(), source=Path("trials.jsonl"))]

    def analysis(self) -> dict[str, Any]:
        """Give the newest run's analysis."""
        found: dict[str, Any] = json.loads((self.newest() / "analysis.json").read_bytes())
        return found

    def found(self, experiment: str) -> dict[str, Any]:
        """Give what an experiment of the newest run found."""
        found: dict[str, Any] = self.analysis()["findings"]["by_experiment"][experiment]
        return found

    def manifest(self) -> dict[str, Any]:
        """Give the newest run's manifest."""
        found: dict[str, Any] = json.loads((self.newest() / "manifest.json").read_bytes())
        return found

    def leftovers(self) -> list[psutil.Process]:
        """List the living processes that the harness started."""
        return campaign_processes(self.folder)

    def end(self) -> None:
        """End whatever the project started."""
        for harness in self._started:
            harness.kill()
        for process in self.leftovers():
            process.kill()


class Said(NamedTuple):
    """What a command said and returned."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """Parse all of stdout as one JSON document."""
        found: dict[str, Any] = json.loads(self.out)
        return found


@pytest.fixture
def bench(project: "Project", capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run a command of the harness on the project, in this process, which spares its imports."""

    def bench(*arguments: str) -> Said:
        code = cli.main(project.arguments(*arguments))
        return Said(code, *capsys.readouterr())

    return bench


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A project in a folder of its own; whatever it started is ended with the test."""
    made = Project(tmp_path)
    made.configure({"plain/test_ok.py": "def test_ok(): pass"}, one={"directory": "plain"})
    yield made
    made.end()


@pytest.fixture
def token() -> str:
    return uuid.uuid4().hex


@pytest.fixture
def start_keeper(token: str) -> Iterator[Callable[..., "subprocess.Popen[bytes]"]]:
    """Start a keeper by itself, in this environment with changes; it is ended with the test."""
    keepers = []

    def start_keeper(backend: str = "none", **environment: str) -> "subprocess.Popen[bytes]":
        keeper = subprocess.Popen(
            [sys.executable, "-m", "bench.running.keeper", token, backend],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **environment},
        )
        keepers.append(keeper)
        return keeper

    yield start_keeper
    for keeper in keepers:
        keeper.stdin.close()
        keeper.wait(60)
        keeper.stdout.close()
