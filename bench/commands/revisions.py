"""Two revisions of one checkout side by side: git worktrees in the temporary folder, removed at the end."""

import hashlib
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bench.errors import ConfigurationError
from bench.model import Contender

PREFIX: Final = "twinbench-revision-"


def place(folder: Path, revision: str) -> Path:
    """Return where the revision of the checkout around `folder` is going to lie; raise ConfigurationError without one.

    The same revision always has the same place, so that an interrupted comparison finds it again.
    """
    root = root_of(folder)
    commit = _git(folder, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    below = folder.resolve().relative_to(root)
    return _tree(root, commit) / below


def root_of(folder: Path) -> Path:
    """Return the folder of the checkout around `folder`; raise ConfigurationError without one."""
    return Path(_git(folder, "rev-parse", "--show-toplevel")).resolve()


@contextmanager
def checked_out(side: Contender) -> Iterator[None]:
    """Have a side's worktree there while it is measured; a side that is no revision is left alone."""
    tree = next((path for path in [Path(side.directory), *Path(side.directory).parents] if _is_ours(path)), None)
    if tree is None:
        yield
        return
    commit = tree.name.rpartition("-")[2]
    here = Path.cwd()
    if not (tree / ".git").exists():
        _git(here, "worktree", "prune")
        _git(here, "worktree", "add", "--quiet", "--detach", str(tree), commit)
    elif _git(tree, "status", "--porcelain", "--untracked-files=no"):
        raise ConfigurationError(
            f"{tree} is not as its revision is",
            cause="files of it were changed since it was checked out",
            hint=f"git worktree remove --force {tree}",
        )
    try:
        yield
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", str(tree)], cwd=here, check=False, capture_output=True)


def _is_ours(path: Path) -> bool:
    return path.name.startswith(PREFIX)


def _tree(root: Path, commit: str) -> Path:
    checkout = hashlib.sha256(str(root).encode()).hexdigest()[:8]
    return Path(tempfile.gettempdir()) / f"{PREFIX}{checkout}-{commit[:12]}"


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=folder, check=True, capture_output=True, text=True, errors="replace"
        )
    except (OSError, subprocess.CalledProcessError) as error:
        said = error.stderr.strip() if isinstance(error, subprocess.CalledProcessError) else str(error)
        raise ConfigurationError(
            f"git {arguments[0]} failed in {folder}",
            cause=said,
            hint="--git names revisions of the checkout that --cwd, or this folder, lies in: --git main --git HEAD",
        ) from error
    return done.stdout.strip()
