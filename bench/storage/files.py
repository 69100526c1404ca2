"""Write files so that a crash, a full disk or a second reader never meets half of one."""

import errno
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.errors import StorageError
from bench.model import Json


def json_bytes(schema: str, fields: Mapping[str, Json], *, indent: int | None = 1) -> bytes:
    """Encode `fields` with `schema` first and sorted keys; the same fields give the same bytes."""
    ordered = {"schema": schema, **_sorted(fields)}
    return json.dumps(ordered, indent=indent, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def write_atomically(path: Path, content: bytes) -> None:
    """Write `content` to a temporary name, flush it to the disk and move it into place."""
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            with open(temporary, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn what a disk can refuse into a StorageError that names the path."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise StorageError(
            f"cannot write {path}",
            cause=error.strerror or str(error),
            hint="free some space, then continue with --resume; finished trials are kept"
            if full
            else "check that the folder exists and is yours, then continue with --resume",
        ) from error


def ends_whole(path: Path) -> bool:
    """Tell whether a file's last line is complete: a torn one must not swallow the next."""
    return not path.exists() or path.read_bytes()[-1:] in (b"", b"\n")


def _sorted(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {str(key): _sorted(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, list | tuple):
        return [_sorted(item) for item in value]
    return value
