"""A guess at the package behind an error: from the files in its traceback and the packages that changed.

It names nobody: `python -m bench blame` does, by contrasts.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from bench.revalidation.packages import normalised

IN_PACKAGE = re.compile(r"(?:site|dist)-packages[/\\]([A-Za-z_]\w*)")
NO_MODULE = re.compile(r"No module named '(\w+)")
IMPORTED = re.compile(r"cannot import name '\w+' from '(\w+)")
NO_ATTRIBUTE = re.compile(r"module '(\w+)[\w.]*' has no attribute")
RUNNER = ("pytest", "pluggy", "anyio", "pytest-asyncio")
# Frames of these stand in every traceback of a test.


class Blame(NamedTuple):
    """A package, '' where nothing tells, and what the suspicion rests on."""

    package: str
    because: str


def blame(words: str, *, modules: Mapping[str, str], changed: Collection[str]) -> Blame:
    """Suspect a package.

    `words` is the error with its traceback, `modules` maps modules to distributions of both sets, `changed` names
    the packages that differ. A module that the error names beats files in the traceback, a package that changed
    beats one that did not, the innermost file beats the outer ones, and any library beats what runs the tests.
    Where only one package changed at all, nothing else can have brought it.
    """
    for pattern, because in ((NO_MODULE, "its module is missing"), (IMPORTED, "it lacks the name"), (NO_ATTRIBUTE, "")):
        for module in pattern.findall(words):
            package = _package(module, modules)
            if package in changed:
                return Blame(package, because or "it lacks the attribute")
    frames = [package for module in IN_PACKAGE.findall(words) if (package := _package(module, modules))]
    innermost = list(dict.fromkeys(reversed(frames)))
    for candidates in ([p for p in innermost if p not in RUNNER], innermost):
        for package in candidates:
            if package in changed:
                return Blame(package, "the innermost file of the traceback that belongs to a changed package")
    named = list(dict.fromkeys(_named(words, changed)))
    if len(named) == 1:
        return Blame(named[0], "the one changed package that the message names")
    if len(changed) == 1:
        return Blame(next(iter(changed)), "the only package that changed")
    unchanged = [package for package in innermost if package not in RUNNER]
    if unchanged:
        return Blame(unchanged[0], "the innermost file of the traceback; the package itself did not change")
    return Blame("", "the traceback leaves no library")


def _package(module: str, modules: Mapping[str, str]) -> str:
    name = modules.get(module) or modules.get(module.lstrip("_")) or module.lstrip("_")
    return normalised(name)


def _named(words: str, changed: Collection[str]) -> Iterator[str]:
    for package in sorted(changed):
        if re.search(rf"(?<![\w-]){re.escape(package).replace('-', '[-_.]')}(?![\w-])", words, flags=re.IGNORECASE):
            yield package
