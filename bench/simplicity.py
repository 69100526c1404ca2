"""Count what a reader has to understand in a suite: exactly, from its source. A proxy, and called one.

Counted are the files that a contender's row names in `sources`, its pytest configuration files and the
settings in the row itself. Nothing is run.
"""

import ast
import configparser
import io
import tokenize
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from mccabe import PathGraphingAstVisitor

from bench.errors import ConfigurationError
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
    """The counts of one contender's suite; lines are logical lines (statements)."""

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


def count(contender: Contender, *, root: Path) -> SuiteCount | None:
    """Count the suite of `contender`; None if its row names no sources. Raises ConfigurationError."""
    if not contender.sources:
        return None
    directory = root / contender.directory
    files = sorted(path for source in contender.sources for path in _python_files(directory / source))
    texts = [_read(path) for path in files]
    trees = [_parse(text, path) for text, path in zip(texts, files, strict=True)]
    keys = _configuration_keys(contender, directory)
    names = sorted(PLUMBING & {*_names(texts), *keys})
    functions = [node for tree in trees for node in ast.walk(tree) if isinstance(node, _FUNCTIONS)]
    return SuiteCount(
        files=len(files),
        tests=sum(node.name.startswith("test_") for node in functions),
        logical_lines=sum(isinstance(node, ast.stmt) for tree in trees for node in ast.walk(tree)),
        async_tokens=sum(token in ("async", "await") for text in texts for token in _tokens(text)),
        fixtures=sum(_is_fixture(node) for node in functions),
        configuration_keys=len(keys),
        plumbing_names=len(names),
        cyclomatic_complexity=sum(_complexity(tree) for tree in trees),
        plumbing=tuple(names),
    )


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


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


def _read(path: Path) -> str:
    with tokenize.open(path) as file:
        return file.read()


def _parse(text: str, path: Path) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise ConfigurationError(
            f"{path}, line {error.lineno} is not Python", cause=error.msg, hint="mend the file, or leave it out"
        ) from error


def _tokens(text: str) -> list[str]:
    """Give names and keywords; comments and documentation are for free."""
    return [
        token.string for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type == tokenize.NAME
    ]


def _names(texts: Sequence[str]) -> set[str]:
    """Give every identifier of the code, and every string that is a plain word, such as an option's value."""
    found = {token for text in texts for token in _tokens(text)}
    for text in texts:
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
                found.add(node.value)
    return found


def _is_fixture(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any("fixture" in ast.unparse(decorator) for decorator in node.decorator_list)


def _complexity(tree: ast.Module) -> int:
    """Add up the cyclomatic complexity of the module's functions (T. J. McCabe 1976, IEEE TSE 2(4), 308-320)."""
    visitor = PathGraphingAstVisitor()
    visitor.preorder(tree, visitor)
    return sum(int(graph.complexity()) for graph in visitor.graphs.values())


def _configuration_keys(contender: Contender, directory: Path) -> list[str]:
    """List every setting: ini keys, `-o` overrides, plugins, and environment but for the database's address."""
    arguments = list(contender.pytest_args)
    pairs = list(pairwise(arguments))
    ini = [directory / second for first, second in pairs if first == "-c"]
    overrides = [second.partition("=")[0] for first, second in pairs if first == "-o"]
    variables = [name for name in contender.environment if name != "DATABASE_URL"]
    return [*(key for path in ini for key in _ini_keys(path)), *overrides, *(contender.plugins or ()), *variables]


def _ini_keys(path: Path) -> list[str]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(path, encoding="utf-8")
    return [key for section in parser.sections() for key in parser[section]]
