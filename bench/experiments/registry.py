"""The list of experiments, in the order in which a campaign runs them. A new one is a folder and a line here."""

from bench.experiments import (
    attempts,
    blame,
    counting,
    differences,
    factors,
    failure_modes,
    faults,
    fidelity,
    flakiness,
    machines,
    micro,
    reliability,
    simplicity,
    speed,
    wiring,
)
from bench.experiments.contract import Experiment

EXPERIMENTS: dict[str, Experiment] = {
    experiment.name: experiment
    for experiment in (
        micro.EXPERIMENT,
        attempts.EXPERIMENT,
        fidelity.EXPERIMENT,
        failure_modes.EXPERIMENT,
        speed.EXPERIMENT,
        factors.EXPERIMENT,
        wiring.EXPERIMENT,
        faults.EXPERIMENT,
        flakiness.EXPERIMENT,
        counting.EXPERIMENT,
        differences.EXPERIMENT,
        machines.EXPERIMENT,
        reliability.EXPERIMENT,
        simplicity.EXPERIMENT,
        blame.EXPERIMENT,
    )
}


def is_timing(experiment: str) -> bool:
    """Tell whether trials of the experiment are compared by their times; one that is not known is not."""
    return experiment in EXPERIMENTS and EXPERIMENTS[experiment].is_timing
