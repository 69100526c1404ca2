"""Run the corpus: the same runner as everywhere, with the plugins that the corpus needs and no others."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from bench.flakiness.conditions import Circumstances
from bench.flakiness.notebook import Batch, Steps
from bench.flakiness.specification import specify
from bench.model import NO_BACKEND, Cell, Contender, Trial
from bench.running import environments
from bench.running.databases import Databases
from bench.running.trial import Runner

SUITE = Path(__file__).parent / "suite"
CELL = Cell(contender="corpus", dependency_set="own", backend=NO_BACKEND)
TIMEOUT_SECONDS = 120
Execute = Callable[[Batch], list[Trial]]
Watch = Callable[[Circumstances, Trial], None]
Found = TypeVar("Found")


@contextmanager
def laboratory(*arguments: str, jobs: int) -> Iterator[tuple[Execute, dict[str, str]]]:
    """Yield what runs a batch of trials of the corpus, `jobs` of them at once, and the installed packages."""
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
    with Databases(backends=()) as served, ThreadPoolExecutor(max_workers=jobs) as pool:
        runner = Runner(
            root=SUITE,
            contenders={CELL.contender: contender},
            environments={CELL.contender: subject},
            databases=served,
            timeout_seconds=TIMEOUT_SECONDS,
        )

        def execute(batch: Batch) -> list[Trial]:
            return list(pool.map(runner, [specify(CELL, each, block=0, position=0) for each in batch]))

        yield execute, dict(subject.packages)


def drive(steps: Steps[Found], execute: Execute, watch: Watch) -> Found:
    """Answer every batch of a search with its trials."""
    try:
        batch = next(steps)
        while True:
            trials = execute(batch)
            for circumstances, trial in zip(batch, trials, strict=True):
                watch(circumstances, trial)
            batch = steps.send(trials)
    except StopIteration as end:
        found: Found = end.value
        return found
