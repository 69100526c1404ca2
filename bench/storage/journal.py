"""The append-only file of trials: one fsynced JSON line each, the only input of analysis.

A line holds the whole specification that its trial answers. Lines of the first schema did not: they are read as far
as they go, without arguments, environment and seeds.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import fasteners
import msgspec

from bench.errors import RunError
from bench.model import Json, Trial
from bench.storage.files import json_bytes, storage_errors

SCHEMA = "trial/2"
FLAT_SCHEMA = "trial/1"
FLAT_FIELDS = ("experiment", "block", "position", "warmup", "counting")


def encode(trial: Trial) -> bytes:
    """Encode one trial as one line."""
    return json_bytes(SCHEMA, msgspec.to_builtins(trial), indent=None)


def decode(lines: Iterable[bytes], *, source: Path) -> tuple[Trial, ...]:
    """Decode journal lines; raise RunError for a line of another schema or a damaged one."""
    return tuple(_decode_line(line, number, source) for number, line in enumerate(lines, 1))


def read(path: Path) -> tuple[tuple[Trial, ...], str | None]:
    """Read a journal and, where its last line is torn, a notice; that trial will be run again."""
    if not path.exists():
        return (), None
    whole, torn = _split(path.read_bytes())
    notice = "the last line of the journal was cut off; its trial is dropped and run again" if torn else None
    return decode(whole, source=path), notice


class Journal:
    """A journal open for appending, by one process at a time."""

    def __init__(self, path: Path) -> None:
        """Name the file; nothing is opened before the context is entered."""
        self._path = path
        self._lock = fasteners.InterProcessLock(path.with_name(f"{path.name}.lock"))
        self._file: int | None = None
        self.trials: list[Trial] = []
        self.notice: str | None = None

    def __enter__(self) -> Self:
        """Lock the journal, drop a torn last line, read what is there; raise RunError if it is in use."""
        with storage_errors(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            locked = self._lock.acquire(blocking=False)
        if not locked:
            self._lock.lockfile.close()  # fasteners leaves it open
            raise RunError(
                f"the run {self._path.parent.name} is being written by another process",
                cause="two harnesses cannot share one journal",
                hint="wait for the other one to end, or start a run of its own without --resume",
            )
        try:
            self._open()
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file and give the lock back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        self._lock.release()

    def append(self, trial: Trial) -> None:
        """Write one trial and wait until the disk has it; on a failure the journal stays readable."""
        assert self._file is not None, "append inside the context only"
        end = os.fstat(self._file).st_size
        with storage_errors(self._path):
            try:
                _write_all(self._file, encode(trial))
                os.fsync(self._file)
            except OSError:
                os.ftruncate(self._file, end)
                raise
        self.trials.append(trial)

    def _open(self) -> None:
        trials, self.notice = read(self._path)
        self.trials = list(trials)
        with storage_errors(self._path):
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
            if self.notice is not None:
                whole, _ = _split(self._path.read_bytes())
                os.ftruncate(self._file, sum(len(line) + 1 for line in whole))
                os.fsync(self._file)


def _split(content: bytes) -> tuple[list[bytes], bytes]:
    """Split into whole lines and the torn rest: a line counts only with its newline."""
    *whole, torn = content.split(b"\n")
    return whole, torn


def _decode_line(line: bytes, number: int, source: Path) -> Trial:
    try:
        document = msgspec.json.decode(line)
        schema = document.pop("schema", None) if isinstance(document, dict) else None
        if schema == FLAT_SCHEMA:
            document = _with_specification(document)
        elif schema != SCHEMA:
            raise msgspec.ValidationError(f"the line's schema is {schema!r}, this version reads {SCHEMA!r}")
        return msgspec.convert(document, Trial)
    except (msgspec.MsgspecError, UnicodeDecodeError, LookupError, TypeError) as error:
        raise RunError(
            f"{source}, line {number} is not a trial",
            cause=str(error),
            hint="the journal was edited or comes from another version; measure again with: nox -s bench",
        ) from error


def _with_specification(document: dict[str, Json]) -> dict[str, Json]:
    """Give a line of the first schema the specification that it spread over its fields."""
    cell = dict(document["cell"])
    changed = cell.pop("perturbation", "none")
    spec = {name: document[name] for name in FLAT_FIELDS}
    spec |= {"cell": {**cell, "variant": "" if changed == "none" else changed}, "hash_seed": 0, "padding_bytes": 0}
    return {**document, "spec": spec}


def _write_all(file: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(file, view) :]
