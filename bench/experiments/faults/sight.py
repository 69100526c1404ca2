"""What each arm sees, paired by fault: shares with intervals, exact tests, and what only one of two sees."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal

from bench.experiments.faults.arm import SERVER, Arm, by_style
from bench.experiments.faults.fault import LAYERS, SUITE, Fault, Layer
from bench.experiments.faults.states import Sighting, State
from bench.statistics import Interval, clopper_pearson, holm, mcnemar_p

ANY_BACKEND: Final = "any"
"""A fault counts as seen if it is seen on one of its backends: the suite runs on each."""

Why = Literal["wiring", "style", "undetermined"]
Best = Mapping[tuple[str, str, str, Layer], State]
"""The state by fault, arm, backend (or ANY_BACKEND) and layer."""

_ORDER: Final = (
    State.KILLED,
    State.TIMED_OUT,
    State.BROKE_COLLECTION,
    State.SOMETIMES,
    State.SURVIVED,
    State.NOT_RUN,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of the faults that were run an arm sees; `sometimes` come on top of `seen`."""

    arm: str
    layer: Layer
    backend: str
    kind: str
    seen: int
    sometimes: int
    faults: int
    interval: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """Two arms on the same faults: exact McNemar over the faults that only one of them sees."""

    first: str
    second: str
    layer: Layer
    backend: str
    both: int
    only_first: int
    only_second: int
    neither: int
    p: float

    @property
    def faults(self) -> int:
        """Count the pairs."""
        return self.both + self.only_first + self.only_second + self.neither


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyOne:
    """A fault that one of two arms sees and the other does not, and whether that is the style's doing."""

    fault: str
    seer: str
    misser: str
    layer: Layer
    why: Why


def best_states(sightings: Iterable[Sighting]) -> Best:
    """Return states by fault, arm, backend and layer, and the strongest of all backends under ANY_BACKEND."""
    best: dict[tuple[str, str, str, Layer], State] = {}
    for sighting in sightings:
        for backend in (sighting.backend, ANY_BACKEND):
            key = (sighting.fault, sighting.arm, backend, sighting.layer)
            best[key] = strongest((sighting.state, best.get(key, State.NOT_RUN)))
    return best


def strongest(states: Iterable[State]) -> State:
    """Return the state in which most is seen, NOT_RUN of none."""
    return min(states, key=_ORDER.index, default=State.NOT_RUN)


def seen_unlike(sightings: Iterable[Sighting]) -> tuple[tuple[str, str], ...]:
    """Name the faults, each with its database, that some arms' tests may see and others' never do."""
    states: dict[tuple[str, str], set[bool]] = {}
    for sighting in sightings:
        if sighting.layer is SUITE and sighting.runs:
            states.setdefault((sighting.fault, sighting.backend), set()).add(sighting.state.may_be_seen)
    return tuple(key for key, seen in states.items() if len(seen) > 1)


def share(
    best: Best, faults: Sequence[Fault], arm: str, *, layer: Layer, backend: str = ANY_BACKEND, kind: str = "all"
) -> Share:
    """Count what an arm sees among the faults that it was run on."""
    asked = [fault for fault in faults if kind in ("all", fault.kind)]
    states = [best.get((fault.id, arm, backend, layer), State.NOT_RUN) for fault in asked]
    run = [state for state in states if state is not State.NOT_RUN]
    seen = sum(state.is_seen for state in run)
    return Share(
        arm=arm,
        layer=layer,
        backend=backend,
        kind=kind,
        seen=seen,
        sometimes=sum(state is State.SOMETIMES for state in run),
        faults=len(run),
        interval=clopper_pearson(seen, len(run)) if run else None,
    )


def pairing(
    best: Best, faults: Sequence[Fault], first: str, second: str, *, layer: Layer, backend: str = ANY_BACKEND
) -> Pairing:
    """Compare two arms over the faults on which both were run."""
    pairs = [
        (one.is_seen, other.is_seen)
        for fault in faults
        if (one := best.get((fault.id, first, backend, layer), State.NOT_RUN)) is not State.NOT_RUN
        and (other := best.get((fault.id, second, backend, layer), State.NOT_RUN)) is not State.NOT_RUN
    ]
    only_first, only_second = pairs.count((True, False)), pairs.count((False, True))
    return Pairing(
        first=first,
        second=second,
        layer=layer,
        backend=backend,
        both=pairs.count((True, True)),
        only_first=only_first,
        only_second=only_second,
        neither=pairs.count((False, False)),
        p=mcnemar_p(only_first, only_second),
    )


def every_pairing(best: Best, faults: Sequence[Fault], arms: Sequence[Arm]) -> tuple[Pairing, ...]:
    """Compare all arms with each other at every layer."""
    names = [arm.id for arm in arms]
    return tuple(
        pairing(best, faults, first, second, layer=layer)
        for layer in LAYERS
        for first, second in combinations(names, 2)
    )


def adjusted(pairings: Sequence[Pairing]) -> Mapping[tuple[str, str, Layer], float]:
    """Return p-values adjusted by Holm's method within each layer, by first arm, second arm and layer."""
    found: dict[tuple[str, str, Layer], float] = {}
    for layer in dict.fromkeys(pairing.layer for pairing in pairings):
        family = [pairing for pairing in pairings if pairing.layer is layer]
        for item, p in zip(family, holm([item.p for item in family]), strict=True):
            found[item.first, item.second, layer] = float(p)
    return found


def only_ones(best: Best, faults: Sequence[Fault], arms: tuple[Arm, ...], *, layer: Layer) -> tuple[OnlyOne, ...]:
    """Name the faults that one of two arms sees in every run and the other in none, for each pair of arms."""
    found = []
    for fault in faults:
        states = {arm.id: best.get((fault.id, arm.id, ANY_BACKEND, layer), State.NOT_RUN) for arm in arms}
        for first, second in combinations([arm for arm in arms if arm.id != SERVER], 2):
            for seer, misser in ((first, second), (second, first)):
                if states[seer.id].is_seen and states[misser.id] is State.SURVIVED:
                    why = _why(seer, misser, arms, states)
                    found.append(OnlyOne(fault=fault.id, seer=seer.id, misser=misser.id, layer=layer, why=why))
    return tuple(found)


def _why(seer: Arm, misser: Arm, arms: tuple[Arm, ...], states: Mapping[str, State]) -> Why:
    """Blame the style if every arm of one sees the fault and none of the other, and each has more than one.

    Whatever differs between arms of one style is wiring; two arms that differ in both cannot say which it was.
    """
    if seer.style == misser.style:
        return "wiring"
    own, other = (_run(by_style(arms, arm.style), states) for arm in (seer, misser))
    if not all(state.is_seen for state in own) or any(state.may_be_seen for state in other):
        return "wiring"
    return "style" if len(own) > 1 and len(other) > 1 else "undetermined"


def _run(arms: tuple[Arm, ...], states: Mapping[str, State]) -> list[State]:
    return [states[arm.id] for arm in arms if states[arm.id] is not State.NOT_RUN and arm.id != SERVER]
