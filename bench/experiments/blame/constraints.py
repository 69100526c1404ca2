"""Which package must move no later than which, from what both versions of each require."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from packaging.markers import UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from bench.dependency_sets.metadata import PackageMetadata

Installed = Mapping[str, PackageMetadata]
Before = Mapping[str, frozenset[str]]
"""For each changed package those that must not move later than it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoSets:
    """The packages that are really installed in the earlier and in the later set, and what the suites ask for.

    `requirements` matter for their extras: psycopg[binary] binds psycopg-binary to psycopg.
    """

    old: Installed
    new: Installed
    requirements: tuple[str, ...] = ()

    @property
    def changed(self) -> tuple[str, ...]:
        """List the packages whose version differs, and those that only one set has."""
        return tuple(
            name
            for name in sorted(self.old.keys() | self.new.keys())
            if version_of(self.old, name) != version_of(self.new, name)
        )


def version_of(installed: Installed, name: str) -> str:
    """Return a package's version, '' if it is absent."""
    return installed[name].version if name in installed else ""


def constraints(sets: TwoSets) -> Before:
    """Derive the order of moves: any set whose packages respect it can be installed.

    A later version that does not accept the earlier v moves with or after v; an earlier version that does not accept
    the later v moves with or before v. Absence is not accepted. A package that came and one that went and that hold
    the same module are bound to each other: both at once would overwrite each other's files.
    """
    changed, extras = set(sets.changed), _extras(sets)
    before: dict[str, set[str]] = {name: set() for name in changed}
    for package in changed:
        for needed in _active(sets.new.get(package), extras):
            name = canonicalize_name(needed.name)
            if name in changed and not _accepts(needed, version_of(sets.old, name)):
                before[package].add(name)
        for needed in _active(sets.old.get(package), extras):
            name = canonicalize_name(needed.name)
            if name in changed and not _accepts(needed, version_of(sets.new, name)):
                before[name].add(package)
    for one, other in _overlapping(sets):
        before[one].add(other)
        before[other].add(one)
    return {name: frozenset(found - {name}) for name, found in before.items()}


def needed_by(sets: TwoSets, name: str) -> frozenset[str]:
    """Name the packages that require an added package in the later set, or a removed one in the earlier."""
    extras = _extras(sets)
    side = sets.new if name in sets.new else sets.old
    return frozenset(
        other
        for other, package in side.items()
        if any(canonicalize_name(needed.name) == name for needed in _active(package, extras)) and other != name
    )


def asked_for(sets: TwoSets) -> frozenset[str]:
    """Name the packages that the suites themselves ask for."""
    return frozenset(canonicalize_name(needed.name) for needed in _parsed(sets.requirements))


def _overlapping(sets: TwoSets) -> Iterator[tuple[str, str]]:
    gone = [sets.old[name] for name in sets.changed if name not in sets.new]
    come = [sets.new[name] for name in sets.changed if name not in sets.old]
    yield from ((one.name, other.name) for one in gone for other in come if one.modules & other.modules)


def _accepts(needed: Requirement, version: str) -> bool:
    return bool(version) and needed.specifier.contains(version, prereleases=True)


def _active(package: PackageMetadata | None, extras: Mapping[str, frozenset[str]]) -> Iterator[Requirement]:
    """Yield the requirements that hold here, with every extra that anybody asks for in either set."""
    if package is None:
        return
    asked = extras.get(package.name, frozenset())
    for needed in _parsed(package.requires):
        if needed.marker is None or any(_holds(needed, extra) for extra in ("", *asked)):
            yield needed


def _holds(needed: Requirement, extra: str) -> bool:
    try:
        return needed.marker is None or needed.marker.evaluate({"extra": extra})
    except UndefinedEnvironmentName:
        return True


def _parsed(texts: Sequence[str]) -> Iterator[Requirement]:
    for text in texts:
        try:
            yield Requirement(text)
        except InvalidRequirement:  # an old package's metadata may hold anything; uv decides in the dry resolution
            continue


def _extras(sets: TwoSets) -> Mapping[str, frozenset[str]]:
    """Map packages to the extras that are asked for, by the suites or, in turn, by packages with their extras."""
    found: dict[str, frozenset[str]] = {}
    waiting = list(_parsed(sets.requirements))
    waiting += [needed for side in (sets.old, sets.new) for package in side.values() for needed in _active(package, {})]
    while waiting:
        needed = waiting.pop()
        name = canonicalize_name(needed.name)
        fresh = frozenset(needed.extras) - found.get(name, frozenset())
        if fresh:
            found[name] = found.get(name, frozenset()) | fresh
            waiting += [more for side in (sets.old, sets.new) for more in _active(side.get(name), {name: fresh})]
    return found
