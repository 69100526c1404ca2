"""The search along a chain of stages: where does the level change?

Log effects telescope along a chain: the change from its first to its last stage is the sum over its steps. A block
holds the ends and the middle of a segment, mirrored. The search goes on into every half that may hold an effect worth
following, so two culprits survive; it leaves a half whose interval, from all blocks that hold both of its ends, lies
inside the effect worth following, and, once single units make up the change, halves without a clear effect on top.
Nothing that is decided here names a package: the confirmation does, on fresh blocks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bench.experiments.blame.blocks import Blocks, Notebook, Phase
from bench.experiments.blame.chain import Chain, Stage
from bench.experiments.blame.rules import Rules
from bench.statistics import t_interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """What is known of the change between two stages: a log-ratio with its interval, and what follows from it."""

    low: Stage
    high: Stage
    log_ratio: float
    log_low: float
    log_high: float
    blocks: int
    is_left: bool
    is_clear: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One segment split at its middle."""

    halves: tuple[Half, Half]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """Units in which the search ended: one, or several that it could not tell apart, and the effect it saw."""

    units: frozenset[int]
    log_ratio: float
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """The path of a search and where it ended, the largest effect first."""

    steps: tuple[Step, ...]
    suspects: tuple[Suspect, ...]


class Segment(NamedTuple):
    """First and last place on the chain, the change between them, and whether its interval excludes none."""

    first: int
    last: int
    change: float
    is_clear: bool


def search(
    notebook: Notebook, chain: Chain, stages: Sequence[Stage], *, change: float, rules: Rules, reserve: int
) -> Blocks[Trail]:
    """Bisect between the first and the last of `stages`; `reserve` are the trials that must be left at the end."""
    waiting = [Segment(0, len(stages) - 1, change, is_clear=True)]
    steps: list[Step] = []
    suspects: list[Suspect] = []
    while waiting:
        segment = waiting.pop(int(np.argmax([abs(each.change) for each in waiting])))
        if _is_explained(suspects, segment, change=change, rules=rules):
            continue
        middle = middle_of(notebook, chain, stages, segment.first, segment.last)
        because = _why_stop(notebook, rules, reserve, segment=segment, has_middle=middle is not None)
        if middle is None or because is not None:
            units = stages[segment.last].units - stages[segment.first].units
            suspects.append(Suspect(units=units, log_ratio=segment.change, because=because or ""))
            continue
        ends = (stages[segment.first], stages[middle], stages[segment.last])
        step = yield from _split(notebook, ends, change=change, rules=rules)
        if step is None:
            waiting.append(segment)
            continue
        steps.append(step)
        for half, places in zip(step.halves, ((segment.first, middle), (middle, segment.last)), strict=True):
            if not half.is_left:
                waiting.append(Segment(*places, half.log_ratio, half.is_clear))
    return Trail(steps=tuple(steps), suspects=tuple(sorted(suspects, key=lambda each: -abs(each.log_ratio))))


def half_of(notebook: Notebook, low: Stage, high: Stage, *, change: float, rules: Rules) -> Half:
    """Sum up all blocks that hold both stages."""
    ratios = notebook.log_ratios(low, high)
    mean = float(ratios.mean())
    interval = t_interval(ratios, confidence=rules.search_confidence)
    bottom, top = (mean, mean) if interval is None else (interval.low, interval.high)
    worth = rules.worth(change)
    return Half(
        low=low,
        high=high,
        log_ratio=mean,
        log_low=bottom,
        log_high=top,
        blocks=ratios.size,
        is_left=-worth < bottom and top < worth,
        is_clear=bottom > 0 or top < 0,
    )


def _split(
    notebook: Notebook, stages: tuple[Stage, Stage, Stage], *, change: float, rules: Rules
) -> Blocks[Step | None]:
    """Measure a segment's ends and middle until both halves are decided; None if a stage cannot be measured."""
    low, middle, high = stages
    step = None
    for blocks in range(1, rules.search_blocks[-1] + 1):
        if not (yield from notebook.block(Phase.SEARCH, stages)):
            return None
        if blocks in rules.search_blocks:
            step = Step(
                halves=(
                    half_of(notebook, low, middle, change=change, rules=rules),
                    half_of(notebook, middle, high, change=change, rules=rules),
                )
            )
            if all(half.is_left or half.is_clear for half in step.halves):
                break
    return step


def _is_explained(suspects: Sequence[Suspect], segment: Segment, *, change: float, rules: Rules) -> bool:
    """Return whether single units already make up the change and the segment has no clear effect on top of them."""
    rest = change - sum(each.log_ratio for each in suspects if len(each.units) == 1)
    is_small = not (segment.is_clear and abs(segment.change) >= rules.log_threshold)
    return bool(suspects) and abs(rest) < rules.log_threshold and is_small


def _why_stop(notebook: Notebook, rules: Rules, reserve: int, *, segment: Segment, has_middle: bool) -> str | None:
    if segment.last - segment.first == 1:
        return ""
    if not has_middle:
        return "no set between them could be measured"
    if not notebook.affords(6 * rules.search_blocks[0] + reserve):
        return "the budget left no room to tell them apart"
    return None


def middle_of(notebook: Notebook, chain: Chain, stages: Sequence[Stage], first: int, last: int) -> int | None:
    """Return the usable place that halves the prior weight of a segment best, None if there is none."""
    if notebook.unusable((stages[first], stages[last])):
        return None
    weights = [
        sum(chain.units[unit].weight for unit in stages[place].units - stages[place - 1].units)
        for place in range(first + 1, last + 1)
    ]
    below = np.cumsum(weights)
    places = [
        (abs(2 * below[place - first - 1] - below[-1]), place)
        for place in range(first + 1, last)
        if not notebook.unusable((stages[place],))
    ]
    return min(places)[1] if places else None
