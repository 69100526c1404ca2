"""The ledger of flakiness: bounds grow tighter over runs of the same code and dependency set, and over no others."""

import json
from contextlib import suppress
from pathlib import Path

from bench.flakiness.findings import FlakinessFinding
from bench.flakiness.summary import Earlier
from bench.model import Json
from bench.storage import json_bytes, storage_errors

SCHEMA = "flakiness/1"
LEDGER = "flakiness.jsonl"
CHANGED = ("unknown", "dirty")


def read(reports: Path, *, code: str) -> Earlier:
    """Add up the entries of `code` by cell id: (failures, trials); none for code that cannot be told apart.

    `code` names revision and dependency sets. A damaged line is passed over.
    """
    counts: dict[str, tuple[int, int]] = {}
    for entry in _entries(reports / LEDGER) if is_known(code) else []:
        if entry["code"] == code:
            failures, trials = counts.get(entry["cell"], (0, 0))
            counts[entry["cell"]] = failures + entry["failures"], trials + entry["trials"]
    return counts


def append(reports: Path, run_id: str, finding: FlakinessFinding, *, code: str) -> None:
    """Add the cells of a finished run, once."""
    path = reports / LEDGER
    if not is_known(code) or any(entry["run"] == run_id for entry in _entries(path)):
        return
    lines = [
        json_bytes(
            SCHEMA,
            {"run": run_id, "code": code, "cell": cell.cell, "failures": cell.failures, "trials": cell.trials},
            indent=None,
        )
        for cell in finding.cells
    ]
    with storage_errors(path), open(path, "ab") as file:
        torn = path.stat().st_size > 0 and path.read_bytes()[-1:] != b"\n"
        file.write((b"\n" if torn else b"") + b"".join(lines))


def is_known(code: str) -> bool:
    """Tell whether equal names mean equal code: not outside a checkout and not with uncommitted changes."""
    return bool(code) and not any(word in code for word in CHANGED)


def _entries(path: Path) -> list[dict[str, Json]]:
    entries = []
    for line in path.read_bytes().splitlines() if path.exists() else []:
        with suppress(ValueError):
            entry = json.loads(line)
            if isinstance(entry, dict) and entry.keys() >= {"run", "code", "cell", "failures", "trials"}:
                entries.append(entry)
    return entries
