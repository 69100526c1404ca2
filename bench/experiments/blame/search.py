"""The search along a chain of stages: where does the level change?

Log effects telescope along a chain: the change from its first to its last stage is the sum over its steps. A block holds
the ends and the middle of a segment, mirrored. The search goes on into every half that may hold an effect worth
following, so two culprits survive; it leaves a half whose interval, from all blocks that hold both of its ends, lies
inside the effect worth following. Nothing that is decided here names a package: the confirmation does, on fresh blocks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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


Segment = tuple[int, int, float]
"""First and last place on the chain, and the change between them as far as it is known."""


def search(
    notebook: Notebook, chain: Chain, stages: Sequence[Stage], *, change: float, rules: Rules, reserve: int
) -> Blocks[Trail]:
    """Bisect between the first and the last of `stages`; `reserve` are the trials that must be left at the end."""
    waiting: list[Segment] = [(0, len(stages) - 1, change)]
    steps: list[Step] = []
    suspects: list[Suspect] = []
    while waiting:
        segment = waiting.pop(int(np.argmax([abs(effect) for _, _, effect in waiting])))
        first, last, effect = segment
        middle = _middle(notebook, chain, stages, first, last)
        because = _why_stop(notebook, rules, reserve, is_single=last - first == 1, has_middle=middle is not None)
        if middle is None or because is not None:
            units = stages[last].units - stages[first].units
            suspects.append(Suspect(units=units, log_ratio=effect, because=because or ""))
            continue
        step = yield from _split(notebook, (stages[first], stages[middle], stages[last]), change=change, rules=rules)
        if step is None:
            waiting.append(segment)
            continue
        steps.append(step)
        for half, ends in zip(step.halves, ((first, middle), (middle, last)), strict=True):
            if not half.is_left:
                waiting.append((*ends, half.log_ratio))
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


def _why_stop(notebook: Notebook, rules: Rules, reserve: int, *, is_single: bool, has_middle: bool) -> str | None:
    if is_single:
        return ""
    if not has_middle:
        return "no set between them could be measured"
    if not notebook.affords(6 * rules.search_blocks[0] + reserve):
        return "the budget left no room to tell them apart"
    return None


def _middle(notebook: Notebook, chain: Chain, stages: Sequence[Stage], first: int, last: int) -> int | None:
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
