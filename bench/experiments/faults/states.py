"""From runs to states: what an arm with its first layers makes of a fault on a backend."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bench.experiments.faults.fault import LAYERS, Layer
from bench.experiments.faults.runs import CLEAN, Ending, FaultRun, LayerOf, Reason, TestFailure, layer_by_folder


class State(StrEnum):
    """What became of a fault in one arm, on one backend, with the layers up to one."""

    KILLED = "killed"
    SOMETIMES = "kills sometimes"
    SURVIVED = "survived"
    TIMED_OUT = "timed out"
    BROKE_COLLECTION = "broke collection"
    NOT_RUN = "not run"

    @property
    def is_seen(self) -> bool:
        """Tell whether the suite is red in every run."""
        return self in (State.KILLED, State.TIMED_OUT, State.BROKE_COLLECTION)

    @property
    def may_be_seen(self) -> bool:
        """Tell whether the suite is red in some run."""
        return self.is_seen or self is State.SOMETIMES


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """One entry of the kill matrix: a test that failed on a fault, in how many of the runs that executed it."""

    fault: str
    arm: str
    backend: str
    layer: Layer
    test: str
    reason: Reason
    message: str
    kills: int
    runs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """The state of one fault, with its kills and the message where there is no test to blame."""

    fault: str
    arm: str
    backend: str
    layer: Layer
    state: State
    kills: int
    runs: int
    reasons: Mapping[Reason, int]
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """What an arm does on the clean application: it says nothing of a fault."""

    failing: frozenset[str]
    finding: frozenset[tuple[str, str]]
    is_broken: bool


def noise_of(runs: Iterable[FaultRun]) -> Mapping[tuple[str, str], Noise]:
    """Return, by arm and backend, what fails or is found on the clean application; a hang there spoils the arm."""
    clean: dict[tuple[str, str], list[FaultRun]] = {}
    for run in runs:
        if run.fault == CLEAN:
            clean.setdefault((run.arm, run.backend), []).append(run)
    return {
        key: Noise(
            failing=frozenset(failure.test for run in group for failure in run.failures),
            finding=frozenset((finding.test, finding.oracle) for run in group for finding in run.findings),
            is_broken=any(run.ending is not Ending.FINISHED for run in group),
        )
        for key, group in clean.items()
    }


def without_noise(runs: Iterable[FaultRun], noise: Mapping[tuple[str, str], Noise]) -> tuple[FaultRun, ...]:
    """Return the runs of faults without what their arm does on the clean application.

    A run in an arm that has no clean run, or a broken one, is NOT_RUN: its failures could be anybody's.
    """
    return tuple(_heard(run, noise.get((run.arm, run.backend))) for run in runs if run.fault != CLEAN)


def _heard(run: FaultRun, noise: Noise | None) -> FaultRun:
    if noise is None or noise.is_broken:
        why = "has no run" if noise is None else "does not get through"
        reason = run.message or f"{run.arm} {why} on the clean application on {run.backend}"
        return FaultRun(
            fault=run.fault, arm=run.arm, backend=run.backend, block=run.block, ending=Ending.NOT_RUN, message=reason
        )
    return FaultRun(
        fault=run.fault,
        arm=run.arm,
        backend=run.backend,
        block=run.block,
        ending=run.ending,
        tests=run.tests,
        failures=tuple(failure for failure in run.failures if failure.test not in noise.failing),
        findings=tuple(finding for finding in run.findings if (finding.test, finding.oracle) not in noise.finding),
        unfinished=run.unfinished,
        message=run.message,
    )


def sightings(runs: Iterable[FaultRun], *, layer_of: LayerOf = layer_by_folder) -> tuple[Sighting, ...]:
    """Return the state of every fault, arm, backend and layer; `runs` are without noise."""
    return tuple(_sighting(key, group, layer, layer_of) for key, group in _grouped(runs).items() for layer in LAYERS)


def kill_matrix(runs: Iterable[FaultRun], *, layer_of: LayerOf = layer_by_folder) -> tuple[Kill, ...]:
    """Return every pair of a fault and a test that failed on it, oracles as tests named by their finding."""
    kills = []
    for (fault, arm, backend), group in _grouped(runs).items():
        executed = Counter(test for run in group for test in {*run.tests, *_accused(run)})
        for test, found in _by_test(group, layer_of).items():
            layer, reason, message = found[0]
            kills.append(
                Kill(
                    fault=fault,
                    arm=arm,
                    backend=backend,
                    layer=layer,
                    test=test,
                    reason=reason,
                    message=message,
                    kills=len(found),
                    runs=max(executed[test], len(found)),
                )
            )
    return tuple(kills)


def _by_test(group: Sequence[FaultRun], layer_of: LayerOf) -> dict[str, list[tuple[Layer, Reason, str]]]:
    found: dict[str, list[tuple[Layer, Reason, str]]] = {}
    for run in group:
        for test, entry in {
            test: (layer, reason, text) for test, layer, reason, text in _evidence(run, layer_of)
        }.items():
            found.setdefault(test, []).append(entry)
    return found


def _accused(run: FaultRun) -> set[str]:
    return {run.unfinished} if run.unfinished else set()


def _evidence(run: FaultRun, layer_of: LayerOf) -> list[tuple[str, Layer, Reason, str]]:
    """Return (test, layer, reason, message) for all that one run shows."""
    shown = [(failure.test, layer_of(failure.test), failure.reason, failure.message) for failure in run.failures]
    shown += [
        (finding.test or finding.oracle, Layer.ORACLES, Reason.ORACLE, f"{finding.oracle}: {finding.message}")
        for finding in run.findings
        if not _has_failed(run.failures, finding.test)
    ]
    if run.ending in (Ending.TIMED_OUT, Ending.DIED) and run.unfinished:
        reason = Reason.TIMEOUT if run.ending is Ending.TIMED_OUT else Reason.DEATH
        shown.append((run.unfinished, layer_of(run.unfinished), reason, run.message or str(run.ending)))
    return shown


def _has_failed(failures: Sequence[TestFailure], test: str) -> bool:
    return any(failure.test == test for failure in failures)


def _sighting(key: tuple[str, str, str], group: Sequence[FaultRun], layer: Layer, layer_of: LayerOf) -> Sighting:
    fault, arm, backend = key
    counted = [run for run in group if run.ending is not Ending.NOT_RUN]
    shown = [[item for item in _evidence(run, layer_of) if item[1].rank <= layer.rank] for run in counted]
    red = [bool(items) or _is_red_as_a_whole(run) for run, items in zip(counted, shown, strict=True)]
    reasons = Counter(item[2] for items in shown for item in items)
    reasons.update(Reason.COLLECTION for run in counted if run.ending is Ending.BROKE_COLLECTION)
    first = next(
        (item[3] for items in shown for item in items), next((run.message for run in group if run.message), "")
    )
    return Sighting(
        fault=fault,
        arm=arm,
        backend=backend,
        layer=layer,
        state=_state(counted, shown, red),
        kills=sum(red),
        runs=len(counted),
        reasons=dict(reasons),
        message=first,
    )


def _is_red_as_a_whole(run: FaultRun) -> bool:
    """Tell whether a run is red in every layer: nothing was collected, or the process ended outside of any test."""
    return run.ending is Ending.BROKE_COLLECTION or (
        run.ending in (Ending.TIMED_OUT, Ending.DIED) and not run.unfinished
    )


def _state(
    counted: Sequence[FaultRun], shown: Sequence[Sequence[tuple[str, Layer, Reason, str]]], red: Sequence[bool]
) -> State:
    if not counted:
        return State.NOT_RUN
    if not any(red):
        return State.SURVIVED
    if not all(red):
        return State.SOMETIMES
    if all(run.ending is Ending.BROKE_COLLECTION for run in counted):
        return State.BROKE_COLLECTION
    reasons = {item[2] for items in shown for item in items}
    hung = all(run.ending is Ending.TIMED_OUT for run in counted)
    return State.TIMED_OUT if hung and reasons <= {Reason.TIMEOUT} else State.KILLED


def _grouped(runs: Iterable[FaultRun]) -> dict[tuple[str, str, str], list[FaultRun]]:
    groups: dict[tuple[str, str, str], list[FaultRun]] = {}
    for run in runs:
        groups.setdefault((run.fault, run.arm, run.backend), []).append(run)
    return groups
