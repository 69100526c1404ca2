"""Blame tried on noise whose culprit is known: is an innocent package named, and is the guilty one found?

The very generator that runs real investigations is sent simulated blocks, on the noise of this package. A chain of 16
units, some of which need others; block sd 6 %; a budget of 600 trials, an hour at six seconds each.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bench.calibration.campaign import BLOCK_SD, CENTRAL_PERCENTILES, LARGEST_DEVIATION
from bench.calibration.noise import NOISES, Noise, drifting
from bench.calibration.rate import Rate, Table
from bench.experiments.blame.blocks import Measured, Request
from bench.experiments.blame.chain import Chain, PackageMove, Stage, Unit
from bench.experiments.blame.confirmation import contrasts, shown, stages_of
from bench.experiments.blame.investigation import Conclusion, Investigation
from bench.experiments.blame.rules import Rules
from bench.experiments.blame.verdict import Blame
from bench.statistics.log_ratio import Floats

RUNS = 1000
UNITS = 16
BUDGET_TRIALS = 600
NEEDS = {3: {1}, 7: {2, 3}, 12: {7, 5}, 13: {0}}
RULES = Rules(budget_seconds=BUDGET_TRIALS)
STRESS_BLOCKS = 8
FALSE_BLAME = RULES.alpha


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What really moves the time: log effects of units, and of pairs that act only together."""

    name: str
    units: dict[int, float] = field(default_factory=dict)
    pairs: dict[tuple[int, int], float] = field(default_factory=dict)
    noises: tuple[Noise, ...] = NOISES

    @property
    def guilty(self) -> frozenset[int]:
        """Return every unit with an effect in some set."""
        return frozenset(self.units).union(*self.pairs)

    def level(self, stage: Stage) -> float:
        """Return the true log time of a stage, against the earlier set."""
        alone = sum(effect for unit, effect in self.units.items() if unit in stage.units)
        return alone + sum(effect for pair, effect in self.pairs.items() if set(pair) <= stage.units)


TEN, EIGHT = float(np.log(1.10)), float(np.log(1.08))
DRIFT = next(noise for noise in NOISES if noise.draw is drifting)
TRUTHS = (
    Truth(name="nothing"),
    Truth(name="nothing, drifting machine", noises=(DRIFT,)),
    Truth(name="one: +10 %", units={9: TEN}),
    Truth(name="two: +10 % and +8 %", units={4: TEN, 12: EIGHT}),
    Truth(name="a pair: +10 % only together", pairs={(3, 10): TEN}),
)


def chain() -> Chain:
    """Return a chain of units that are called by their place."""
    closed: list[frozenset[int]] = []
    for unit in range(UNITS):
        direct = frozenset(NEEDS.get(unit, ()))
        closed.append(direct.union(*(closed[other] for other in direct)))
    units = tuple(Unit(packages=(PackageMove(name=f"package-{unit}", old="1", new="2"),)) for unit in range(UNITS))
    return Chain(units=units, needs=tuple(closed))


