"""The packages that differ between two sets, by what is really installed."""

import re
from collections.abc import Mapping

from bench.revalidation.findings import PackageChange


def difference(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[PackageChange, ...]:
    """List added, removed and changed packages by name; both map names to versions."""
    first, second = (_normalised(packages) for packages in (before, after))
    return tuple(
        PackageChange(name=name, before=first.get(name, ""), after=second.get(name, ""))
        for name in sorted(first.keys() | second.keys())
        if first.get(name) != second.get(name)
    )


def normalised(name: str) -> str:
    """Normalise a distribution's name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _normalised(packages: Mapping[str, str]) -> dict[str, str]:
    return {normalised(name): version for name, version in packages.items()}
