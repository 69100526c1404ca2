"""The text of a configuration file, which knows on which line a key stands."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bench.errors import ConfigurationError


@dataclass(frozen=True, slots=True, kw_only=True)
class TomlText:
    """A TOML file; `prefix` is the path of the table that keys are given from."""

    path: Path
    text: str
    prefix: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read `path`; in a pyproject.toml keys are given from [tool.bench]. Raises ConfigurationError."""
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(
                f"cannot read the configuration {path}",
                cause=str(error),
                hint="run in the project's folder, or name the file with --config FILE; `compare` and `init` need none",
            ) from error
        return cls(path=path, text=text, prefix=("tool", "bench") if path.name == "pyproject.toml" else ())

    def table(self) -> Mapping[str, object]:
        """Parse the text and give the table under `prefix`; raise ConfigurationError naming the line."""
        try:
            table: object = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            raise ConfigurationError(
                f"{self.path} is not valid TOML", cause=str(error), hint="mend that line; strings need quotes"
            ) from error
        for key in self.prefix:
            table = table.get(key) if isinstance(table, dict) else None
        if not isinstance(table, dict):
            raise ConfigurationError(
                f"{self.path} has no [{'.'.join(self.prefix)}] table",
                cause="without it there are no contenders to measure",
                hint="add the table (see README.md, 'Measure your own suites'), or use --config FILE",
            )
        return table

    def wrong(self, *keys: str, cause: str, hint: str, near: str = "") -> ConfigurationError:
        """Make the error for a key, given as its path; `near` is text that follows it, as an item of a list."""
        line = self._line(keys, near)
        place = f"{self.path}, line {line}" if line else str(self.path)
        return ConfigurationError(f"the configuration is wrong: {place}", cause=cause, hint=hint)

    def _line(self, keys: tuple[str, ...], near: str) -> int | None:
        """Find the line of a key, or of the innermost table around it that the text names."""
        places = list(self._places())
        for length in range(len(keys), 0, -1):
            wanted = (*self.prefix, *keys[:length])
            found = next((number for number, place in places if place == wanted), None)
            if found is not None:
                return self._line_near(found, near)
        return None

    def _line_near(self, start: int, near: str) -> int:
        lines = self.text.splitlines()
        follow = range(start, len(lines) + 1) if near else ()
        return next((number for number in follow if near in lines[number - 1]), start)

    def _places(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield each line that opens a table or sets a key, with its path. Misses keys inside inline tables."""
        table: tuple[str, ...] = ()
        for number, line in enumerate(self.text.splitlines(), 1):
            if header := re.match(r"\s*\[\[?([^\[\]]+)\]", line):
                table = _path(header[1])
                yield number, table
            elif setting := re.match(r"""\s*([\w."'\s-]+?)\s*=""", line):
                yield number, (*table, *_path(setting[1]))


def _path(dotted: str) -> tuple[str, ...]:
    return tuple(bare or quoted for quoted, bare in re.findall(r"""["']([^"']*)["']|([\w-]+)""", dotted))
