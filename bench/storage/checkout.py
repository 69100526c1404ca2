"""What git says of a folder: the revision, and whether the code is really that revision."""

import subprocess
from pathlib import Path

UNKNOWN = "unknown"
DIRTY = "-dirty"


def revision(folder: Path) -> str:
    """Name the revision and whether a tracked file was changed since; 'unknown' outside a checkout."""
    return _git(folder, "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*") or UNKNOWN


def code(folder: Path) -> str:
    """Name the code in a folder; equal names mean equal code unless they say 'unknown' or 'dirty'.

    New files count as changes here: a test that was not added yet is part of a suite.
    """
    name = revision(folder)
    new = _git(folder, "status", "--porcelain", "--", ".")
    return name if name.endswith(DIRTY) or not new else name + DIRTY


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
