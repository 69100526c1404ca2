"""Start subject scripts as the harness does: a set's interpreter, a fresh process, one JSON object as the answer."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.configuration import config
from bench.running.databases import Databases
from bench.running.environments import build

ROOT = Path(__file__).parents[2]
EXPERIMENTS = ROOT / "bench" / "experiments"
Run = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def interpreter() -> Callable[[str], Path]:
    """Return the interpreter of a committed dependency set."""
    found = config.read(ROOT / "pyproject.toml")
    return lambda name: build(found.locks, name, cache=found.cache, notify=print).python


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Databases]:
    with Databases(backends=("sqlite", "postgresql")) as databases:
        yield databases


@pytest.fixture
def run_script(interpreter: Callable[[str], Path], tmp_path: Path) -> Run:
    """Run a script of `bench/experiments` in a dependency set and return what it wrote."""

    def run(
        dependency_set: str, script: str, *arguments: str, timeout: float = 120, **variables: str
    ) -> dict[str, Any]:
        scratch = tmp_path / "scratch"
        scratch.mkdir(exist_ok=True)
        answer = tmp_path / "answer.json"
        environment = {"PATH": os.environ["PATH"], "HOME": str(scratch), "TMPDIR": str(scratch), **variables}
        subprocess.run(
            [str(interpreter(dependency_set)), str(EXPERIMENTS / script), *arguments],
            env=environment | {"TWINBENCH_RESULT": str(answer)},
            cwd=ROOT,
            timeout=timeout,
            check=True,
        )
        return dict(json.loads(answer.read_text(encoding="utf-8")))

    return run
