"""The tables of the configuration as they are written in TOML, and their conversion with errors that name the line."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from bench.configuration.toml_text import TomlText
from bench.model import NO_BACKEND, Isolation, Size, Style

MICRO = "micro"


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
    beside: tuple[str, ...] = ()
    compared_from: Mapping[str, Size] = field(default_factory=dict)
    searched: bool = True
    inherit: tuple[str, ...] = ()
    before: str = ""
    isolate: Isolation = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantRow:
    """A contender with one thing changed, as it is written in TOML; see `bench.model.Variant`."""

    contender: str
    title: str = ""
    plugins: tuple[str, ...] = ()
    pytest_args: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    backends: tuple[str, ...] = ()
    tried_from: Size = "standard"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRow:
    """One level of a choice of wiring, and what it changes in any suite that is wired so.

    `pytest_args_of` are arguments for single contenders; `backends` limits the level to some, () to none.
    """

    choice: str
    title: str = ""
    plugins: tuple[str, ...] = ()
    pytest_args: tuple[str, ...] = ()
    pytest_args_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    backends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WiringRow:
    """The wirings in which two contenders are compared, each the names of its levels, apart by spaces.

    `crossed` is the balanced part that effects are taken from, `beside` are further pairs, and `only` are wirings of
    one contender. `plugins` are loaded in all.
    """

    contenders: tuple[str, str]
    levels: Mapping[str, LevelRow]
    crossed: tuple[str, ...]
    beside: tuple[str, ...] = ()
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    plugins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultsRow:
    """A folder of faults, and who is to see them: each of `arms` is a contender, and may name a wiring's levels."""

    folder: str
    arms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RevalidateRow:
    """What a re-validation compares, and how it resolves dependency sets.

    `group` is the dependency group of pyproject.toml that the suites need. `floors` are the oldest versions that they
    are meant to run on (as "fastapi>=0.115"), `lowest_group` is the group for those where it is another one, and
    `prereleases` are the packages whose pre-releases are tried. `contenders` and `backends` are what is compared
    unless others are named: each runs under two sets, so there are few.
    """

    group: str = "subject"
    lowest_group: str = ""
    floors: tuple[str, ...] = ()
    prereleases: tuple[str, ...] = ()
    contenders: tuple[str, ...] = ()
    backends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchTable:
    """The `[tool.bench]` table (or the top level of a file given with `--config`)."""

    baseline: str
    contenders: Mapping[str, ContenderRow]
    claims: str | None = None
    micro: ContenderRow | None = None
    factors: Mapping[str, VariantRow] = field(default_factory=dict)
    attempts: Mapping[str, VariantRow] = field(default_factory=dict)
    wiring: WiringRow | None = None
    faults: FaultsRow | None = None
    margin: float = 0.05
    alpha: float = 0.05
    timeout_seconds: int = 300
    load_limit: float | None = None
    revalidate: RevalidateRow = field(default_factory=RevalidateRow)


Row = TypeVar("Row", ContenderRow, VariantRow, RevalidateRow, LevelRow, WiringRow, FaultsRow, BenchTable)


def converted(source: TomlText) -> BenchTable:
    """Convert the whole table; raise ConfigurationError for a key that is unknown, missing or of the wrong type."""
    table = source.table()
    for name, row in _rows(table, "contenders"):
        _as(ContenderRow, row, source, keys=("contenders", name))
    for key in ("factors", "attempts"):
        for name, row in _rows(table, key):
            _as(VariantRow, row, source, keys=(key, name))
    if MICRO in table:
        _as(ContenderRow, table[MICRO], source, keys=(MICRO,))
    wiring = table.get("wiring")
    if wiring is not None:
        for name, row in _rows(wiring if isinstance(wiring, dict) else {}, "levels"):
            _as(LevelRow, row, source, keys=("wiring", "levels", name))
        _as(WiringRow, wiring, source, keys=("wiring",))
    if "faults" in table:
        _as(FaultsRow, table["faults"], source, keys=("faults",))
    if "revalidate" in table:
        _as(RevalidateRow, table["revalidate"], source, keys=("revalidate",))
    return _as(BenchTable, table, source, keys=())


def _rows(table: Mapping[str, object], key: str) -> Iterable[tuple[str, object]]:
    rows = table.get(key)
    return rows.items() if isinstance(rows, dict) else ()


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
