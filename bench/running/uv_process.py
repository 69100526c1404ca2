"""Run uv, and read its words: the one place that knows how it complains."""

import re
import subprocess
from pathlib import Path

import uv

from bench.errors import DependencySetError

UNREACHABLE = re.compile(
    r"network was disabled|not found in the cache|Failed to fetch|Failed to download|error sending request|dns error|"
    r"Connection refused|timed out|Could not connect",
    flags=re.IGNORECASE,
)
ADDRESS = re.compile(r"\b(?:https?|file)://\S+")


def run(*arguments: str, cwd: Path | None = None) -> str | None:
    """Run uv; give what it said if it failed, without any registry's address. Raises DependencySetError without uv."""
    try:
        done = subprocess.run([uv.find_uv_bin(), *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    except OSError as error:
        raise DependencySetError(
            "uv cannot be started", cause=str(error), hint='install it: python -m pip install "nox[uv]"'
        ) from error
    return ADDRESS.sub("<registry>", done.stderr) if done.returncode else None


def is_offline(words: str) -> bool:
    """Tell whether uv failed because nobody answered, which says nothing about the packages."""
    return bool(UNREACHABLE.search(words))
