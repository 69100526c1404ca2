"""Build subject environments from dependency sets, cached by the hash of everything that shapes them.

The harness environment (pandas, matplotlib, scipy) never mixes with a subject's: an upgrade of a
dependency set must change what is measured, not the measuring.
"""

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import fasteners

from bench.errors import DependencySetError, RegistryError
from bench.running import uv_process
from bench.storage.files import storage_errors, write_atomically

# A distribution whose metadata cannot be read (a broken upgrade leaves such) is no reason to stop.
LIST_PACKAGES = """
import importlib.metadata, json, platform
packages = {}
for found in importlib.metadata.distributions():
    try:
        packages.setdefault(found.metadata["Name"].lower(), str(found.version))
    except Exception:
        pass
print(json.dumps({"python": platform.python_version(), "packages": packages}))
"""
# Like importlib.metadata.packages_distributions, which Python 3.9 does not have.
LIST_MODULES = """
import importlib.metadata, json
modules = {}
for found in importlib.metadata.distributions():
    try:
        name = found.metadata["Name"].lower()
        for top in {str(path).partition("/")[0] for path in found.files or ()}:
            module = top.partition(".")[0]
            if module.isidentifier() and not top.endswith((".dist-info", ".pth")):
                modules.setdefault(module, name)
    except Exception:
        pass
print(json.dumps(modules))
"""
THREADS = threading.Lock()
OLDEST_PYTHON, OLDEST_PYTEST = (3, 9), (7,)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectEnvironment:
    """An interpreter that suites run in, with what is really installed in it."""

    dependency_set: str
    python: Path
    python_version: str
    sha256: str
    text: str
    packages: Mapping[str, str]


def foreign(python: str, *, directory: Path) -> SubjectEnvironment:
    """Inspect an interpreter of the user's own; raise DependencySetError if it cannot run the probe."""
    path = Path(python).expanduser()
    path = path if path.is_absolute() else (directory / path)
    found = path if path.is_file() else Path(shutil.which(python) or path)
    installed = _inspect(found, name=python)
    environment = SubjectEnvironment(
        dependency_set="own",
        python=found,
        python_version=str(installed["python"]),
        sha256="",
        text="",
        packages=_packages(installed),
    )
    _check_probe_runs(environment)
    return environment


def _check_probe_runs(environment: SubjectEnvironment) -> None:
    pytest_version = environment.packages.get("pytest", "0")
    if _version(environment.python_version) < OLDEST_PYTHON or _version(pytest_version) < OLDEST_PYTEST:
        has = f"pytest {pytest_version}" if "pytest" in environment.packages else "no pytest"
        raise DependencySetError(
            f"the interpreter {environment.python} cannot be measured",
            cause=f"it is Python {environment.python_version} with {has}; Python 3.9 and pytest 7 are the oldest",
            hint=f"install pytest there: {environment.python} -m pip install pytest   or name another python",
        )


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text)[:2])


def lock_text(locks: Path, name: str) -> str:
    """Read the dependency set `name`; raise DependencySetError when it is missing or not hashed."""
    path = locks / f"{name}.txt"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        known = ", ".join(sorted(lock.stem for lock in locks.glob("*.txt"))) or "none"
        raise DependencySetError(
            f"there is no dependency set {name!r}",
            cause=f"{path} cannot be read ({error}); committed sets: {known}",
            hint="restore it with: git checkout -- locks/   or make it anew with: nox -s lock",
        ) from error
    pinned = re.findall(r"^[A-Za-z0-9][^\s;]*==", text, flags=re.MULTILINE)
    if not pinned or "--hash=sha256:" not in text:
        raise DependencySetError(
            f"the dependency set {name!r} holds no hashed pins",
            cause=f"{path} was altered or is not made by uv pip compile --generate-hashes",
            hint="restore it with: git checkout -- locks/   or make it anew with: nox -s lock",
        )
    return text


def build(locks: Path, name: str, *, cache: Path, notify: Callable[[str], None]) -> SubjectEnvironment:
    """Give the environment of the committed dependency set `name`; see `install`."""
    return install(name, lock_text(locks, name), cache=cache, notify=notify)


