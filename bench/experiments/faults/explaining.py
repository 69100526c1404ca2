"""Explain one fault: the change, the proof that it is damage, who saw it and by what."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.experiments.faults.arm import Arm
from bench.experiments.faults.fault import LAYERS, Fault, FaultSet, class_title
from bench.experiments.faults.finding import FaultsFinding
from bench.experiments.faults.patching import MovedError, diff_of
from bench.experiments.faults.predictions import first_layer
from bench.experiments.faults.reading import read_faults
from bench.experiments.faults.sight import Best, best_states
from bench.experiments.faults.states import Kill, State
from bench.experiments.faults.study import Study
from bench.experiments.faults.witnessing import Proof, witness_source
from bench.text import shorten, visible

MOST_TESTS = 5
MESSAGE_LIMIT = 160


def explain_named(root: Path, study: Study, found: FaultsFinding, name: str) -> str | None:
    """Explain the fault of that name; None where the study has none."""
    faults = {fault.id: fault for fault in found.faults}
    if name not in faults:
        return None
    return explain(
        read_faults(root / study.folder),
        faults[name],
        arms=found.arms,
        best=best_states(found.sightings),
        kills=found.kills,
        proofs=found.proofs,
    )


def explain(
    faults: FaultSet, fault: Fault, *, arms: Sequence[Arm], best: Best, kills: Sequence[Kill], proofs: Sequence[Proof]
) -> str:
    """Return what is known of a fault as text for a terminal."""
    parts = [
        [f"{fault.id}: {fault.title}", *_facts(fault)],
        ["The change:", *_indented(_diff(faults, fault))],
        [f"The witness, {fault.witness}:", *_indented(witness_source(faults, fault))],
        ["What the witness saw:", *(_proof_line(proof) for proof in proofs if proof.fault == fault.id)],
        ["Who saw it:", *(line for arm in arms for line in _arm_lines(fault, arm, best, kills))],
    ]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _facts(fault: Fault) -> Iterator[str]:
    yield f"  class: {class_title(fault.kind)}"
    yield f"  a fault on: {', '.join(fault.backends)}"
    if fault.wild:
        yield f"  found in our application by review: {fault.wild}"
    if fault.why:
        yield f"  predicted because: {fault.why}"


def _diff(faults: FaultSet, fault: Fault) -> str:
    try:
        return diff_of(faults.application, fault)
    except MovedError as error:
        return f"cannot be shown: {error}"


def _proof_line(proof: Proof) -> str:
    if proof.is_valid:
        return f"  {proof.backend}: {shorten(proof.damage, limit=MESSAGE_LIMIT) or 'no damage, as a control must'}"
    return f"  {proof.backend}: counts for nothing, {shorten(proof.reason, limit=MESSAGE_LIMIT)}"


def _arm_lines(fault: Fault, arm: Arm, best: Best, kills: Sequence[Kill]) -> Iterator[str]:
    found, state = first_layer(best, fault.id, arm.id)
    predicted = fault.prediction(arm.id)
    expectation = "" if predicted is None else f" (predicted: {predicted})"
    yield f"  {arm.id}: {_verdict(found in LAYERS, found, state)}{expectation}"
    killers = [kill for kill in kills if (kill.fault, kill.arm) == (fault.id, arm.id)]
    for kill in killers[:MOST_TESTS]:
        often = "" if kill.kills == kill.runs else f", {kill.kills} of {kill.runs} runs"
        yield f"    {shorten(kill.test, limit=110)} on {kill.backend} ({kill.reason}{often})"
        yield f"      {shorten(_telling_line(kill.message), limit=MESSAGE_LIMIT)}"
    if len(killers) > MOST_TESTS:
        yield f"    and {len(killers) - MOST_TESTS} more tests"


def _verdict(is_seen: bool, found: object, state: State) -> str:  # noqa: FBT001  # one caller, one meaning
    return f"seen, first by its {found}" if is_seen else str(state)


def _telling_line(message: str) -> str:
    return next((line.strip() for line in visible(message).splitlines() if line.strip()), "no message")


def _indented(text: str) -> Iterator[str]:
    yield from (f"  {line}".rstrip() for line in visible(text).splitlines())
