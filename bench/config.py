"""Read and check the configuration: `[tool.bench]` of pyproject.toml or a file of the user's own.

A contender is a row of data. Text in `{braces}` of arguments and environment is filled per trial:
`{database_url}` (a plain `sqlite:///` or `postgresql://` URL), `{project}` (the folder of the
configuration file) and `{scratch}` (the trial's own temporary folder).
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec

from bench.model import BACKENDS, NO_BACKEND, Contender, Style
from bench.toml_text import TomlText

PLACEHOLDERS = frozenset({"database_url", "project", "scratch"})
MICRO = "micro"
LONGEST_TIMEOUT_SECONDS = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class ContenderRow:
    """A contender as it is written in TOML; see `bench.model.Contender` for the meaning."""

    title: str = ""
    style: Style = "other"
    record: str = ""
    directory: str = "."
    pytest_args: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    plugins: tuple[str, ...] | None = None
    python: str | None = None
    dependency_set: str | None = None
    backends: tuple[str, ...] = (NO_BACKEND,)
    twins: str | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchTable:
    """The `[tool.bench]` table (or the top level of a file given with `--config`)."""

    baseline: str
    contenders: Mapping[str, ContenderRow]
    claims: str | None = None
    micro: ContenderRow | None = None
    margin: float = 0.05
    alpha: float = 0.05
    timeout_seconds: int = 300
    load_limit: float | None = None


Row = TypeVar("Row", ContenderRow, BenchTable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A checked configuration; `root` is the folder that relative paths start from."""

    root: Path
    source: Path
    baseline: str
    contenders: tuple[Contender, ...]
    claims: Path | None
    micro: Contender | None
    margin: float
    alpha: float
    timeout_seconds: int
    load_limit: float | None

    @property
    def locks(self) -> Path:
        """Give the folder of the committed dependency sets."""
        return self.root / "locks"

    @property
    def cache(self) -> Path:
        """Give the folder where subject environments are kept between runs."""
        return self.root / ".twinbench" / "environments"


def read(path: Path) -> Config:
    """Read the configuration in `path`; raise ConfigurationError naming file, line, key and a hint."""
    source = TomlText.read(path)
    bench = _converted(source)
    root = path.parent.resolve()
    contenders = tuple(_contender(name, row) for name, row in bench.contenders.items())
    micro = None if bench.micro is None else _contender(MICRO, bench.micro)
    _check(source, bench)
    for contender in contenders:
        _check_contender(source, contender, root, keys=("contenders", contender.id))
    if micro is not None:
        _check_contender(source, micro, root, keys=(MICRO,))
    return Config(
        root=root,
        source=path.resolve(),
        baseline=bench.baseline,
        contenders=contenders,
        claims=None if bench.claims is None else root / bench.claims,
        micro=micro,
        margin=bench.margin,
        alpha=bench.alpha,
        timeout_seconds=bench.timeout_seconds,
        load_limit=bench.load_limit,
    )


def _converted(source: TomlText) -> BenchTable:
    table = source.table()
    rows = table.get("contenders")
    for name, row in rows.items() if isinstance(rows, dict) else ():
        _as(ContenderRow, row, source, keys=("contenders", name))
    if MICRO in table:
        _as(ContenderRow, table[MICRO], source, keys=(MICRO,))
    return _as(BenchTable, table, source, keys=())


def _as(row_type: type[Row], row: object, source: TomlText, *, keys: tuple[str, ...]) -> Row:
    """Convert a table; raise ConfigurationError for a key that is unknown, missing or of the wrong type.

    Rows are converted one by one because msgspec does not say in which row of a mapping an error lies.
    """
    known = sorted(row_type.__dataclass_fields__)
    unknown = [key for key in row if key not in known] if isinstance(row, dict) else []
    if unknown:
        raise source.wrong(
            *keys, unknown[0], cause=f"unknown key {unknown[0]!r}", hint=f"known keys: {', '.join(known)}"
        )
    try:
        return msgspec.convert(row, row_type)
    except msgspec.ValidationError as error:
        at = re.search(r" - at `\$\.?(\w*).*`$", str(error))
        place = (*keys, at[1]) if at and at[1] else keys
        raise source.wrong(
            *place,
            cause=f"{'.'.join(place) or 'the table'}: {str(error).partition(' - at ')[0]}",
            hint="see README.md, 'Measure your own suites', for every key",
        ) from error


