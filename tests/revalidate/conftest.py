"""Re-validations without a process: planted times and failures under two sets, run by the real campaign."""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench.revalidation import Revalidation, revalidate
from bench.storage.history import History
from bench.storage.run_folder import DependencySet, RevalidationRecord
from tests.conftest import FakeExecutor, a_manifest, a_plan, run_campaign

SETS = ("old", "new")
CLAIM = """
[[claim]]
id = "faster"
section = "Performance"
statement = "sync is faster"
goal = "speed"
kind = "faster"
metric = "wall"
subject = "sync"
rival = "async"
backends = ["sqlite"]
weight = "decides"

[[claim]]
id = "never"
section = "Reliability"
statement = "sync never fails"
goal = "reliability"
kind = "never-fails"
subject = "sync"
backends = ["sqlite"]
at_most = 0.5
weight = "decides"

[[claim]]
id = "about-another"
section = "Performance"
statement = "sync is faster than what nobody runs"
goal = "speed"
kind = "faster"
metric = "wall"
subject = "sync"
rival = "absent"
backends = ["sqlite"]
weight = "decides"
"""


class BySet(FakeExecutor):
    """Knows a time, and what else is special, for each contender under each set, as "async@new"."""

    def __init__(self, times: Mapping[str, float], special: Mapping[str, Mapping[str, Any]]) -> None:
        super().__init__()
        self.times, self.special = times, special

    def __call__(self, spec):
        place = f"{spec.cell.contender}@{spec.cell.dependency_set}"
        # Without any spread there would be no interval to judge by.
        wobble = 1 + 0.002 * (zlib.crc32(f"{place} {spec.block} {spec.position}".encode()) % 7)
        self.seconds = {spec.cell.contender: self.times.get(place, 1.0) * wobble}
        self.changes = {spec.cell.contender: self.special.get(place, {})}
        return super().__call__(spec)


def a_set(packages: Mapping[str, str], **changes: Any) -> DependencySet:
    plain = DependencySet(
        text="", sha256="00", python="3.11.0", packages=packages, locked=packages, considered_until="2026-01-01"
    )
    return replace(plain, **changes)


def planted(
    journal: Path,
    times: Mapping[str, float] | None = None,
    special: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    packages: Mapping[str, Mapping[str, str]] | None = None,
    measured: Sequence[str] = SETS,
    manifest: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Revalidation:
    """Run a campaign with these times and failures into `journal`, and re-validate it."""
    plan = a_plan(dependency_sets=tuple(measured), looks=(8,), **{"profile": "standard", **changes})
    trials = run_campaign(plan, BySet(times or {}, special or {}), journal)
    packages = packages or {"old": {"pluggy": "1.5"}, "new": {"pluggy": "1.6"}}
    written = {
        "dependency_sets": {name: a_set(found) for name, found in packages.items()},
        "revalidation": RevalidationRecord(before="old", after="new", history=History()),
        **(manifest or {}),
    }
    return revalidate(a_manifest(plan, claims_text=CLAIM, **written), trials)


@pytest.fixture
def two_sets(tmp_path: Path) -> Callable[..., Revalidation]:
    """Re-validate: `two_sets({"async@new": 2.0}, {"sync@new": {"outcome": ...}}, packages=..., profile="standard")`."""

    def two_sets(*planted_in: Any, run: str = "run", **changes: Any) -> Revalidation:
        return planted(tmp_path / run / "trials.jsonl", *planted_in, **changes)

    return two_sets
