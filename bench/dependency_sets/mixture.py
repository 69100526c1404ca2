"""A dependency set between two others: some packages as in the later one, the rest as in the earlier one."""

from collections.abc import Collection, Mapping

from packaging.utils import canonicalize_name

from bench.dependency_sets.locked import PIN, LockedSet


def mixture(before: LockedSet, after: LockedSet, *, moved: Collection[str], name: str) -> LockedSet:
    """Return the pins of `before`, with the packages `moved` (normalised names) as in `after`.

    A moved package that `after` does not have is left out, one that `before` does not have comes in. Comments are
    dropped: two mixtures of the same pins have the same text, so the cache builds them once.
    """
    early, late = entries(before.text), entries(after.text)
    chosen = {package: (late if package in moved else early).get(package, ()) for package in early.keys() | late.keys()}
    lines = [line for package in sorted(chosen) for line in chosen[package]]
    return LockedSet(name=name, text="\n".join([*lines, ""]))


def entries(text: str) -> Mapping[str, tuple[str, ...]]:
    """Map each package to the lines of its pins with their hashes: several pins where platforms differ."""
    found: dict[str, list[str]] = {}
    package = ""
    for line in text.splitlines():
        if line.lstrip().startswith("#") or line.startswith("-") or not line.strip():
            continue
        if pin := PIN.match(line):
            package = canonicalize_name(pin[1])
        if package:
            found.setdefault(package, []).append(line.rstrip())
    return {name: tuple(lines) for name, lines in found.items()}
