"""Run the corpus: the same runner as everywhere, with the plugins that the corpus needs and no others."""

import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from bench.flakiness.conditions import Circumstances
from bench.flakiness.specification import specify
from bench.model import NO_BACKEND, Cell, Contender, Trial
from bench.running import environments
from bench.running.databases import Databases
from bench.running.trial import Runner

SUITE = Path(__file__).parent / "suite"
CELL = Cell(contender="corpus", dependency_set="own", backend=NO_BACKEND)
TIMEOUT_SECONDS = 120
Execute = Callable[[Circumstances], Trial]
Found = TypeVar("Found")


@contextmanager
def laboratory(*arguments: str) -> Iterator[tuple[Execute, dict[str, str]]]:
    """Yield what runs one trial of the corpus under circumstances, and the installed packages."""
    contender = Contender(
        id=CELL.contender,
        title="",
        style="other",
        record="",
        directory=str(SUITE),
        pytest_args=("-q", *arguments),
        environment={"PYTHONDONTWRITEBYTECODE": "", "TZ": "UTC"},
        plugins=("pytest_asyncio.plugin",),
        python=sys.executable,
        dependency_set=None,
        backends=(NO_BACKEND,),
        twins=None,
    )
    subject = environments.foreign(sys.executable, directory=SUITE)
    with Databases(backends=()) as served:
        runner = Runner(
            root=SUITE,
            contenders={CELL.contender: contender},
            environments={CELL.contender: subject},
            databases=served,
            timeout_seconds=TIMEOUT_SECONDS,
        )
        yield lambda circumstances: runner(specify(CELL, circumstances, block=0, position=0)), dict(subject.packages)


def drive(
    steps: Generator[Circumstances, Trial, Found], execute: Execute, tell: Callable[[Circumstances, Trial], None]
) -> Found:
    """Answer every request of a hunt with a trial."""
    try:
        circumstances = next(steps)
        while True:
            trial = execute(circumstances)
            tell(circumstances, trial)
            circumstances = steps.send(trial)
    except StopIteration as end:
        found: Found = end.value
        return found
