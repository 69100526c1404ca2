"""`python -m bench init`: look at a repository and write a configuration and a claims file to begin with."""

import argparse
import json
from collections.abc import Iterator
from typing import Final

from bench import program
from bench.configuration.looking import Folder, Repository, look
from bench.errors import ConfigurationError, ExitCode
from bench.storage.files import write_atomically
from bench.terminal import Terminal

CONFIGURATION: Final = "twinbench.toml"
CLAIMS: Final = "twinbench-claims.toml"


def main(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Write both files beside each other; raise ConfigurationError where one exists or no test is found."""
    root = options.folder.resolve()
    if not root.is_dir():
        raise ConfigurationError(f"there is no folder {options.folder}", hint="name the folder of the repository")
    paths = [root / CONFIGURATION, root / CLAIMS]
    for path in paths:
        if path.exists():
            raise ConfigurationError(
                f"{path.name} exists", cause="a file of yours is never overwritten", hint=f"move {path.name} away"
            )
    found = look(root)
    if not found.folders:
        raise ConfigurationError(
            f"no test was found below {options.folder}",
            cause="no function test_... in a file test_*.py or *_test.py",
            hint=f"{program.name()} init FOLDER, with the folder of the repository",
        )
    texts = [_configuration(found), _claims(found)]
    for path, lines in zip(paths, texts, strict=True):
        write_atomically(path, ("\n".join(lines) + "\n").encode())
        terminal.result(f"written: {path.name}")
    for line in _seen(found):
        terminal.result(f"  {line}")
    terminal.result(f"next: {program.name()} run --config {CONFIGURATION} --dry-run")
    terminal.document({"schema": "init/1", "files": [path.name for path in paths], "seen": list(_seen(found))})
    return ExitCode.JUDGED


def _seen(found: Repository) -> Iterator[str]:
    yield f"settings of pytest: {found.settings or 'none'}"
    yield f"interpreter: {found.python or 'none was found; name one'}"
    for folder in found.folders:
        clients = f", {' and '.join(folder.clients)}" if folder.clients else ""
        yield f"{folder.path}: {folder.tests} tests, {folder.async_tests} of them asynchronous{clients}"
    yield f"variables of a database: {', '.join(found.variables) or 'none'}"


def _configuration(found: Repository) -> Iterator[str]:
    names = _names(found)
    yield "# Two suites against each other. Every key: README.md of Twinbench, 'Measure your own suites'."
    yield f"baseline = {_text(names[0])}"
    yield f"claims = {_text(CLAIMS)}"
    yield "margin = 0.05            # the smallest difference that matters to you: decide before you measure"
    for name, folder in zip(names, found.folders, strict=True):
        yield ""
        yield from _row(name, folder, found)
    if len(names) == 1:
        yield ""
        yield "# The other side: change one thing, the folder, the interpreter or a variable."
        yield from (f"# {line}" for line in _row("other", found.folders[0], found))


def _row(name: str, folder: Folder, found: Repository) -> Iterator[str]:
    yield f"[contenders.{name}]"
    yield f"title = {_text(f'{folder.path}: {folder.style} tests')}"
    yield f"style = {_text(folder.style)}"
    yield 'directory = "."'
    yield f"python = {_text(found.python or '.venv/bin/python')}{'' if found.python else '   # none was found here'}"
    yield f"pytest_args = [{_text('-q')}, {_text(folder.path)}]"
    drivers = ",".join(name for name in found.drivers if name != "psycopg")
    if found.variables:
        yield "# Each trial gets an empty database of its own with these two lines:"
        url = f"{{database_url:{drivers}}}" if drivers else "{database_url}"
        yield f"# environment = {{ {found.variables[0]} = {_text(url)} }}"
        yield f"# backends = [{', '.join(map(_text, _backends(found)))}]"
    yield '# before = "alembic upgrade head"   # runs before each trial, untimed'
    yield '# inherit = ["MY_SETTING_*"]         # variables of your shell that the suite needs'


def _backends(found: Repository) -> list[str]:
    named = [name for name, driver in (("sqlite", "aiosqlite"), ("postgresql", "asyncpg")) if driver in found.drivers]
    return named or ["postgresql"]


def _claims(found: Repository) -> Iterator[str]:
    first, *others = _names(found)
    yield "# What you believe, written down before the first measurement. docs/claims.md lists every kind and key."
    yield "# Uncomment a claim to have it weighed; without one the page leads with the comparison itself."
    yield "#"
    yield "# [[claim]]"
    yield f"# id = {_text(f'{first}-is-faster')}"
    yield f"# statement = {_text(f'Tests of {first} take less time.')}"
    yield '# section = "the paragraph of your decision record"'
    yield '# goal = "speed"'
    yield '# kind = "faster"'
    yield '# weight = "decides"'
    yield f"# subject = {_text(first)}"
    yield f"# rival = {_text(others[0] if others else 'other')}"
    yield '# metric = "wall"'


def _names(found: Repository) -> list[str]:
    return [folder.style for folder in found.folders] if len(found.folders) > 1 else ["tests"]


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
