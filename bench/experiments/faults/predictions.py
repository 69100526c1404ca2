"""Predictions against results: who was expected to see a fault, at which layer, and who did."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bench.experiments.faults.arm import Arm
from bench.experiments.faults.fault import LAYERS, Fault, Layer
from bench.experiments.faults.sight import ANY_BACKEND, Best
from bench.experiments.faults.states import Kill, State


class Match(StrEnum):
    """How a result compares with its prediction."""

    AS_PREDICTED = "as predicted"
    EARLIER = "seen earlier than predicted"
    LATER = "seen later than predicted"
    MISSED = "predicted and not seen"
    UNEXPECTED = "seen and not predicted"
    SOMETIMES = "seen in some runs only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A prediction, the first layer that saw the fault in every run, and how they compare."""

    fault: str
    arm: str
    predicted: Layer
    found: Layer
    match: Match

    @property
    def is_surprise(self) -> bool:
        """Tell whether somebody was wrong."""
        return self.match is not Match.AS_PREDICTED


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseAlarm:
    """A test, or oracle, that failed on a correct change."""

    control: str
    arm: str
    backend: str
    test: str
    message: str
    is_always: bool


def first_layer(best: Best, fault: str, arm: str) -> tuple[Layer, State]:
    """Return the first layer at which an arm sees a fault, and the state with all layers."""
    states = {layer: best.get((fault, arm, ANY_BACKEND, layer), State.NOT_RUN) for layer in LAYERS}
    seen = next((layer for layer, state in states.items() if state.is_seen), Layer.NOBODY)
    return seen, states[LAYERS[-1]]


def checked_predictions(best: Best, faults: Sequence[Fault], arms: Sequence[Arm]) -> tuple[Checked, ...]:
    """Compare every prediction with its result; what was not run, or not predicted, is left out."""
    checked = []
    for fault in faults:
        for arm in arms:
            predicted = fault.prediction(arm.id)
            found, state = first_layer(best, fault.id, arm.id)
            if predicted is not None and state is not State.NOT_RUN:
                match = _match(predicted, found, state)
                checked.append(Checked(fault=fault.id, arm=arm.id, predicted=predicted, found=found, match=match))
    return tuple(checked)


def _match(predicted: Layer, found: Layer, state: State) -> Match:
    if state is State.SOMETIMES and predicted is not Layer.NOBODY:
        return Match.SOMETIMES
    if predicted is found:
        return Match.AS_PREDICTED
    if found is Layer.NOBODY:
        return Match.MISSED
    if predicted is Layer.NOBODY:
        return Match.UNEXPECTED
    return Match.EARLIER if found.rank < predicted.rank else Match.LATER


def false_alarms(kills: Sequence[Kill], controls: Sequence[Fault]) -> tuple[FalseAlarm, ...]:
    """Name what failed on correct changes."""
    names = {control.id for control in controls}
    return tuple(
        FalseAlarm(
            control=kill.fault,
            arm=kill.arm,
            backend=kill.backend,
            test=kill.test,
            message=kill.message,
            is_always=kill.kills == kill.runs,
        )
        for kill in kills
        if kill.fault in names
    )
