"""Blame for suites that have no configuration: two requirement files and what pytest is given."""

import argparse
import shlex
from pathlib import Path

from bench.configuration.config import Config
from bench.dependency_sets.group import parsed
from bench.dependency_sets.locked import LockedSet, is_locked
from bench.dependency_sets.names import COMMENT
from bench.dependency_sets.resolution import Resolver
from bench.errors import ConfigurationError
from bench.model import NO_BACKEND, Contender
from bench.terminal import Terminal

MARGIN, ALPHA, TIMEOUT_SECONDS = 0.05, 0.05, 900


def foreign_config(options: argparse.Namespace) -> Config:
    """Make a configuration of one contender, `suite`, that runs in the current folder.

    Its environment is what every trial inherits and --env adds: all of it is written into the manifest.
    """
    contender = Contender(
        id="suite",
        title="suite",
        style="other",
        record="",
        directory=".",
        pytest_args=tuple(shlex.split(options.pytest or "")),
        environment=dict(_variable(text) for text in options.env),
        plugins=None,
        python=None,
        dependency_set="any",
        backends=(NO_BACKEND,),
        twins=None,
    )
    return Config(
        root=Path.cwd(),
        source=Path("pyproject.toml"),
        baseline=contender.id,
        contenders=(contender,),
        claims=None,
        micro=None,
        margin=MARGIN,
        alpha=ALPHA,
        timeout_seconds=TIMEOUT_SECONDS,
        load_limit=None,
    )


def foreign_sets(options: argparse.Namespace, found: Config, terminal: Terminal) -> tuple[LockedSet, LockedSet]:
    """Read both requirement files; those without hashes are resolved. Raises ConfigurationError without two files."""
    names = getattr(options, "from"), options.to
    if None in names or names[0] == names[1]:
        raise ConfigurationError(
            "blame needs two requirement files",
            cause="--pytest is for suites without a configuration, which have no sets by name",
            hint="python -m bench blame --from old.txt --to new.txt --pytest tests",
        )
    resolve = Resolver(root=found.root, cache=found.resolutions, notify=terminal.notice)
    before, after = (_set(Path(str(name)), resolve) for name in names)
    return before, after if after.name != before.name else LockedSet(name=f"{after.name}-later", text=after.text)


def wanted(options: argparse.Namespace) -> tuple[str, ...]:
    """List what both files ask for, with their extras; the dry resolution asks for the names alone."""
    texts = [_text(Path(str(name))) for name in (getattr(options, "from"), options.to)]
    lines = [line for text in texts if not is_locked(text) for line in _lines(text)]
    return tuple(dict.fromkeys(lines))


def _set(path: Path, resolve: Resolver) -> LockedSet:
    text = _text(path)
    pins = text if is_locked(text) else resolve(_lines(text), name=path.stem)
    return LockedSet(name=path.stem, text=pins)


def _lines(text: str) -> list[str]:
    lines = [line for line in map(str.strip, COMMENT.sub("", text).splitlines()) if line and not line.startswith("-")]
    for line in lines:
        parsed(line)
    return lines


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"cannot read the requirements {path}", cause=str(error), hint="give a text file, a requirement a line"
        ) from error


def _variable(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise ConfigurationError(f"{text!r} sets no variable", hint="write --env NAME=VALUE")
    return name, value
