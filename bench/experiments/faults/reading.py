"""Read a folder of faults: `set.toml` names the application, every other TOML file holds faults of one class."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from bench.errors import ConfigurationError
from bench.experiments.faults.fault import CONTROL, RACES, Change, Fault, FaultSet, Layer
from bench.model import BACKENDS, Json

HINT: Final = "docs/faults.md describes every key of a fault"
ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
RACE_REPEATS: Final = 4
SET_KEYS: Final = frozenset({"title", "application", "environment"})
FILE_KEYS: Final = frozenset({"class", "faults"})
FAULT_KEYS: Final = frozenset(
    {
        "id",
        "title",
        "file",
        "anchor",
        "replacement",
        "changes",
        "backends",
        "witness",
        "prediction",
        "why",
        "wild",
        "repeats",
    }
)
CHANGE_KEYS: Final = frozenset({"file", "anchor", "replacement"})


def read_faults(folder: Path) -> FaultSet:
    """Read the faults of a folder; raise ConfigurationError for anything that is not as docs/faults.md has it."""
    table = _parse(folder / "set.toml")
    _check_keys(table, SET_KEYS, where="set.toml")
    faults = tuple(fault for path in sorted(folder.glob("*.toml")) for fault in _faults_of(path))
    if not faults:
        raise ConfigurationError(f"{folder} holds no faults", cause="no TOML file beside set.toml", hint=HINT)
    twice = [name for name, number in Counter(fault.id for fault in faults).items() if number > 1]
    if twice:
        raise ConfigurationError(f"two faults have the name {twice[0]!r}", cause=f"in {folder}", hint=HINT)
    return FaultSet(
        title=_text(table, "title", "set.toml"),
        folder=folder.resolve(),
        application=_application(folder, table),
        faults=faults,
        environment={str(name): str(text) for name, text in table.get("environment", {}).items()},
    )


def _application(folder: Path, table: Mapping[str, Json]) -> Path:
    path = (folder / _text(table, "application", "set.toml")).resolve()
    if not path.exists():
        raise ConfigurationError(
            f"the application of {folder} is not there",
            cause=f"set.toml names {table['application']!r}, which is {path}",
            hint="application is a path relative to the folder of faults",
        )
    return path


def _faults_of(path: Path) -> Iterator[Fault]:
    if path.name == "set.toml":
        return
    table = _parse(path)
    _check_keys(table, FILE_KEYS, where=path.name)
    kind = _text(table, "class", path.name)
    for number, row in enumerate(table.get("faults", []), start=1):
        yield _fault(row, kind=kind, where=f"{path.name}, fault {row.get('id', number)}")


def _fault(row: Mapping[str, Json], *, kind: str, where: str) -> Fault:
    _check_keys(row, FAULT_KEYS, where=where)
    fault_id = _text(row, "id", where)
    if not ID.fullmatch(fault_id):
        raise ConfigurationError(f"{where}: a fault's id is made of small letters, digits and dashes", hint=HINT)
    repeats = row.get("repeats", RACE_REPEATS if kind in RACES else 0)
    if not isinstance(repeats, int) or repeats < 0:
        raise ConfigurationError(f"{where}: repeats is not a number of runs", cause=repr(repeats), hint=HINT)
    return Fault(
        id=fault_id,
        title=_text(row, "title", where),
        kind=kind,
        changes=_changes(row, where),
        backends=_backends(row, where),
        witness=_text(row, "witness", where),
        predictions=_predictions(row, kind, where),
        why=str(row.get("why", "")).strip(),
        wild=str(row.get("wild", "")),
        repeats=repeats,
    )


def _changes(row: Mapping[str, Json], where: str) -> tuple[Change, ...]:
    rows = row.get("changes") or [{key: row[key] for key in CHANGE_KEYS if key in row}]
    for change in rows:
        _check_keys(change, CHANGE_KEYS, where=where)
    changes = tuple(
        Change(**{key: _text(change, key, where, empty=key == "replacement") for key in CHANGE_KEYS}) for change in rows
    )
    for change in changes:
        if change.anchor == change.replacement:
            raise ConfigurationError(
                f"{where}: nothing changes", cause="anchor and replacement are the same", hint=HINT
            )
        if Path(change.file).is_absolute() or ".." in Path(change.file).parts:
            raise ConfigurationError(f"{where}: the file lies outside the application", cause=change.file, hint=HINT)
    return changes


def _backends(row: Mapping[str, Json], where: str) -> tuple[str, ...]:
    backends = row.get("backends", ["none"])
    unknown = [name for name in backends if name not in BACKENDS]
    if unknown or not backends:
        raise ConfigurationError(
            f"{where}: backends are not known", cause=repr(backends), hint=f"known are {', '.join(BACKENDS)}"
        )
    return tuple(backends)


def _predictions(row: Mapping[str, Json], kind: str, where: str) -> Mapping[str, Layer]:
    given = row.get("prediction", {"all": "nobody"} if kind == CONTROL else None)
    if not given:
        raise ConfigurationError(
            f"{where}: nobody predicted who sees it",
            cause="prediction is missing",
            hint='for instance { all = "twins" }',
        )
    try:
        return {str(arm): Layer(layer) for arm, layer in given.items()}
    except ValueError as error:
        names = ", ".join(Layer)
        raise ConfigurationError(
            f"{where}: a prediction names no layer", cause=str(error), hint=f"known are {names}"
        ) from None


def _text(table: Mapping[str, Json], key: str, where: str, *, empty: bool = False) -> str:
    text = table.get(key)
    if not isinstance(text, str) or not (text.strip() or empty):
        raise ConfigurationError(f"{where}: {key} is missing or no text", hint=HINT)
    return text


def _check_keys(table: Mapping[str, Json], known: frozenset[str], *, where: str) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise ConfigurationError(
            f"{where}: {unknown[0]!r} is no key", cause=f"known are {', '.join(sorted(known))}", hint=HINT
        )


def _parse(path: Path) -> dict[str, Json]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read", cause=str(error), hint=HINT) from error
