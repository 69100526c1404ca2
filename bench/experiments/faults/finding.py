"""What a fault study found."""

from dataclasses import dataclass

from bench.experiments.faults.arm import Arm
from bench.experiments.faults.choosing import Choice
from bench.experiments.faults.fault import Fault, Layer
from bench.experiments.faults.predictions import Checked, FalseAlarm
from bench.experiments.faults.runs import Ending
from bench.experiments.faults.sight import OnlyOne, Pairing, Share
from bench.experiments.faults.states import Kill, Sighting
from bench.experiments.faults.witnessing import Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanRun:
    """What an arm did on the unchanged application: what fails here says nothing of a fault.

    `entered` names the application's functions that its tests entered, as MODULE:LINE; () where that was not noted.
    What shared fixtures enter, to make the tables for example, is preparation and no test.
    """

    arm: str
    backend: str
    ending: Ending
    failing: tuple[str, ...]
    entered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultsFinding:
    """Faults and arms, proofs, states at every layer, the kill matrix, and what follows from them.

    `repeated` names the faults that arms do not see alike and that ran again: only on those a difference is named.
    `sample_of` is the size of the set where only some of its faults were studied, 0 where all were.

    `shares` hold every arm over all faults and over each class, at each layer on any backend.
    """

    title: str
    faults: tuple[Fault, ...]
    arms: tuple[Arm, ...]
    proofs: tuple[Proof, ...]
    clean: tuple[CleanRun, ...]
    sightings: tuple[Sighting, ...]
    kills: tuple[Kill, ...]
    shares: tuple[Share, ...]
    pairings: tuple[Pairing, ...]
    only_ones: tuple[OnlyOne, ...]
    predictions: tuple[Checked, ...]
    false_alarms: tuple[FalseAlarm, ...]
    choice: Choice
    repeated: tuple[str, ...] = ()
    sample_of: int = 0

    @property
    def proved(self) -> tuple[Fault, ...]:
        """List the bugs that a witness proved on some backend."""
        valid = {proof.fault for proof in self.proofs if proof.is_valid}
        return tuple(fault for fault in self.faults if fault.id in valid and not fault.is_control)

    @property
    def controls(self) -> tuple[Fault, ...]:
        """List the correct changes that a witness found harmless on some backend."""
        valid = {proof.fault for proof in self.proofs if proof.is_valid}
        return tuple(fault for fault in self.faults if fault.id in valid and fault.is_control)

    def pairing(self, first: str, second: str, layer: Layer) -> Pairing | None:
        """Find how two arms compare at a layer, the first as the first."""
        found = (p for p in self.pairings if (p.first, p.second, p.layer) == (first, second, layer))
        return next(found, None)