def install(name: str, text: str, *, cache: Path, notify: Callable[[str], None]) -> SubjectEnvironment:
    """Give the environment of a dependency set's text, building it unless the cache holds it.

    The cache key is the text without its comments, the Python version and the platform. A folder without its
    marker is a build that was cut off, one whose packages differ from its marker was changed by hand, and
    both are built anew. Raises DependencySetError with uv's own words.
    """
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    pins = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    key = hashlib.sha256(f"{pins} {sys.version} {platform.platform()} {sys.base_prefix}".encode()).hexdigest()[:16]
    folder = cache / f"{name}-{key}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    with _exclusive(cache / f"{name}-{key}.lock"):
        installed = _complete(folder, python, name=name)
        if installed is None:
            notify(f"building the environment of dependency set {name!r} with uv")
            shutil.rmtree(folder, ignore_errors=True)
            _install(text, folder, python, name)
            installed = _inspect(python, name=name)
            write_atomically(_marker(folder), json.dumps(installed).encode())
    return SubjectEnvironment(
        dependency_set=name,
        python=python,
        python_version=str(installed["python"]),
        sha256=sha256,
        text=text,
        packages=_packages(installed),
    )


def _marker(folder: Path) -> Path:
    return folder / "complete.json"


def _complete(folder: Path, python: Path, *, name: str) -> dict[str, object] | None:
    """Inspect a whole build in which nothing was changed since; None for any other."""
    try:
        installed = _inspect(python, name=name)
        return installed if json.loads(_marker(folder).read_bytes()) == installed else None
    except (OSError, ValueError, DependencySetError):
        return None


@contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    lock = fasteners.InterProcessLock(path)
    with THREADS:  # a lock of a file keeps other processes out, not other threads of this one
        with storage_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        try:
            yield
        finally:
            lock.release()


def _install(text: str, folder: Path, python: Path, name: str) -> None:
    # In the cache's folder, which lies in the project: the project's settings of uv count, wherever we were started.
    _uv("venv", "--quiet", "--python", sys.executable, str(folder), name=name, cwd=folder.parent)
    lock = folder / "lock.txt"
    write_atomically(lock, text.encode())
    # Compiled here, once: otherwise the first trials would compile what the later ones only load.
    options = ("--quiet", "--require-hashes", "--compile-bytecode")
    _uv("pip", "sync", *options, "--python", str(python), str(lock), name=name, cwd=folder.parent)


def _uv(*arguments: str, name: str, cwd: Path) -> None:
    words = uv_process.run(*arguments, cwd=cwd)
    if words is not None and uv_process.is_offline(words):
        words = uv_process.run(*arguments, "--offline", cwd=cwd)  # what uv has kept may do
    if words is None:
        return
    kind = RegistryError if uv_process.is_offline(words) else DependencySetError
    raise kind(
        f"uv could not install the dependency set {name!r}",
        cause=_shortened(words),
        hint="an altered lock is restored with: git checkout -- locks/ ; offline, uv needs its cache",
    )


def _shortened(words: str, *, limit: int = 1500) -> str:
    words = words.strip()
    return words if len(words) <= limit else f"{words[:limit]} [...]"


def absent(name: str, text: str) -> SubjectEnvironment:
    """Give what is known of a dependency set that could not be installed: its text."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return SubjectEnvironment(
        dependency_set=name, python=Path(), python_version="", sha256=sha256, text=text, packages={}
    )


def modules(environment: SubjectEnvironment) -> dict[str, str]:
    """Map each top-level module of an environment to the distribution that holds it."""
    found = _inspect(environment.python, name=environment.dependency_set, script=LIST_MODULES)
    return {module: str(name) for module, name in sorted(found.items())}


def _inspect(python: Path, *, name: str, script: str = LIST_PACKAGES) -> dict[str, object]:
    try:
        done = subprocess.run([str(python), "-I", "-c", script], capture_output=True, text=True, check=True, timeout=60)
        return dict(json.loads(done.stdout))
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise DependencySetError(
            f"the interpreter of {name!r} does not answer",
            cause=f"{python}: {error}",
            hint="give the path of a working Python, for instance .venv/bin/python",
        ) from error


def _packages(installed: Mapping[str, object]) -> dict[str, str]:
    packages = installed["packages"]
    if not isinstance(packages, dict):
        return {}
    return {str(name): str(version) for name, version in sorted(packages.items())}
