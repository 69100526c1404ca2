"""Name what a dependency set lacks, so that one missing package costs one row and not the whole table."""

import importlib
import importlib.metadata
import json
import os
from pathlib import Path
from typing import Any

WATCHED = ("starlette", "fastapi", "httpx", "httpx2", "anyio", "uvicorn", "trio", "sqlalchemy", "pytest")


class CannotObserveError(Exception):
    """The installed packages lack what an observation needs; the text says what."""


def needed(module: str, *names: str) -> Any:
    """Return a module, its attribute, or several as a tuple; raise CannotObserveError for the first that is missing."""
    try:
        loaded = importlib.import_module(module)
    except ImportError as error:
        raise CannotObserveError(f"{module} cannot be imported ({error})") from error
    found = tuple(_attribute(loaded, module, name) for name in names)
    return found[0] if len(found) == 1 else found or loaded


def _attribute(loaded: Any, module: str, name: str) -> Any:
    try:
        return getattr(loaded, name)
    except AttributeError as error:
        package = module.partition(".")[0]
        raise CannotObserveError(f"{package} {versions().get(package, '')} has no {module}.{name}") from error


def versions() -> dict[str, str]:
    """Return the installed versions of the packages that shape what a client shows."""
    found = {}
    for name in WATCHED:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def write_result(result: dict[str, Any]) -> None:
    """Write the script's JSON object to where the harness reads it."""
    Path(os.environ["TWINBENCH_RESULT"]).write_text(json.dumps(result, indent=1), encoding="utf-8")
