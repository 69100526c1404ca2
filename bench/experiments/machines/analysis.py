"""From the blocks of several machines to one effect for each, and whether they agree."""

import math
from collections.abc import Iterator, Mapping, Sequence

from bench import text
from bench.campaign.frame import Frame
from bench.experiments.contract import Background
from bench.experiments.machines.finding import MachineEffect, MachinesFinding
from bench.experiments.machines.study import Study
from bench.experiments.speed.study import NAME as TIMING
from bench.model import Cell, Trial, on_backend
from bench.paired.blocks import ratios_by_block
from bench.paired.comparing import MEASURES, PRIMARY
from bench.statistics import judge, permutation_p

FEWEST_BLOCKS = 2
ALPHA = 0.05


def analyse(frame: Frame, study: Study, trials: Sequence[Trial], background: Background) -> MachinesFinding:  # noqa: ARG001 - the shape of every analysis
    """Compare the machines in each comparison of a candidate with its baseline; a pure function."""
    timing = [trial for trial in trials if trial.experiment == TIMING and trial.spec.shard]
    if len({trial.spec.shard for trial in timing}) < 2:
        return MachinesFinding(effects=())
    return MachinesFinding(effects=tuple(_effects(frame, timing)))


def _effects(frame: Frame, timing: Sequence[Trial]) -> Iterator[MachineEffect]:
    machine = {(trial.cell.backend, trial.block): trial.spec.shard for trial in timing if not trial.warmup}
    for backend in frame.backends:
        baseline, *candidates = frame.suites(backend)
        for candidate in candidates:
            ratios = ratios_by_block(timing, baseline, candidate, MEASURES[PRIMARY])
            groups: dict[int, list[float]] = {}
            for block, ratio in ratios.items():
                groups.setdefault(machine[backend, block], []).append(ratio)
            enough = {number: found for number, found in sorted(groups.items()) if len(found) >= FEWEST_BLOCKS}
            if len(enough) > 1:
                yield _effect(frame, baseline, candidate, enough)


def _effect(frame: Frame, baseline: Cell, candidate: Cell, groups: Mapping[int, list[float]]) -> MachineEffect:
    estimates = {
        number: judge(found, margin=frame.margin, alpha=frame.alpha).estimate for number, found in groups.items()
    }
    p_value = permutation_p(list(groups.values()), seed=frame.seed)
    ratios = [estimate.ratio for estimate in estimates.values()]
    depends = p_value <= ALPHA and math.log(max(ratios) / min(ratios)) > math.log1p(frame.margin)
    shown = ", ".join(f"{text.ratio(each.ratio)} on machine {number}" for number, each in estimates.items())
    said = "the machines disagree" if depends else "the machines do not disagree"
    return MachineEffect(
        backend=baseline.backend,
        baseline=baseline.contender,
        candidate=candidate.contender,
        by_machine=estimates,
        p_value=p_value,
        depends=depends,
        sentence=(
            f"{candidate.contender} over {baseline.contender}{on_backend(baseline.backend)}: {shown}; {said} "
            f"(permutation test, p = {text.probability(p_value)})"
        ),
    )