def series(noise: Noise, rng: Generator, *, runs: int, trials: int) -> Floats:
    """Draw log times (runs, trials) whose mirrored blocks of two cells have an sd of 6 %."""
    drawn = noise.draw(rng, runs, trials)
    quads = drawn[:, : trials // 4 * 4].reshape(-1, 4)
    differences = (quads[:, 1] + quads[:, 2] - quads[:, 0] - quads[:, 3]) / 2
    low, high = np.percentile(differences, CENTRAL_PERCENTILES)
    sd = float(differences.std()) if noise.has_sd else float(high - low) / 2
    scaled: Floats = np.clip(drawn * (BLOCK_SD / sd), -LARGEST_DEVIATION, LARGEST_DEVIATION)
    return scaled


@dataclass(slots=True, kw_only=True)
class Machine:
    """One simulated machine: its noise in the order of trials, and a coin for the order within a block."""

    truth: Truth
    noise: Floats
    rng: Generator
    place: int = 0

    def __call__(self, request: Request) -> Measured:
        """Run a mirrored block of the request's stages."""
        cells = len(request.stages)
        drawn = self.noise[self.place : self.place + 2 * cells]
        self.place += 2 * cells
        levels = (drawn[:cells] + drawn[: cells - 1 : -1]) / 2
        order = self.rng.permutation(cells)
        return Measured(
            levels={
                request.stages[cell]: self.truth.level(request.stages[cell]) + float(levels[position])
                for position, cell in enumerate(order)
            },
            seconds=2.0 * cells,
        )


def investigated(truth: Truth, noise: Floats, rng: Generator, rules: Rules = RULES) -> Conclusion:
    """Run one whole investigation on a simulated machine."""
    machine = Machine(truth=truth, noise=noise, rng=rng)
    investigation = Investigation(chain=chain(), rules=rules)
    while investigation.request is not None:
        investigation.took(machine(investigation.request))
    return investigation.conclusion()


def campaign(truth: Truth, *, runs: int, seed: int, rules: Rules = RULES) -> list[Conclusion]:
    """Run investigations, as many under each noise of the truth."""
    found: list[Conclusion] = []
    for index, noise in enumerate(truth.noises):
        rng = np.random.default_rng([seed, index, *truth.name.encode()])
        share = len(range(index, runs, len(truth.noises)))
        drawn = series(noise, rng, runs=share, trials=2 * BUDGET_TRIALS) if share else ()
        found += [investigated(truth, row, rng, rules) for row in drawn]
    return found


def from_end_to_end(*, runs: int, seed: int) -> Table:
    """Ask how whole investigations end."""

    def row(truth: Truth) -> Iterable[Rate]:
        ends = campaign(truth, runs=runs, seed=seed)
        yield _rate((_blames_innocents(end, truth) for end in ends), at_most=FALSE_BLAME)
        yield _rate(any(group & truth.guilty for group in end.verdict.named) for end in ends)
        yield _rate(_is_hit(end, truth) for end in ends)
        yield _rate(_is_exact(end, truth) for end in ends)
        yield _rate(end.verdict.blame is Blame.NOTHING for end in ends)
        yield _rate(not end.verdict.blame.names_somebody for end in ends)
        yield _rate(end.trials <= BUDGET_TRIALS for end in ends)

    return Table(
        title="Blame: whole investigations",
        note=f"{UNITS} units, block sd 6 %, all noises alike. Promise: an innocent package is named in at most 5 %.\n"
        "All: every guilty unit is named and no other; exactly: and the verdict says how they act.",
        columns=(
            "innocent named",
            "a guilty named",
            "all",
            "exactly",
            "nothing",
            "nobody named",
            f"within {BUDGET_TRIALS} trials",
        ),
        rows=tuple((truth.name, tuple(row(truth))) for truth in TRUTHS),
    )


def whatever_was_searched(*, runs: int, seed: int) -> Table:
    """Ask how often three innocent units are named that a bad search brought to the confirmation."""
    groups = [frozenset({unit}) for unit in (2, 7, 14)]
    culprit = Truth(name="another", units={9: TEN})

    def row(noise: Noise, index: int) -> Iterable[Rate]:
        for truth in (TRUTHS[0], culprit):
            rng = np.random.default_rng([seed, index, len(truth.units)])
            levels = _blocks(noise, rng, chain(), groups, truth=truth, runs=runs)
            yield _rate((_names_one(run, chain(), groups) for run in levels), at_most=FALSE_BLAME)

    return Table(
        title="Blame: the confirmation by itself",
        note=f"Three innocent units, {STRESS_BLOCKS} blocks, either direction of change counts. Promise: at most 5 %.",
        columns=("nothing changed", "another unit did it"),
        rows=tuple((noise.name, tuple(row(noise, index))) for index, noise in enumerate(NOISES)),
    )


QUESTIONS: tuple[Callable[..., Table], ...] = (from_end_to_end, whatever_was_searched)


def blame_tables(*, runs: int, seed: int) -> list[Table]:
    """Answer every question about blame, with at most 1,000 runs of each."""
    return [question(runs=min(runs, RUNS), seed=seed) for question in QUESTIONS]


def _blocks(
    noise: Noise, rng: Generator, units: Chain, groups: Sequence[frozenset[int]], *, truth: Truth, runs: int
) -> NDArray[np.float64]:
    """Simulate the blocks of many confirmations at once: levels of shape (runs, blocks, stages)."""
    stages = stages_of(units, groups)
    cells = len(stages)
    drawn = series(noise, rng, runs=runs, trials=2 * cells * STRESS_BLOCKS).reshape(runs, STRESS_BLOCKS, 2 * cells)
    positions = (drawn[..., :cells] + drawn[..., : cells - 1 : -1]) / 2
    order = np.argsort(rng.random(positions.shape), axis=-1)
    levels: Floats = np.take_along_axis(positions, order, axis=-1) + np.array([truth.level(stage) for stage in stages])
    return levels


def _names_one(levels: Floats, units: Chain, groups: Sequence[frozenset[int]]) -> bool:
    place = {stage: index for index, stage in enumerate(stages_of(units, groups))}
    ratios = [levels[:, place[each.high]] - levels[:, place[each.low]] for each in contrasts(units, groups)]
    return any(
        is_shown for direction in (1, -1) for _, is_shown in shown(ratios, direction=direction, alpha=RULES.alpha)
    )


def _blames_innocents(end: Conclusion, truth: Truth) -> bool:
    """Return whether a named unit has no effect anywhere; a group that holds a guilty unit is not innocent."""
    return any(not group & truth.guilty for group in end.verdict.named)


def _is_hit(end: Conclusion, truth: Truth) -> bool:
    return bool(truth.guilty) and set(end.verdict.named) == {frozenset({unit}) for unit in truth.guilty}


def _is_exact(end: Conclusion, truth: Truth) -> bool:
    acts = Blame.WITH if truth.pairs else Blame.ALONE if len(truth.units) == 1 else Blame.EACH
    return _is_hit(end, truth) and end.verdict.blame is acts


def _rate(outcomes: Iterable[bool], *, at_most: float | None = None) -> Rate:
    listed = list(outcomes)
    return Rate(hits=sum(listed), runs=len(listed), at_most=at_most)
