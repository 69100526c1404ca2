"""The sides of a comparison, read from what was typed: commands, interpreters, folders, revisions, variables."""

import argparse
import os
import re
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bench import program
from bench.commands import revisions
from bench.configuration import placeholders
from bench.configuration.looking import ENVIRONMENTS
from bench.errors import ConfigurationError
from bench.model import NO_BACKEND, Contender

AXES: Final = ("commands", "python", "cwd", "git", "vary")
EXAMPLE: Final = 'compare --python .venv/bin/python "pytest tests/sync" "pytest tests/async"'
ASSIGNMENT: Final = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
LONGEST_NAME: Final = 40
# What can be left out of a suite to see whether it explains a difference: the arguments that leave it out.
LEFT_OUT: Final[Mapping[str, tuple[str, ...]]] = {
    "loop-debug": ("-p", "twinbench_without"),
    "sleep": ("-p", "twinbench_without"),
    "dev-mode": (),
    "coverage": ("--no-cov",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A command as it was typed, taken apart: the variables before it, the interpreter it names, pytest's arguments."""

    environment: Mapping[str, str]
    python: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a comparison; `name` is short and `title` is what was typed."""

    name: str
    title: str
    python: str
    directory: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]


def read(options: argparse.Namespace) -> tuple[Side, ...]:
    """Return the sides that the options ask for; raise ConfigurationError where they are no comparison."""
    axes = {axis: list(getattr(options, axis)) for axis in AXES}
    axes["commands"] = axes["commands"] or ["pytest"]
    several = {axis: len(values) for axis, values in axes.items() if len(values) > 1}
    if not several:
        raise ConfigurationError(
            "a comparison needs two sides",
            cause="one command, one interpreter, one folder, one revision: there is nothing to compare it with",
            hint=f"{program.name()} {EXAMPLE}",
        )
    if len(set(several.values())) > 1:
        counts = ", ".join(f"{number} of {_flag(axis)}" for axis, number in several.items())
        raise ConfigurationError(
            "the sides of the comparison do not match",
            cause=f"{counts}: the first of each makes the first side, so all need as many",
            hint="name each once for all sides, or once for each side",
        )
    width = max(several.values())
    typed = [command(text) for text in _widened(axes["commands"], width)]
    labels = _labels(axes, several, typed)
    names = _named(options.name, labels)
    return tuple(
        _side(options, axes, at, typed=each, name=name, label=label, width=width)
        for at, (each, name, label) in enumerate(zip(typed, names, labels, strict=True))
    )


def _side(
    options: argparse.Namespace,
    axes: Mapping[str, list[str]],
    at: int,
    *,
    typed: Typed,
    name: str,
    label: str,
    width: int,
) -> Side:
    cwd, git, python, vary = (_widened(axes[axis], width)[at] for axis in ("cwd", "git", "python", "vary"))
    folder = Path(cwd or ".")
    if not folder.is_dir():
        raise ConfigurationError(f"there is no folder {cwd}", hint="--cwd names the folder that pytest runs in")
    directory = revisions.place(folder, git) if git else folder
    environment = dict(variable(text) for text in (*options.env, *([vary] if vary else ()))) | dict(typed.environment)
    if git:
        # An environment into which the checkout is installed must not lead both sides to the same files.
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, ["src", ".", environment.get("PYTHONPATH", "")]))
        environment["TWINBENCH_NOT_FROM"] = str(revisions.root_of(folder))
    for key, text in (*environment.items(), *(("a command", argument) for argument in typed.arguments)):
        placeholders.check(text, where=key, backends=tuple(options.backend))
        if placeholders.asks_for_a_database(text) and not set(options.backend) - {NO_BACKEND}:
            raise ConfigurationError(
                f"{key} asks for a database and none is given", hint="add --backend sqlite or --backend postgresql"
            )
    shown = shlex.join([*(f"{k}={v}" for k, v in typed.environment.items()), "pytest", *typed.arguments])
    return Side(
        name=name,
        title=shown if label in shown else f"{shown} ({label})",
        python=_interpreter(typed.python or python or "", folder, is_elsewhere=bool(git)),
        directory=below_here(directory),
        arguments=typed.arguments,
        environment=environment,
    )


def command(text: str) -> Typed:
    """Take a command apart; raise ConfigurationError for one that does not run pytest by an interpreter."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise ConfigurationError(f"{text!r} is no command", cause=str(error), hint="close its quotes") from error
    environment = {}
    while words and (match := ASSIGNMENT.fullmatch(words[0])):
        environment[match[1]] = match[2]
        words.pop(0)
    first = Path(words[0]).name if words else "pytest"
    if first in ("pytest", "py.test"):
        folder = Path(words[0]).parent if words else Path()
        python = str(folder / "python") if folder != Path() else ""
        return Typed(environment=environment, python=python, arguments=tuple(words[1:]))
    if re.fullmatch(r"(python|pypy)[\d.]*(\.exe)?", first) and words[1:3] in (["-m", "pytest"], ["-m", "py.test"]):
        python = "" if words[0] == "python" else words[0]
        return Typed(environment=environment, python=python, arguments=tuple(words[3:]))
    raise ConfigurationError(
        f"{text!r} does not start pytest",
        cause="a side is pytest ARGUMENTS or PYTHON -m pytest ARGUMENTS, with any NAME=VALUE before it",
        hint="instead of `uv run pytest` or `tox`, name the environment's interpreter: --python .venv/bin/python",
    )


def variable(text: str) -> tuple[str, str]:
    """Read NAME=VALUE, or NAME for a variable of this shell."""
    name, equals, value = text.partition("=")
    if not name.isidentifier() or (not equals and name not in os.environ):
        raise ConfigurationError(
            f"{text!r} sets no variable", hint="write --env NAME=VALUE, or --env NAME for a variable that is set"
        )
    return name, value if equals else os.environ[name]


def are_twins(asked: Sequence[Side], *, wanted: bool | None) -> bool:
    """Tell whether the sides hold the same tests: the same arguments in one folder, unless the user knows better."""
    if wanted is not None:
        return wanted
    return len({(side.arguments, side.directory) for side in asked}) == 1


def without(contender: Contender, what: str) -> Contender:
    """Return the side once more without something that may explain a difference."""
    environment = dict(contender.environment) | {"TWINBENCH_WITHOUT": what}
    if what == "dev-mode":
        environment |= {"PYTHONDEVMODE": "", "PYTHONASYNCIODEBUG": ""}
    return replace(
        contender,
        id=f"{contender.id}-without-{what}",
        title=f"{contender.title}, without {what}",
        pytest_args=(*contender.pytest_args, *LEFT_OUT[what]),
        environment=environment,
    )


def _interpreter(python: str, folder: Path, *, is_elsewhere: bool) -> str:
    """Return the interpreter as the side's folder reaches it; look for an environment where none is named."""
    if python:
        path = Path(python)
        is_near = not path.is_absolute() and (folder / path).is_file()
        return str((folder / path).absolute()) if is_near and is_elsewhere else python
    active = os.environ.get("VIRTUAL_ENV")
    for environment in (*([Path(active)] if active else ()), *(folder / name for name in ENVIRONMENTS)):
        found = environment / "bin" / "python"
        if found.is_file():
            is_below = found.is_relative_to(folder) and not is_elsewhere
            return str(found.relative_to(folder)) if is_below else str(found.absolute())
    raise ConfigurationError(
        f"no interpreter is named, and {folder} has no virtual environment",
        cause=f"neither VIRTUAL_ENV nor {', '.join(ENVIRONMENTS)} leads to one",
        hint=f"{program.name()} {EXAMPLE}",
    )


def _labels(axes: Mapping[str, list[str]], several: Mapping[str, int], typed: Sequence[Typed]) -> list[str]:
    """Say of each side what tells it from the others."""
    parts = []
    for axis in several:
        texts = axes[axis]
        parts.append(_distinct(typed) if axis == "commands" else _distinct_paths(texts) if axis == "python" else texts)
    return [" ".join(words) for words in zip(*parts, strict=True)]


def _distinct(typed: Sequence[Typed]) -> list[str]:
    """Keep of each command the words that not all have."""
    words = [[*(f"{k}={v}" for k, v in each.environment.items()), each.python, *each.arguments] for each in typed]
    shared = Counter(words[0])
    for other in words[1:]:
        shared &= Counter(other)
    own = [[word for word in each if word and word not in shared] for each in words]
    if all(len(each) == 1 for each in own):
        return _distinct_paths([each[0] for each in own])
    return [" ".join(each) or "pytest" for each in own]


def _distinct_paths(texts: Sequence[str]) -> list[str]:
    """Drop of interpreters' paths the parts that all have: venv-new/bin/python is venv-new."""
    parts = [Path(text).parts for text in texts]
    shared = set(parts[0]).intersection(*parts[1:])
    return [
        "/".join(part for part in each if part not in shared) or text for each, text in zip(parts, texts, strict=True)
    ]


def _named(given: Sequence[str], labels: Sequence[str]) -> list[str]:
    if given and len(given) != len(labels):
        raise ConfigurationError(
            f"{len(given)} names for {len(labels)} sides", hint="give --name once for each side, in their order"
        )
    names: list[str] = []
    for text in given or labels:
        name = re.sub(r"[^A-Za-z0-9_.]+", "-", text).strip("-._")[-LONGEST_NAME:].strip("-._") or "side"
        names.append(name if name not in names else f"{name}-{len(names) + 1}")
    return names


def _widened(values: Sequence[str], width: int) -> list[str]:
    return list(values) if len(values) > 1 else [values[0] if values else ""] * width


def _flag(axis: str) -> str:
    return "the commands" if axis == "commands" else f"--{axis}"


def below_here(path: Path) -> str:
    """Write a folder below this one without the names of the machine's folders."""
    found = path.resolve()
    return str(found.relative_to(Path.cwd())) if found.is_relative_to(Path.cwd()) else str(found)
