"""A fresh copy of a suite's folder for one trial: what a trial leaves there no other trial meets."""

import shutil
from pathlib import Path
from typing import Final

from bench.errors import StorageError

# What tools keep beside a suite: nothing a test reads, and often larger than all the rest.
PASSED_OVER: Final = frozenset(
    {".git", ".hg", ".venv", "venv", "node_modules", "__pycache__", ".tox", ".nox", ".twinbench"}
    | {".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".coverage"}
)


def copy_of(folder: Path, *, into: Path) -> Path:
    """Copy `folder` without environments and caches and return the copy; raise StorageError if that fails."""
    try:
        shutil.copytree(folder, into, ignore=_passed_over, symlinks=True, ignore_dangling_symlinks=True)
    except (OSError, shutil.Error) as error:
        raise StorageError(
            f"{folder} cannot be copied for a trial",
            cause=str(error)[:1500],
            hint='make room in the temporary folder, or leave out isolate = "copy"',
        ) from error
    return into


def _passed_over(folder: str, names: list[str]) -> list[str]:
    environments = (name for name in names if (Path(folder) / name / "pyvenv.cfg").exists())
    return [*PASSED_OVER.intersection(names), *environments]
