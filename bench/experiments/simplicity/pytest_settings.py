"""The settings that a suite needs to run: what its pytest configuration and its contender's row say."""

import argparse
import configparser
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from bench.errors import ConfigurationError
from bench.model import Contender

# Settings of a plugin that the contender does not load are there for a contender that shares the file.
_OWNERS: Mapping[str, str] = {"asyncio_": "asyncio", "anyio_": "anyio"}


def settings(contender: Contender, directory: Path) -> tuple[str, ...]:
    """List each setting once: ini keys, overrides, plugins, and environment but for the database's address.

    Raises ConfigurationError if the configuration file cannot be read.
    """
    options, _ = _parser().parse_known_args(contender.pytest_args)
    keys = [key for path in options.files for key in _keys(directory / path)]
    overrides = [setting.partition("=")[0] for setting in options.overrides]
    used = [key for key in (*keys, *overrides) if _is_used(key, contender.plugins)]
    variables = [name for name in contender.environment if name != "DATABASE_URL"]
    return tuple(dict.fromkeys((*used, *(contender.plugins or ()), *variables)))


def _parser() -> argparse.ArgumentParser:
    """Read a pytest command line as far as it names settings, in all spellings that pytest knows."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("-c", "--config-file", action="append", default=[], dest="files")
    parser.add_argument("-o", "--override-ini", action="append", default=[], dest="overrides")
    return parser


def _is_used(key: str, plugins: Iterable[str] | None) -> bool:
    owner = next((owner for prefix, owner in _OWNERS.items() if key.startswith(prefix)), None)
    return owner is None or plugins is None or any(owner in plugin for plugin in plugins)


def _keys(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8")
        return _toml_keys(text) if path.suffix == ".toml" else _ini_keys(text)
    except (OSError, UnicodeDecodeError, configparser.Error, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(
            f"cannot read the pytest configuration {path}",
            cause=str(error),
            hint="mend the file, or the -c in the contender's pytest_args",
        ) from error


def _ini_keys(text: str) -> list[str]:
    """Give the keys of pytest's own section: [pytest], or [tool:pytest] in a setup.cfg."""
    parser = configparser.RawConfigParser(strict=False, default_section="")
    parser.read_string(text)
    sections = [section for section in ("pytest", "tool:pytest") if parser.has_section(section)]
    return [key for section in sections for key in parser.options(section)]


def _toml_keys(text: str) -> list[str]:
    """Give the keys of pytest's own table: in a pytest.toml, or one of two in a pyproject.toml."""
    document = tomllib.loads(text)
    tool = document.get("tool", {}).get("pytest", {})
    for table in (document.get("pytest"), tool.get("ini_options"), tool):
        if table:
            return list(table)
    return []