def _contender(name: str, row: ContenderRow) -> Contender:
    return Contender(
        id=name,
        title=row.title or name,
        style=row.style,
        record=row.record,
        directory=row.directory,
        pytest_args=row.pytest_args,
        environment=dict(row.environment),
        plugins=row.plugins,
        python=row.python,
        dependency_set=row.dependency_set,
        backends=row.backends,
        twins=row.twins,
        sources=row.sources,
    )


def _check(source: TomlText, bench: BenchTable) -> None:
    if bench.baseline not in bench.contenders:
        raise source.wrong(
            "baseline",
            cause=f"baseline {bench.baseline!r} is not a contender",
            hint=f"name one of: {', '.join(bench.contenders) or 'none yet; add a table contenders.NAME'}",
        )
    if not 0.001 <= bench.margin < 1:
        raise source.wrong(
            "margin", cause=f"margin {bench.margin} is out of range", hint="a ratio from 0.001 to below 1, as 0.05"
        )
    if not 0 < bench.alpha < 0.5:
        raise source.wrong("alpha", cause=f"alpha {bench.alpha} is out of range", hint="between 0 and 0.5, as 0.05")
    if not 0 < bench.timeout_seconds <= LONGEST_TIMEOUT_SECONDS:
        raise source.wrong(
            "timeout_seconds",
            cause=f"timeout_seconds {bench.timeout_seconds} is out of range",
            hint=f"whole seconds from 1 to {LONGEST_TIMEOUT_SECONDS}",
        )
    if bench.load_limit is not None and not 0 < bench.load_limit < math.inf:
        raise source.wrong(
            "load_limit", cause=f"load_limit {bench.load_limit} is out of range", hint="a load average, as 2.0"
        )


def _check_contender(source: TomlText, contender: Contender, root: Path, *, keys: tuple[str, ...]) -> None:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", contender.id) or (contender.id == MICRO and keys != (MICRO,)):
        raise source.wrong(
            *keys,
            cause=f"contender id {contender.id!r} is not usable",
            hint=f"letters, digits, '-', '_' and '.'; the name {MICRO!r} is taken",
        )
    unknown = [backend for backend in contender.backends if backend not in BACKENDS]
    if unknown or not contender.backends:
        raise source.wrong(
            *keys,
            "backends",
            cause=f"unknown backend {unknown[0]!r}" if unknown else f"contender {contender.id!r} has no backend",
            hint=f"one or more of: {', '.join(BACKENDS)}",
        )
    if (contender.python is None) == (contender.dependency_set is None):
        raise source.wrong(
            *keys,
            cause=f"contender {contender.id!r} needs either python or dependency_set",
            hint='python = "/path/to/venv/bin/python" for your own environment, '
            'dependency_set = "current" for one built from locks/current.txt',
        )
    if not (root / contender.directory).is_dir():
        raise source.wrong(
            *keys,
            "directory",
            cause=f"there is no folder {root / contender.directory}",
            hint=f"name the folder that pytest runs in, from {root}",
        )
    _check_placeholders(source, contender, keys=keys)


def _check_placeholders(source: TomlText, contender: Contender, *, keys: tuple[str, ...]) -> None:
    templates = [("pytest_args", argument) for argument in contender.pytest_args]
    templates += [("environment", text) for text in contender.environment.values()]
    templates += [("python", contender.python or "")]
    for key, template in templates:
        allowed = {"project"} if key == "python" else PLACEHOLDERS
        for name in re.findall(r"\{(\w+)\}", template):
            if name not in allowed:
                raise source.wrong(
                    *keys,
                    key,
                    near=f"{{{name}}}",
                    cause=f"unknown placeholder {{{name}}} in {key}",
                    hint=f"known there: {', '.join(sorted(allowed))}",
                )
            if name == "database_url" and NO_BACKEND in contender.backends:
                raise source.wrong(
                    *keys,
                    key,
                    near=f"{{{name}}}",
                    cause=f"contender {contender.id!r} asks for {{database_url}} and names no database",
                    hint='add backends = ["sqlite"], ["postgresql"] or both',
                )
