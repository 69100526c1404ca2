"""Count what a reader has to understand in a suite: exactly, from its source. A proxy, and called one.

Counted are the files that a contender's row names in `sources`, its pytest configuration files and the
settings in the row itself. Comments and documentation are for free. Nothing is run.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.errors import ConfigurationError
from bench.experiments.simplicity import pytest_settings
from bench.experiments.simplicity.source_text import SourceText
from bench.model import Contender

# What a reader of tests must know about event loops, bridges and asynchronous resources, beyond pytest,
# HTTP and SQL. A name counts once per suite, wherever it stands: in code, in a string, in a setting.
PLUMBING = frozenset(
    {
        *("ASGITransport", "AsyncClient", "AsyncConnection", "AsyncEngine", "AsyncExitStack", "AsyncGenerator"),
        *("AsyncIterator", "AsyncSession", "Awaitable", "BlockingPortal", "Coroutine", "LifespanManager", "NullPool"),
        *("StaticPool", "TaskGroup", "aclosing", "aiosqlite", "anyio", "anyio_backend", "anyio_mode", "asyncio"),
        *("asyncio_default_fixture_loop_scope", "asyncio_default_test_loop_scope", "asyncio_mode", "asyncpg"),
        *("async_sessionmaker", "asynccontextmanager", "check_same_thread", "create_async_engine", "create_savepoint"),
        *("create_task", "event_loop", "gather", "greenlet", "greenlet_spawn", "join_transaction_mode"),
        *("lifespan_context", "loop_scope", "portal", "pytest_asyncio", "run_coroutine_threadsafe", "run_sync"),
        *("sync_engine", "threading", "to_thread", "wait_for"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteCount:
    """The counts of one contender's suite; lines are the logical lines of the Python language reference."""

    files: int
    tests: int
    logical_lines: int
    async_tokens: int
    fixtures: int
    configuration_keys: int
    plumbing_names: int
    cyclomatic_complexity: int
    plumbing: tuple[str, ...]

    @property
    def lines_per_test(self) -> float:
        """Give the logical lines for each test function; 0 without tests."""
        return self.logical_lines / self.tests if self.tests else 0.0


def count(
    contender: Contender, *, root: Path, read: Callable[[Path], SourceText] = SourceText.read
) -> SuiteCount | None:
    """Count the suite of `contender`; None if its row names no sources. Raises ConfigurationError.

    A `read` that remembers serves contenders that share files.
    """
    if not contender.sources:
        return None
    directory = root / contender.directory
    files = sorted({path for source in contender.sources for path in _python_files(directory / source)})
    texts = [read(path) for path in files]
    keys = pytest_settings.settings(contender, directory)
    names = sorted(PLUMBING.intersection(keys).union(*(PLUMBING & text.names for text in texts)))
    return SuiteCount(
        files=len(files),
        tests=sum(text.tests for text in texts),
        logical_lines=sum(text.logical_lines for text in texts),
        async_tokens=sum(text.async_tokens for text in texts),
        fixtures=sum(text.fixtures for text in texts),
        configuration_keys=len(keys),
        plumbing_names=len(names),
        cyclomatic_complexity=sum(text.cyclomatic_complexity for text in texts),
        plumbing=tuple(names),
    )


def _python_files(source: Path) -> Iterable[Path]:
    if source.is_file():
        return [source]
    if not source.is_dir():
        raise ConfigurationError(
            f"the source {source} of a contender is not there",
            cause="`sources` names files or folders relative to the contender's directory",
            hint="mend `sources` in the contender's row, or remove it to leave simplicity out",
        )
    return source.rglob("*.py")
