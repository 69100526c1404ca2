"""The history of re-validations: `history.jsonl`, one line for each finished one, never rewritten.

Numbers of different machines stand in the same file and are never compared: every line names its machine.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from bench.model import Json
from bench.storage.files import ends_whole, json_bytes, storage_errors

SCHEMA = "history/1"
FILE = "history.jsonl"
IDENTIFYING = ("processor", "cores", "memory")


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRatio:
    """One ratio under one dependency set, or its change; the interval is None where there was none."""

    rival: str
    backend: str
    metric: str
    under: str
    ratio: float
    low: float | None
    high: float | None
    blocks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HistorySet:
    """A dependency set as it was re-validated."""

    name: str
    sha256: str
    considered_until: str
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One finished re-validation; `verdicts` and `decisions` are (before, after)."""

    run: str
    started: str
    profile: str
    revision: str
    machine: Mapping[str, str]
    machine_id: str
    before: HistorySet
    after: HistorySet
    decisions: tuple[str, str]
    verdicts: Mapping[str, tuple[str, str]]
    ratios: tuple[HistoryRatio, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The readable lines, oldest first, and the numbers of those that are damaged."""

    lines: tuple[HistoryLine, ...] = ()
    damaged: tuple[int, ...] = ()

    def notice(self) -> str:
        """Say which lines were passed over, '' if all were read."""
        numbers = ", ".join(map(str, self.damaged))
        lines = "line" if len(self.damaged) == 1 else "lines"
        return f"{FILE}: {lines} {numbers} cannot be read; kept and passed over" if self.damaged else ""


def machine_id(machine: Mapping[str, str]) -> str:
    """Name a machine by what its speed depends on; the load and the kernel's release are not part of it."""
    return hashlib.sha256(repr([machine.get(label, "") for label in IDENTIFYING]).encode()).hexdigest()[:12]


def read(reports: Path) -> History:
    """Read the history; a damaged line is passed over and counted from 1."""
    path = reports / FILE
    found = list(enumerate(path.read_bytes().splitlines(), 1)) if path.exists() else []
    lines = [(number, _decoded(line)) for number, line in found]
    return History(
        lines=tuple(line for _, line in lines if line is not None),
        damaged=tuple(number for number, line in lines if line is None),
    )


def append(reports: Path, line: HistoryLine) -> None:
    """Add a finished re-validation, once; what stands in the file stays as it is."""
    if any(known.run == line.run for known in read(reports).lines):
        return
    path = reports / FILE
    fields: Mapping[str, Json] = msgspec.to_builtins(line)
    with storage_errors(path):
        torn = b"" if ends_whole(path) else b"\n"
        with open(path, "ab") as file:
            file.write(torn + json_bytes(SCHEMA, fields, indent=None))


def of_machine(lines: Sequence[HistoryLine], machine: Mapping[str, str]) -> list[HistoryLine]:
    """Give the lines that were measured on this machine: no others can be compared with it."""
    return [line for line in lines if line.machine_id == machine_id(machine)]


def _decoded(line: bytes) -> HistoryLine | None:
    try:
        document = msgspec.json.decode(line)
        if not isinstance(document, dict) or document.pop("schema", None) != SCHEMA:
            return None
        return msgspec.convert(document, HistoryLine)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
