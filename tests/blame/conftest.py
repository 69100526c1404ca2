"""Sets as metadata, chains by number, and a machine that answers blocks from a planted truth."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from bench.dependency_sets.metadata import PackageMetadata
from bench.experiments.blame.blocks import Measured, Request
from bench.experiments.blame.chain import Chain, PackageMove, Stage, Unit
from bench.experiments.blame.constraints import TwoSets


def package(name: str, version: str, *requires: str, modules: Collection[str] = ()) -> PackageMetadata:
    """Make the metadata of one package; its module has its name unless others are given."""
    return PackageMetadata(
        name=name, version=version, requires=requires, modules=frozenset(modules or {name.replace("-", "_")})
    )


def two_sets(
    old: Sequence[PackageMetadata], new: Sequence[PackageMetadata], requirements: Sequence[str] = ()
) -> TwoSets:
    """Make two installed sets."""
    return TwoSets(
        old={each.name: each for each in old},
        new={each.name: each for each in new},
        requirements=tuple(requirements),
    )


def names(chain: Chain) -> list[set[str]]:
    """List the packages of each unit in the order of the chain."""
    return [{move.name for move in unit.packages} for unit in chain.units]


def a_chain(size: int = 8, needs: Mapping[int, Collection[int]] | None = None, **changes: object) -> Chain:
    """Make a chain of units p0, p1, ... of one package each; `needs` are direct."""
    closed: list[frozenset[int]] = []
    for unit in range(size):
        direct = frozenset((needs or {}).get(unit, ()))
        closed.append(direct.union(*(closed[other] for other in direct)))
    units = tuple(Unit(packages=(PackageMove(name=f"p{unit}", old="1", new="2"),)) for unit in range(size))
    return Chain(units=units, needs=tuple(closed))


def unit(*numbers: int) -> frozenset[int]:
    """Name a group of units."""
    return frozenset(numbers)


@dataclass(slots=True, kw_only=True)
class PlantedMachine:
    """Answers requests: `level(units)` plus noise; stages for which `breaks(units)` cannot be measured."""

    level: Callable[[frozenset[int]], float]
    breaks: Callable[[frozenset[int]], bool] = lambda _: False
    placebo: float = 0.0
    sd: float = 0.002
    seconds: float = 1.0
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(7))
    asked: list[Request] = field(default_factory=list)

    def __call__(self, request: Request) -> Measured:
        self.asked.append(request)
        broken = frozenset(stage for stage in request.stages if self.breaks(stage.units))
        levels = {stage: self._one(stage, request) for stage in request.stages if stage not in broken}
        return Measured(levels=levels, failed=broken, seconds=self.seconds * request.trials)

    def _one(self, stage: Stage, request: Request) -> float:
        noise = float(self.rng.normal(0, self.sd)) if request.mirrored else 0.0
        return self.level(stage.units) + stage.copy * self.placebo + noise


def finished(investigation, machine):
    """Drive an investigation to its end and return its conclusion."""
    while investigation.request is not None:
        investigation.took(machine(investigation.request))
    return investigation.conclusion()
