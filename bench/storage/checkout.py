"""What git says of a folder: the revision, and whether the code is really that revision."""

import subprocess
from pathlib import Path

UNKNOWN = "unknown"
DIRTY = "-dirty"
# What runs themselves append to, and what a team may keep under version control, is no code.
LEDGERS = tuple(f":(exclude,top,glob)**/{name}.jsonl" for name in ("history", "flakiness", "noise-floor"))


def revision(folder: Path) -> str:
    """Name the revision and whether a tracked file was changed since; 'unknown' outside a checkout."""
    return _named(folder, "--untracked-files=no", "--", ":/")


def code(folder: Path) -> str:
    """Name the code in a folder; equal names mean equal code unless they say 'unknown' or 'dirty'.

    New files below the folder count as changes here: a test that was not added yet is part of a suite.
    """
    name = revision(folder)
    return name if name.endswith((DIRTY, UNKNOWN)) else _named(folder, "--", ".")


def _named(folder: Path, *looked_at: str) -> str:
    name = _git(folder, "describe", "--always", "--abbrev=12", "--exclude=*")
    changes = _git(folder, "status", "--porcelain", *looked_at, *LEDGERS)
    return f"{name}{DIRTY if changes else ''}" if name else UNKNOWN


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
