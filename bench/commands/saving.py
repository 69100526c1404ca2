"""Write a comparison that was typed as a configuration file."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from bench.configuration.config import Config
from bench.errors import ConfigurationError
from bench.model import Contender
from bench.storage.files import write_atomically


def write(path: Path, config: Config) -> None:
    """Write the configuration to `path`, which must not exist; raise ConfigurationError if it does."""
    if path.exists():
        raise ConfigurationError(
            f"{path} exists", cause="a file of yours is never overwritten", hint="name another file with --save"
        )
    write_atomically(path, ("\n".join(_lines(config, path.parent.resolve())) + "\n").encode())


def _lines(config: Config, folder: Path) -> Iterator[str]:
    yield "# Every key: README.md, 'Measure your own suites'."
    yield f"baseline = {_text(config.baseline)}"
    yield f"margin = {config.margin}"
    yield f"timeout_seconds = {config.timeout_seconds}"
    for contender in config.contenders:
        yield ""
        yield from _row(contender, directory=os.path.relpath(config.root / contender.directory, folder))


def _row(contender: Contender, *, directory: str) -> Iterator[str]:
    yield f"[contenders.{_text(contender.id)}]"
    values = {
        "title": contender.title,
        "directory": directory,
        "python": contender.python or "",
        "twins": contender.twins or "",
        "before": contender.before,
        "isolate": contender.isolate,
    }
    yield from (f"{key} = {_text(value)}" for key, value in values.items() if value)
    lists = {"pytest_args": contender.pytest_args, "backends": contender.backends, "inherit": contender.inherit}
    for key, items in lists.items():
        if items:
            yield f"{key} = [{', '.join(map(_text, items))}]"
    if contender.environment:
        pairs = ", ".join(f"{_text(name)} = {_text(value)}" for name, value in contender.environment.items())
        yield f"environment = {{ {pairs} }}"


def _text(value: str) -> str:
    """Write a basic string: TOML's escapes are those of JSON, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
