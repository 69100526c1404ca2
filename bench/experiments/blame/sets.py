"""The pins of a stage, and the set that a trial means."""

from dataclasses import replace

from bench.dependency_sets.locked import LockedSet
from bench.dependency_sets.mixture import mixture
from bench.experiments.blame.chain import Chain, Stage
from bench.experiments.blame.study import Study


def locked(study: Study, chain: Chain, stage: Stage, *, before: LockedSet, after: LockedSet) -> LockedSet:
    """Return the pins of a stage under the name that the study gives it; both ends are the sets as they are."""
    name = study.set_name(stage)
    match len(stage.units):
        case 0:
            return replace(before, name=name)
        case moved if moved == len(chain.units):
            return replace(after, name=name)
        case _:
            return mixture(before, after, moved=chain.packages(stage), name=name)
