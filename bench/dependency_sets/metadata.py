"""What installed packages, or wheels, declare: name, version, requirements and top-level modules."""

import json
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path

from packaging.utils import canonicalize_name

from bench.errors import DependencySetError

# Runs in the subject's interpreter: the harness cannot know where that one looks for packages.
LIST_METADATA = """
import importlib.metadata, json
found = []
for each in importlib.metadata.distributions():
    try:
        files = sorted({str(path).partition("/")[0] for path in each.files or ()})
        found.append([each.metadata["Name"], str(each.version), list(each.requires or ()), files])
    except Exception:
        pass
print(json.dumps(found))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageMetadata:
    """One package as it declares itself; `requires` are the texts of Requires-Dist, with markers and extras."""

    name: str
    version: str
    requires: tuple[str, ...]
    modules: frozenset[str]


def of_environment(python: Path) -> Mapping[str, PackageMetadata]:
    """Read every package that an interpreter has, by normalised name; the first one found on its path counts.

    Raises DependencySetError if the interpreter does not answer.
    """
    try:
        done = subprocess.run(
            [str(python), "-I", "-c", LIST_METADATA], capture_output=True, text=True, check=True, timeout=60
        )
        rows = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise DependencySetError(
            f"the packages of {python} cannot be listed",
            cause=str(error),
            hint="give the path of a working Python, for instance .venv/bin/python",
        ) from error
    found: dict[str, PackageMetadata] = {}
    for name, version, requires, files in rows:
        package = _package(name, version, requires, files)
        found.setdefault(package.name, package)
    return found


def of_wheel(path: Path) -> PackageMetadata:
    """Read a wheel's METADATA without installing it; raise DependencySetError if it has none."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            source = next(name for name in names if name.endswith(".dist-info/METADATA"))
            headers = HeaderParser().parsestr(archive.read(source).decode())
    except (OSError, StopIteration, zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise DependencySetError(
            f"the wheel {path.name} cannot be read",
            cause=f"{type(error).__name__}: {error}",
            hint="download it again",
        ) from error
    requires = [str(text) for text in headers.get_all("Requires-Dist", [])]
    tops = sorted({name.partition("/")[0] for name in names})
    return _package(str(headers["Name"]), str(headers["Version"]), requires, tops)


def _package(name: str, version: str, requires: list[str], tops: list[str]) -> PackageMetadata:
    return PackageMetadata(
        name=canonicalize_name(name),
        version=version,
        requires=tuple(requires),
        modules=frozenset(_modules(tops)),
    )


def _modules(tops: list[str]) -> Iterator[str]:
    for top in tops:
        module = top.partition(".")[0]
        if module.isidentifier() and module != "__pycache__" and not top.endswith((".dist-info", ".pth")):
            yield module
