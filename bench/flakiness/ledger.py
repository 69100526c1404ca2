"""The ledger of flakiness: bounds grow tighter over runs of the same code and dependency set, and over no others."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.flakiness.findings import FlakinessFinding
from bench.model import Json
from bench.storage.files import json_bytes, storage_errors

SCHEMA = "flakiness/1"
LEDGER = "flakiness.jsonl"
CHANGED = ("unknown", "dirty")
FIELDS = {"run": str, "code": str, "cell": str, "failures": int, "trials": int}


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierTrials:
    """What the ledger holds of `code`: by cell id (failures, trials); `damaged` lines could not be read."""

    code: str = ""
    counts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    damaged: int = 0


def read(reports: Path, *, code: str) -> EarlierTrials:
    """Add up the entries of `code` by cell; none for code that cannot be told apart.

    `code` names revision and dependency sets. Of runs with one seed the one with the most trials counts: they repeat
    each other's conditions. A damaged line is passed over and counted.
    """
    entries, damaged = _entries(reports / LEDGER)
    largest: dict[tuple[str, Json], tuple[int, int]] = {}
    for entry in entries if is_known(code) else []:
        key, found = (entry["cell"], entry.get("seed", entry["run"])), (entry["failures"], entry["trials"])
        if entry["code"] == code and found[1] >= largest.get(key, found)[1]:
            largest[key] = found
    counts: dict[str, tuple[int, int]] = {}
    for (cell, _), (failures, trials) in largest.items():
        before = counts.get(cell, (0, 0))
        counts[cell] = before[0] + failures, before[1] + trials
    return EarlierTrials(code=code, counts=counts, damaged=damaged)


def append(reports: Path, run_id: str, findings: Sequence[FlakinessFinding], *, code: str, seed: int) -> None:
    """Add the cells of a finished run, once: a re-validation has a finding for each dependency set.

    What the ledger holds, damaged or not, stays as it is.
    """
    path = reports / LEDGER
    entries, _ = _entries(path)
    if not is_known(code) or any(entry["run"] == run_id for entry in entries):
        return
    lines = [
        json_bytes(
            SCHEMA,
            {
                "run": run_id,
                "code": code,
                "seed": seed,
                "cell": cell.cell,
                "failures": cell.failures,
                "trials": cell.trials,
            },
            indent=None,
        )
        for finding in findings
        for cell in finding.cells
    ]
    with storage_errors(path), open(path, "ab") as file:
        torn = path.stat().st_size > 0 and path.read_bytes()[-1:] != b"\n"
        file.write((b"\n" if torn else b"") + b"".join(lines))


def is_known(code: str) -> bool:
    """Tell whether equal names mean equal code: not outside a checkout and not with uncommitted changes."""
    return bool(code) and not any(word in code for word in CHANGED)


def _entries(path: Path) -> tuple[list[dict[str, Json]], int]:
    """Give the ledger's entries and the number of its damaged lines."""
    lines = path.read_bytes().splitlines() if path.exists() else []
    entries = [entry for entry in map(_entry, lines) if entry is not None]
    return entries, len(lines) - len(entries)


def _entry(line: bytes) -> dict[str, Json] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    known = isinstance(entry, dict) and {name: type(entry.get(name)) for name in FIELDS} == FIELDS
    return entry if known else None
