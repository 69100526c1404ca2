"""One cluster for each root cause, not one row for each failing test."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.flakiness.findings import ClusterFinding, FlakeClass
from bench.flakiness.fingerprint import Fingerprint, fingerprint
from bench.flakiness.replay import shown
from bench.flakiness.verdict import Diagnosis
from bench.model import Cell

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A diagnosed flake of a cell, with its replay command ('' without one)."""

    cell: Cell
    diagnosis: Diagnosis
    command: str


def key(diagnosis: Diagnosis) -> Key:
    """Give what flakes of one root cause share: polluter or state-setter, else class and fingerprint."""
    if diagnosis.flake_class is FlakeClass.ORDER:
        return (diagnosis.flake_class.value, diagnosis.role, *diagnosis.causes)
    taken = fingerprint(diagnosis.failure)
    return (diagnosis.flake_class.value, taken.phase, taken.exception, taken.site, taken.message)


def names(members: Sequence[Member]) -> dict[Key, str]:
    """Name the clusters C1, C2 ... in the order of their first flake."""
    keys = dict.fromkeys(key(member.diagnosis) for member in members)
    return {each: f"C{number}" for number, each in enumerate(keys, 1)}


def clusters(members: Sequence[Member]) -> tuple[ClusterFinding, ...]:
    """Put the flakes of all cells together by root cause."""
    return tuple(
        _cluster(name, [member for member in members if key(member.diagnosis) == each])
        for each, name in names(members).items()
    )


def _cluster(name: str, members: Sequence[Member]) -> ClusterFinding:
    first = members[0].diagnosis
    taken = fingerprint(first.failure)
    return ClusterFinding(
        id=name,
        flake_class=first.flake_class,
        cause=_cause(first, taken),
        phase=taken.phase,
        exception=taken.exception,
        site=taken.site,
        message=taken.message,
        tests=tuple(dict.fromkeys(member.diagnosis.test for member in members)),
        contenders=tuple(dict.fromkeys(member.cell.contender for member in members)),
        replay=next((member.command for member in members if member.command), ""),
    )


def _cause(diagnosis: Diagnosis, taken: Fingerprint) -> str:
    match diagnosis.role:
        case "victim":
            return f"{shown(diagnosis.causes)} leaves something behind"
        case "brittle":
            return f"only {shown(diagnosis.causes)} sets up what is needed"
        case _:
            return f"{diagnosis.flake_class.value}: {taken.exception or 'no failure kept'} {taken.message}".strip()
