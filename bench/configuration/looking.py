"""What a repository tells of its tests, read from its files: settings, interpreter, styles, database variables."""

import ast
import configparser
import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ENVIRONMENTS: Final = (".venv", "venv", "env")
PASSED_OVER: Final = frozenset({"node_modules", "__pycache__", "site-packages", "build", "dist", *ENVIRONMENTS})
MOST_FILES: Final = 5_000
LARGEST_FILE: Final = 1_000_000
VARIABLE: Final = re.compile(
    r"""["']([A-Z][A-Z0-9_]*(?:DATABASE|DB|POSTGRES|SQLALCHEMY)[A-Z0-9_]*|DATABASE_[A-Z_]+|DB_[A-Z_]+)["']"""
)
URL_FIELD: Final = re.compile(r"^\s+((?:\w+_)?(?:database|db|postgres|sqlalchemy)\w*(?:url|uri|dsn))\s*:", re.MULTILINE)
DRIVERS: Final = ("asyncpg", "aiosqlite", "psycopg")
CLIENTS: Final = ("TestClient", "AsyncClient")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder of tests: how many are synchronous and asynchronous, and which clients its files name."""

    path: str
    tests: int
    async_tests: int
    clients: tuple[str, ...]

    @property
    def style(self) -> str:
        """Name the style of most of its tests."""
        return "async" if 2 * self.async_tests > self.tests else "sync"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """What was found. `settings` is the file that pytest is set up in, '' without one."""

    settings: str
    python: str
    folders: tuple[Folder, ...]
    variables: tuple[str, ...]
    drivers: tuple[str, ...]


def look(root: Path) -> Repository:
    """Read the files below `root`; what cannot be read or parsed is passed over."""
    settings, paths = _settings(root)
    sources = dict(_sources(root))
    tests = {path: text for path, text in sources.items() if _is_test(path)}
    names = Counter(name for text in sources.values() for name in _variables(text))
    return Repository(
        settings=settings,
        python=_python(root),
        folders=tuple(_folders(tests, paths)),
        variables=tuple(name for name, _ in names.most_common(5)),
        drivers=tuple(name for name in DRIVERS if any(re.search(rf"\b{name}\b", text) for text in sources.values())),
    )


def _settings(root: Path) -> tuple[str, list[str]]:
    """Find where pytest is set up and which folders it names, in the order in which pytest looks."""
    for name in ("pytest.toml", "pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg"):
        try:
            text = (root / name).read_text(encoding="utf-8")
            table = _table(name, text)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, configparser.Error):
            continue
        if table is not None:
            paths = table.get("testpaths", [])
            return name, paths.split() if isinstance(paths, str) else [str(path) for path in paths]
    return "", []


def _table(name: str, text: str) -> Mapping[str, list[str] | str] | None:
    if name.endswith(".toml"):
        table = tomllib.loads(text)
        found = table.get("pytest") if name == "pytest.toml" else table.get("tool", {}).get("pytest")
        return None if found is None else found.get("ini_options", found)
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    section = "tool:pytest" if name == "setup.cfg" else "pytest"
    return dict(parser[section]) if parser.has_section(section) else None


def _sources(root: Path) -> Iterator[tuple[str, str]]:
    count = 0
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(
            name
            for name in folders
            if name not in PASSED_OVER
            and not name.startswith(".")
            and not (Path(folder) / name / "pyvenv.cfg").exists()
        )
        for name in sorted(names):
            path = Path(folder) / name
            if name.endswith(".py") and count < MOST_FILES and path.stat().st_size <= LARGEST_FILE:
                count += 1
                yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8", errors="replace")


def _is_test(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.startswith("test_") or name.endswith("_test.py")


def _folders(tests: Mapping[str, str], testpaths: list[str]) -> Iterator[Folder]:
    """Group the test files by folder: those of a named folder together, unless folders below it differ in style."""
    by_folder: dict[str, list[str]] = {}
    for path in tests:
        by_folder.setdefault(path.rpartition("/")[0] or ".", []).append(path)
    counted = {folder: _counted(folder, [tests[path] for path in paths]) for folder, paths in by_folder.items()}
    found = [folder for folder in counted.values() if folder.tests]
    if len({folder.style for folder in found}) > 1:
        yield from _by_style(found)
        return
    path = testpaths[0] if testpaths else _common([folder.path for folder in found])
    if found:
        yield _counted(path, list(tests.values()))


def _by_style(found: list[Folder]) -> Iterator[Folder]:
    """Give of each style the folder with most tests."""
    for style in ("sync", "async"):
        yield max((folder for folder in found if folder.style == style), key=lambda folder: folder.tests)


def _common(paths: list[str]) -> str:
    return os.path.commonpath(paths) or "." if paths else "."


def _counted(path: str, texts: list[str]) -> Folder:
    kinds = Counter(kind for text in texts for kind in _tests(text))
    return Folder(
        path=path,
        tests=kinds.total(),
        async_tests=kinds["async"],
        clients=tuple(name for name in CLIENTS if any(re.search(rf"\b{name}\b", text) for text in texts)),
    )


def _tests(text: str) -> Iterator[str]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            yield "async" if isinstance(node, ast.AsyncFunctionDef) else "sync"


def _variables(text: str) -> Iterator[str]:
    yield from dict.fromkeys(VARIABLE.findall(text))
    if "BaseSettings" in text:
        yield from dict.fromkeys(name.upper() for name in URL_FIELD.findall(text))


def _python(root: Path) -> str:
    return next((f"{name}/bin/python" for name in ENVIRONMENTS if (root / name / "bin" / "python").is_file()), "")
