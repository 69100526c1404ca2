"""Noise of trial log-times, in the order in which the trials run: the machine does not know which cell it runs.

Every model is in arbitrary units; `bench.calibration.campaign` scales it. Measured on two shared cores, wall times of
fresh processes have a lag-1 autocorrelation of 0.59; the other models are what such machines also do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from scipy import signal

from bench.statistics.log_ratio import Floats

AUTOCORRELATION = 0.6
DRIFT_PER_TRIAL = 1 / 64  # one standard deviation over the 64 trials of the other tools: a machine that heats up
STEP_RATE = 1 / 32  # a neighbour comes or goes about once in eight blocks
STEP_SIZE = 1.25  # gives neighbouring trials the measured correlation, too: 31 / 32 * 1.56 / 2.56
SPIKE_RATE = 0.05
SPIKE_SIZE = 8.0

Draw: TypeAlias = Callable[[Generator, int, int], Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """A named model; `draw(rng, runs, trials)` gives log-times of shape (runs, trials). Cauchy noise has no sd."""

    name: str
    draw: Draw
    has_sd: bool = True


def gaussian(rng: Generator, runs: int, trials: int) -> Floats:
    """Draw independent Gaussian trials, the noise that textbooks assume."""
    return rng.standard_normal((runs, trials))


def autocorrelated(rng: Generator, runs: int, trials: int) -> Floats:
    """Draw a stationary first-order autoregression: neighbouring trials share their luck."""
    innovations = rng.standard_normal((runs, trials))
    innovations[:, 1:] *= np.sqrt(1 - AUTOCORRELATION**2)
    series: Floats = signal.lfilter([1.0], [1.0, -AUTOCORRELATION], innovations, axis=1)
    return series


def drifting(rng: Generator, runs: int, trials: int) -> Floats:
    """Draw Gaussian trials on a slope that is up in half of the campaigns and down in the others."""
    slope = DRIFT_PER_TRIAL * rng.choice([-1.0, 1.0], size=(runs, 1))
    return gaussian(rng, runs, trials) + slope * np.arange(trials)


def step(rng: Generator, runs: int, trials: int) -> Floats:
    """Draw Gaussian trials on a level that jumps now and then and stays."""
    jumps = rng.random((runs, trials)) < STEP_RATE
    regime = np.cumsum(jumps, axis=1, dtype=np.int64)
    levels = STEP_SIZE * rng.standard_normal((runs, trials + 1))
    return gaussian(rng, runs, trials) + levels[np.arange(runs)[:, np.newaxis], regime]


def spiky(rng: Generator, runs: int, trials: int) -> Floats:
    """Draw Gaussian trials of which a few are much slower, as when a backup starts."""
    spikes = rng.exponential(SPIKE_SIZE, (runs, trials)) * (rng.random((runs, trials)) < SPIKE_RATE)
    return gaussian(rng, runs, trials) + spikes


def cauchy(rng: Generator, runs: int, trials: int) -> Floats:
    """Draw Cauchy trials, whose mean does not exist: the worst case."""
    return rng.standard_cauchy((runs, trials))


NOISES = (
    Noise(name="Gaussian", draw=gaussian),
    Noise(name="autocorrelated", draw=autocorrelated),
    Noise(name="drifting", draw=drifting),
    Noise(name="step", draw=step),
    Noise(name="spiky", draw=spiky),
    Noise(name="Cauchy", draw=cauchy, has_sd=False),
)
