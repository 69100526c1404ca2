"""Checks of the configuration beyond the types of its keys; every error names file, line and a way out."""

import math
import re
import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bench.configuration import placeholders
from bench.configuration.rows import MICRO, BenchTable, WiringRow
from bench.configuration.toml_text import TomlText
from bench.errors import ConfigurationError
from bench.model import BACKENDS, NO_BACKEND, Contender, Variant

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
ID_HINT = "letters, digits, '-', '_' and '.'"
LONGEST_TIMEOUT_SECONDS = 86_400


def check(source: TomlText, bench: BenchTable) -> None:
    """Raise ConfigurationError for a setting of the whole that is out of range."""
    if bench.baseline not in bench.contenders:
        raise source.wrong(
            "baseline",
            cause=f"baseline {bench.baseline!r} is not a contender",
            hint=f"name one of: {', '.join(bench.contenders) or 'none yet; add a table contenders.NAME'}",
        )
    if not 0.001 <= bench.margin < 1:
        raise source.wrong(
            "margin", cause=f"margin {bench.margin} is out of range", hint="a ratio from 0.001 to below 1, as 0.05"
        )
    if not 0 < bench.alpha < 0.5:
        raise source.wrong("alpha", cause=f"alpha {bench.alpha} is out of range", hint="between 0 and 0.5, as 0.05")
    if not 0 < bench.timeout_seconds <= LONGEST_TIMEOUT_SECONDS:
        raise source.wrong(
            "timeout_seconds",
            cause=f"timeout_seconds {bench.timeout_seconds} is out of range",
            hint=f"whole seconds from 1 to {LONGEST_TIMEOUT_SECONDS}",
        )
    if bench.load_limit is not None and not 0 < bench.load_limit < math.inf:
        raise source.wrong(
            "load_limit", cause=f"load_limit {bench.load_limit} is out of range", hint="a load average, as 2.0"
        )


def check_contender(source: TomlText, contender: Contender, root: Path, *, keys: tuple[str, ...]) -> None:
    """Raise ConfigurationError for a row that could not be run."""
    if not ID.fullmatch(contender.id) or (contender.id == MICRO and keys != (MICRO,)):
        raise source.wrong(
            *keys,
            cause=f"contender id {contender.id!r} is not usable",
            hint=f"{ID_HINT}; the name {MICRO!r} is taken",
        )
    unknown = [backend for backend in contender.backends if backend not in BACKENDS]
    if unknown or not contender.backends:
        raise source.wrong(
            *keys,
            "backends",
            cause=f"unknown backend {unknown[0]!r}" if unknown else f"contender {contender.id!r} has no backend",
            hint=f"one or more of: {', '.join(BACKENDS)}",
        )
    elsewhere = sorted({*contender.compared_from} - {*contender.backends})
    if elsewhere:
        raise source.wrong(
            *keys,
            "compared_from",
            cause=f"contender {contender.id!r} does not run on {elsewhere[0]!r} at all",
            hint=f"some of its own: {', '.join(contender.backends)}",
        )
    if (contender.python is None) == (contender.dependency_set is None):
        raise source.wrong(
            *keys,
            cause=f"contender {contender.id!r} needs either python or dependency_set",
            hint='python = "/path/to/venv/bin/python" for your own environment, '
            'dependency_set = "current" for one built from locks/current.txt',
        )
    if not (root / contender.directory).is_dir():
        raise source.wrong(
            *keys,
            "directory",
            cause=f"there is no folder {root / contender.directory}",
            hint=f"name the folder that pytest runs in, from {root}",
        )
    try:
        shlex.split(contender.before)
    except ValueError as error:
        raise source.wrong(
            *keys, "before", cause=f"{contender.before!r} is no command: {error}", hint="close its quotes"
        ) from error
    _check_placeholders(source, contender, keys=keys)


