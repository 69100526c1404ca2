"""Let both suites run in one process; loaded with `-p suites.variants.neighbours`.

Each suite has modules of its own named `wiring` and `world`. Here the folder of the module that imports them
decides which ones it gets, so that no test has to know that it runs beside the other suite.
"""

import builtins
import importlib.util
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

SUITES = Path(__file__).resolve().parent.parent
NAMES = ("wiring", "world")

_plain_import = builtins.__import__


def _suite_of(importer: Mapping[str, Any] | None) -> Path | None:
    """Return the suite that the importing module belongs to, None for any other module."""
    path = Path((importer or {}).get("__file__") or "/").resolve()
    return next((suite for suite in (SUITES / "sync", SUITES / "async") if suite in path.parents), None)


def _neighbour(suite: Path, name: str) -> ModuleType:
    """Return the suite's module of that name, loaded once."""
    unique = f"{name} of {suite.name}"
    if unique not in sys.modules:
        spec = importlib.util.spec_from_file_location(unique, suite / f"{name}.py")
        assert spec is not None, f"{suite} has a {name}.py"
        assert spec.loader is not None, "a file has a loader"
        sys.modules[unique] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[unique]


def _import(name: str, globals: Mapping[str, Any] | None = None, *rest: Any, **options: Any) -> ModuleType:
    suite = _suite_of(globals) if name in NAMES else None
    return _plain_import(name, globals, *rest, **options) if suite is None else _neighbour(suite, name)


builtins.__import__ = _import
