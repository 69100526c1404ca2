"""Simulated campaigns: one series of machine noise, run in the order of this project and in that of other tools."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from bench.calibration.noise import Noise
from bench.statistics.log_ratio import Floats

BLOCKS = 32
TRIALS_PER_BLOCK = 4  # two cells, each twice
BLOCK_SD = 0.06
# A trial a thousand times slower than its fellows meets its timeout; the cut is symmetrical and far out.
LARGEST_DEVIATION = float(np.log(1000))
# The half-width of the central 68.27 % is the standard deviation of a Gaussian; it stands in where there is none.
CENTRAL_PERCENTILES = (15.865, 84.135)


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaigns:
    """A batch of campaigns of two equal cells A and B under one noise, on the log scale.

    `block_log_ratios` (runs, 32) come from mirrored blocks in random order. `arm_a` and `arm_b` (runs, 32) are the same
    noise as the first 16 blocks, but run as other tools do: all of A, then all of B. A true effect is added to either.
    """

    noise: Noise
    block_log_ratios: Floats
    arm_a: Floats
    arm_b: Floats


def simulate(noise: Noise, *, runs: int, rng: Generator) -> Campaigns:
    """Simulate campaigns of 32 blocks whose block log-ratios have an sd of 6 %."""
    series = noise.draw(rng, runs, BLOCKS * TRIALS_PER_BLOCK)
    mirrored = rng.choice([-1.0, 1.0], size=(runs, BLOCKS))
    scale = BLOCK_SD / _spread(_differences(series, mirrored), has_sd=noise.has_sd)
    series = np.clip(scale * series, -LARGEST_DEVIATION, LARGEST_DEVIATION)
    return Campaigns(
        noise=noise,
        block_log_ratios=_differences(series, mirrored),
        arm_a=series[:, :BLOCKS],
        arm_b=series[:, BLOCKS : 2 * BLOCKS],
    )


def _differences(series: Floats, mirrored: Floats) -> Floats:
    """Return B - A of each block: +1 in `mirrored` means the order A B B A, -1 the order B A A B."""
    outer_first, inner_first, inner_last, outer_last = np.moveaxis(
        series.reshape(len(series), BLOCKS, TRIALS_PER_BLOCK), -1, 0
    )
    differences: Floats = mirrored * ((inner_first + inner_last) - (outer_first + outer_last)) / 2
    return differences


def _spread(differences: Floats, *, has_sd: bool) -> float:
    if has_sd:
        return float(differences.std())
    low, high = np.percentile(differences, CENTRAL_PERCENTILES)
    return float(high - low) / 2
