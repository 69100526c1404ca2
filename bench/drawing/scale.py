"""Axes of ratios and durations: ticks at numbers that people say."""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from bench import text

_LADDERS = (
    (0.9, 0.92, 0.94, 0.96, 0.98, 1.0, 1.02, 1.04, 1.06, 1.08, 1.1),
    (0.8, 0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.15, 1.2),
    (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.75, 2.0),
    (0.4, 0.5, 0.6, 0.8, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0),
    (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0),
    (0.001, 0.01, 0.1, 1.0, 10.0, 100.0, 1000.0),
)
_DECADES = range(-3, 15)


def ratio_ticks(low: float, high: float, *, most: int = 9) -> list[float]:
    """Choose ratios on both sides of 1 that lie in a range, at most so many of them."""
    for ladder in _LADDERS:
        ticks = [tick for tick in ladder if low <= tick <= high]
        reaches = ladder[0] <= low * 1.25 and high <= ladder[-1] * 1.25
        if reaches and 2 < len(ticks) <= most and _apart(ticks, low, high):
            return ticks
    return [1.0]


def _apart(ticks: Sequence[float], low: float, high: float) -> bool:
    least = 0.07 * math.log(high / low)
    return all(math.log(b / a) >= least for a, b in pairwise(ticks))


def ratio_axis(axis: Axis, low: float, high: float, *, most: int = 9) -> None:
    """Label a logarithmic axis with ratios such as 0.8x and 1.25x."""
    axis.set_major_locator(FixedLocator(ratio_ticks(low, high, most=most)))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda tick, _: text.ratio(tick)))


def duration_axis(axis: Axis, low_ns: float, high_ns: float) -> None:
    """Label a logarithmic axis of nanoseconds with durations, as many as have room."""
    decades = math.log10(high_ns / low_ns)
    if decades < 0.8:
        ticks = [float(tick) for tick in MaxNLocator(nbins=5).tick_values(low_ns, high_ns)]
    else:
        factors = (1, 2, 5) if decades < 1.9 else (1, 3) if decades < 3 else (1,)
        ticks = [factor * 10.0**power for power in _DECADES for factor in factors]
    axis.set_major_locator(FixedLocator([tick for tick in ticks if low_ns <= tick <= high_ns]))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda tick, _: text.tick(tick)))


def log_limits(numbers: Iterable[float], *, padding: float = 0.06, least: float = 1.3) -> tuple[float, float]:
    """Span the positive numbers on a logarithmic axis, at least a factor `least` wide."""
    logs = [math.log(number) for number in numbers if number > 0] or [0.0]
    low, high = min(logs), max(logs)
    lacking = max(math.log(least) - (high - low), 0.0) / 2
    room = padding * max(high - low, math.log(least))
    return math.exp(low - lacking - room), math.exp(high + lacking + room)


def few_ticks(axis: Axis, *, most: int = 3) -> None:
    """Label a linear axis with a few round numbers."""
    axis.set_major_locator(MaxNLocator(nbins=most))


def grid(axes: Axes, *, which: str) -> None:
    """Draw hairlines across one axis and hide the spine that they replace."""
    axes.grid(axis=which)  # type: ignore[arg-type]
    axes.tick_params(length=0)