def check_variant(
    source: TomlText, variant: Variant, contenders: Sequence[Contender], *, keys: tuple[str, str]
) -> None:
    """Raise ConfigurationError for a factor or an attempt that could not be run."""
    if not ID.fullmatch(variant.id):
        raise source.wrong(*keys, cause=f"the id {variant.id!r} is not usable", hint=ID_HINT)
    varied = next((known for known in contenders if known.id == variant.contender), None)
    if varied is None:
        raise source.wrong(
            *keys,
            "contender",
            cause=f"{'.'.join(keys)} changes the unknown contender {variant.contender!r}",
            hint=f"name one of: {', '.join(known.id for known in contenders)}",
        )
    changed = replace(varied, pytest_args=variant.pytest_args, environment=variant.environment, python=None)
    _check_placeholders(source, changed, keys=keys)


def check_wiring(source: TomlText, wiring: WiringRow, contenders: Sequence[Contender]) -> None:
    """Raise ConfigurationError for wirings that name what is not there or do not choose the same things."""
    known = {contender.id: contender for contender in contenders}
    for name in (*wiring.contenders, *wiring.only):
        if name not in known:
            raise source.wrong(
                "wiring",
                near=f'"{name}"',
                cause=f"wiring names the unknown contender {name!r}",
                hint=f"name some of: {', '.join(known)}",
            )
    alone = [levels for several in wiring.only.values() for levels in several]
    choices: list[str] = []
    for levels in (*wiring.crossed, *wiring.beside, *alone):
        unknown = [name for name in levels.split() if name not in wiring.levels]
        if unknown:
            raise source.wrong(
                "wiring",
                near=levels,
                cause=f"the wiring {levels!r} names the unknown level {unknown[0]!r}",
                hint=f"name some of: {', '.join(wiring.levels)}; or add a table wiring.levels.{unknown[0]}",
            )
        chosen = [wiring.levels[name].choice for name in levels.split()]
        choices = choices or sorted(chosen)
        twice = len(set(chosen)) < len(chosen)
        if twice or (levels in wiring.crossed and sorted(chosen) != choices):
            raise source.wrong(
                "wiring",
                near=levels,
                cause=f"the wiring {levels!r} chooses {'one thing twice' if twice else 'other things than the first'}",
                hint=f"one level for each of: {', '.join(choices)}",
            )
    for name, level in wiring.levels.items():
        keys = ("wiring", "levels", name)
        if not ID.fullmatch(name):
            raise source.wrong(*keys, cause=f"the level {name!r} is not usable", hint=ID_HINT)
        for contender in wiring.contenders:
            arguments = (*level.pytest_args, *level.pytest_args_of.get(contender, ()))
            changed = replace(known[contender], pytest_args=arguments, environment=level.environment, python=None)
            _check_placeholders(source, changed, keys=keys)


def _check_placeholders(source: TomlText, contender: Contender, *, keys: tuple[str, ...]) -> None:
    templates = [("pytest_args", argument) for argument in contender.pytest_args]
    templates += [("environment", text) for text in contender.environment.values()]
    templates += [("before", contender.before), ("python", contender.python or "")]
    for key, template in templates:
        try:
            if key == "python":
                _check_python(template)
            else:
                placeholders.check(template, where=key, backends=contender.backends)
        except ConfigurationError as error:
            raise source.wrong(
                *keys, key, near=template, cause=f"{error}: {error.cause}".removesuffix(": "), hint=error.hint
            ) from error
        if NO_BACKEND in contender.backends and placeholders.asks_for_a_database(template):
            raise source.wrong(
                *keys,
                key,
                near=template,
                cause=f"contender {contender.id!r} asks for a database in {key} and names no database",
                hint='add backends = ["sqlite"], ["postgresql"] or both',
            )


def _check_python(template: str) -> None:
    for name in re.findall(r"\{(\w+)\}", template):
        if name != "project":
            raise ConfigurationError(
                f"unknown placeholder {{{name}}} in python", hint="the one that is known there is {project}"
            )
