"""What a campaign is going to do: decided, hashed and written down before the first trial."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from bench.campaign.frame import Frame
from bench.experiments.contract import Study
from bench.experiments.registry import EXPERIMENTS
from bench.model import Contender, Json
from bench.storage.files import json_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The frame, and one study for each experiment that is asked for, in the order of the campaign."""

    frame: Frame
    studies: Mapping[str, Study]

    @property
    def hash(self) -> str:
        """Hash everything that shapes the trials; a run can only be resumed under the same plan."""
        # Read back first: a number that was given as 75 and is written as 75.0 must not make another plan.
        return hashlib.sha256(json_bytes("plan/2", encode(decode(encode(self))))).hexdigest()

    @property
    def rows(self) -> tuple[Contender, ...]:
        """List everything that trials can be made of: the contenders, and what single experiments run beside them."""
        beside = (row for name, study in self.studies.items() for row in EXPERIMENTS[name].rows(study))
        return (*self.frame.contenders, *beside)


def encode(plan: Plan) -> dict[str, Json]:
    """Return the plan as JSON values; each study stands under the name of its experiment."""
    encoded: dict[str, Json] = msgspec.to_builtins(plan)
    return encoded


def decode(document: Mapping[str, Json]) -> Plan:
    """Return the plan of a manifest; raise msgspec.ValidationError for an unknown experiment."""
    unknown = sorted(document["studies"].keys() - EXPERIMENTS.keys())
    if unknown:
        raise msgspec.ValidationError(f"this version has no experiment {unknown[0]!r}")
    return Plan(
        frame=msgspec.convert(document["frame"], Frame),
        studies={
            name: msgspec.convert(document["studies"][name], experiment.study)
            for name, experiment in EXPERIMENTS.items()
            if name in document["studies"]
        },
    )
