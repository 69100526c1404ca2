"""A resolved dependency set: its name and the text of its hashed pins."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from packaging.markers import Marker
from packaging.utils import canonicalize_name

PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)([^\\\n]*)", flags=re.MULTILINE)
DAY = re.compile(r"^# releases up to (\d{4}-\d\d-\d\d)$", flags=re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedSet:
    """A dependency set as text: requirements with exact versions and hashes, and no registry's address."""

    name: str
    text: str

    @property
    def considered_until(self) -> str:
        """Give the day up to which releases were considered, '' where the text does not tell."""
        found = DAY.search(self.text)
        return found[1] if found else ""

    @property
    def versions(self) -> Mapping[str, str]:
        """Map each package, by its normalised name, to its version; a fork by platform gives both."""
        found: dict[str, list[str]] = {}
        for name, version, _ in PIN.findall(self.text):
            found.setdefault(canonicalize_name(name), []).append(version)
        return {name: " or ".join(dict.fromkeys(versions)) for name, versions in sorted(found.items())}

    @property
    def versions_here(self) -> Mapping[str, str]:
        """Map each package to the version that belongs on this platform and Python."""
        return {
            canonicalize_name(name): version
            for name, version, condition in PIN.findall(self.text)
            if not condition.strip("; ") or Marker(condition.strip("; ")).evaluate()
        }

    def holds_the_same_as(self, other: "LockedSet") -> bool:
        """Tell whether both sets pin the same packages under the same conditions, whatever their comments say."""
        own, others = (
            {(canonicalize_name(name), version, marker.strip()) for name, version, marker in PIN.findall(text)}
            for text in (self.text, other.text)
        )
        return own == others


def is_locked(text: str) -> bool:
    """Tell whether a text holds hashed pins, so that it can be installed as it is."""
    return bool(PIN.search(text)) and "--hash=sha256:" in text


def dated(text: str, *, day: str) -> str:
    """Write at the top up to which day releases were considered."""
    return f"# releases up to {day}\n{text}"
