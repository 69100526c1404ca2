"""One cluster for each root cause, not one row for each failing test."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.flakiness.findings import ClusterFinding, FlakeClass
from bench.flakiness.fingerprint import Fingerprint, fingerprint
from bench.flakiness.outcomes import file_of, function_of
from bench.flakiness.verdict import Diagnosis
from bench.model import Cell

Key = tuple[str, ...]
_LOOP_BOUND = re.compile(r"different (event )?loop|[Ee]vent loop is closed")
LOOP_MEND = (
    "something that belongs to one event loop (a lock, an event, a queue, a client or pool) is made once and used from "
    "the loops of several tests or requests: make it inside the application's lifespan, and use one client as a "
    "context manager (`with TestClient(app)`), which keeps one loop for all its requests"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A diagnosed flake of a cell, with its replay command ('' without one)."""

    cell: Cell
    diagnosis: Diagnosis
    command: str


def key(diagnosis: Diagnosis) -> Key:
    """Give what flakes of one root cause share: polluter or state-setter, else class and fingerprint."""
    if diagnosis.flake_class is FlakeClass.ORDER:
        return (diagnosis.flake_class.value, *(diagnosis.key or (diagnosis.role, *diagnosis.causes)))
    taken = fingerprint(diagnosis.failure)
    return (diagnosis.flake_class.value, taken.phase, taken.exception, taken.site, taken.message)


def names(members: Sequence[Member]) -> dict[Key, str]:
    """Name the clusters C1, C2 ... in the order of their first flake, by the keys of their flakes."""
    keys = dict.fromkeys(key(member.diagnosis) for member in members)
    roots = _merged([member.diagnosis for member in members])
    numbers = {root: f"C{number}" for number, root in enumerate(dict.fromkeys(roots[each] for each in keys), 1)}
    return {each: numbers[roots[each]] for each in keys}


def clusters(members: Sequence[Member]) -> tuple[ClusterFinding, ...]:
    """Put the flakes of all cells together by root cause."""
    named = names(members)
    return tuple(
        _cluster(name, [member for member in members if named[key(member.diagnosis)] == name])
        for name in dict.fromkeys(named.values())
    )


def _merged(diagnoses: Sequence[Diagnosis]) -> Mapping[Key, Key]:
    """Find for each key the first one it is the same root cause as."""
    roots: dict[Key, Key] = {}
    for position, diagnosis in enumerate(diagnoses):
        own = key(diagnosis)
        if own not in roots:
            same = (roots[key(other)] for other in diagnoses[:position] if _is_same(diagnosis, other))
            roots[own] = next(same, own)
    return roots


def _is_same(one: Diagnosis, other: Diagnosis) -> bool:
    """Whether two order effects are one: the same failure of tests that disturb each other, or share a cause."""
    if one.flake_class is not FlakeClass.ORDER or one.flake_class is not other.flake_class or one.role != other.role:
        return False
    first, second = fingerprint(one.failure), fingerprint(other.failure)
    if (first.exception, first.message) != (second.exception, second.message) or not first.exception:
        return False
    mutual = other.test in one.causes or one.test in other.causes
    shared = bool(set(one.causes) & set(other.causes))
    siblings = {function_of(test) for test in one.causes} & {function_of(test) for test in other.causes}
    is_loop = bool(_LOOP_BOUND.search(first.message)) and file_of(one.test) == file_of(other.test)
    return mutual or shared or bool(siblings) or is_loop


def _cluster(name: str, members: Sequence[Member]) -> ClusterFinding:
    first = members[0].diagnosis
    taken = fingerprint(first.failure)
    tests = dict.fromkeys(test for member in members for test in (member.diagnosis.test, *member.diagnosis.alike))
    return ClusterFinding(
        id=name,
        flake_class=first.flake_class,
        cause=_cause([member.diagnosis for member in members], taken),
        phase=taken.phase,
        exception=taken.exception,
        site=taken.site,
        message=taken.message,
        tests=tuple(tests),
        contenders=tuple(dict.fromkeys(member.cell.contender for member in members)),
        replay=next((member.command for member in members if member.command), ""),
        left=tuple(dict.fromkeys(what for member in members for what in member.diagnosis.left)),
        mend=LOOP_MEND if _is_loop_bound(first) else "",
    )


def _is_loop_bound(diagnosis: Diagnosis) -> bool:
    found = diagnosis.failure
    return found is not None and bool(_LOOP_BOUND.search(found.message.partition("\n")[0]))


def _cause(diagnoses: Sequence[Diagnosis], taken: Fingerprint) -> str:
    first = diagnoses[0]
    if first.flake_class is FlakeClass.ORDER:
        return _cause_of_order(diagnoses)
    if first.flake_class in (FlakeClass.FILES, FlakeClass.PROCESS):
        return first.cause
    return f"{first.flake_class.value}: {taken.exception or 'no failure kept'} {taken.message}".strip()


def _cause_of_order(diagnoses: Sequence[Diagnosis]) -> str:
    """Name the cause that all share, else say that these tests disturb each other."""
    first = diagnoses[0]
    is_victim = first.role == "victim"
    if len({each.cause for each in diagnoses}) == 1:
        if first.key[:1] == ("chain",):
            return first.cause
        return f"{first.cause} leaves something behind" if is_victim else f"only {first.cause} sets up what is needed"
    shared = [cause for cause in first.causes if all(cause in each.causes for each in diagnoses)]
    if shared and is_victim:
        return f"{', then '.join(shared)} leaves something behind once another of these tests has run"
    what = "state bound to an event loop" if _is_loop_bound(first) else "something"
    return (
        f"each of these tests {f'leaves {what} that the others fail on' if is_victim else f'sets up {what} they need'}"
    )
