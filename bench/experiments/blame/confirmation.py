"""The confirmation: fresh blocks decide which of at most three units is named.

Each unit moves in two contexts: into the earlier set (with what it needs) and as the last into the later set (before
what needs it). Each contrast is one unit's move and nothing else. Under "this unit does nothing in this context" its
two stages are equal cells of a randomly permuted, mirrored block, so the sign-flip test is exact; Holm over all
contrasts then bounds the probability that any innocent unit is named by alpha, whatever chose the units.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from bench.experiments.blame.blocks import Blocks, Notebook, Phase
from bench.experiments.blame.chain import Chain, Stage
from bench.experiments.blame.detection import copy_of
from bench.experiments.blame.rules import Rules
from bench.statistics import Comparison, detectable_ratio, fewest_blocks, holm, judge, sign_flip_p
from bench.statistics.log_ratio import Floats

Group = frozenset[int]


class Context(StrEnum):
    """Where a unit moves."""

    ADDED = "added to the earlier set"
    REMOVED = "taken out of the later set"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """One unit's move in one context."""

    group: Group
    context: Context
    low: Stage
    high: Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A contrast with its numbers; `is_shown` after Holm over all contrasts, and in the direction of the change."""

    contrast: Contrast
    comparison: Comparison
    adjusted_p: float
    is_shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """Everything that the fresh blocks say. `rests` are what is left of the whole change without a unit's own move."""

    blocks: int
    change: Comparison
    placebo: Comparison
    contrasts: tuple[Weighed, ...]
    unmeasured: tuple[Contrast, ...]
    interactions: Mapping[Group, Comparison]
    rests: Mapping[Group, Comparison]


def contrasts(chain: Chain, groups: Sequence[Group]) -> tuple[Contrast, ...]:
    """List both contexts of each unit; one is enough where they are the same two stages."""
    found: dict[tuple[Stage, Stage], Contrast] = {}
    for group in groups:
        for context, (low, high) in ((Context.ADDED, chain.added(group)), (Context.REMOVED, chain.removed(group))):
            found.setdefault((low, high), Contrast(group=group, context=context, low=low, high=high))
    return tuple(found.values())


def stages_of(chain: Chain, groups: Sequence[Group]) -> tuple[Stage, ...]:
    """List the stages of a block of the confirmation, each once."""
    ends = [stage for contrast in contrasts(chain, groups) for stage in (contrast.low, contrast.high)]
    return tuple(dict.fromkeys((chain.old, chain.new, copy_of(chain.old), *ends)))


def confirm(notebook: Notebook, chain: Chain, groups: Sequence[Group], *, effect: float, rules: Rules) -> Blocks[None]:
    """Ask for as many fresh blocks as were found necessary before the first of them, or the budget allows."""
    stages = stages_of(chain, groups)
    for done in range(blocks_planned(notebook, chain, len(groups), effect=effect, rules=rules)):
        if done and not notebook.affords(2 * len(stages)):
            return
        while not (yield from notebook.block(Phase.CONFIRMATION, stages)):
            stages = tuple(stage for stage in stages if not notebook.unusable((stage,)))
            if chain.old not in stages or chain.new not in stages:
                return


def blocks_planned(notebook: Notebook, chain: Chain, groups: int, *, effect: float, rules: Rules) -> int:
    """Return the blocks that show an effect of this size after Holm with 80 % power, by the spread seen so far.

    Only blocks of the earlier phases are used, so the number does not depend on what will be tested.
    """
    fewest, most = rules.confirmation_blocks
    alpha = rules.alpha / (2 * groups)
    fewest = max(fewest, fewest_blocks(1 - alpha))
    spread = float(np.std(notebook.log_ratios(chain.old, chain.new), ddof=1))
    target = max(rules.log_threshold, 0.75 * abs(effect))
    for blocks in range(fewest, most):
        detectable = detectable_ratio(blocks, sd=spread, alpha=alpha)
        if detectable is not None and np.log(detectable) <= target:
            return blocks
    return max(fewest, most)


def shown(ratios: Sequence[Floats], *, direction: float, alpha: float) -> tuple[tuple[float, bool], ...]:
    """Return each contrast's adjusted p-value and whether it is shown: the only step that can name a unit."""
    adjusted = holm([sign_flip_p(each) for each in ratios])
    return tuple(
        (p, p <= alpha and float(each.mean()) * direction > 0) for p, each in zip(adjusted, ratios, strict=True)
    )


def weigh(notebook: Notebook, chain: Chain, groups: Sequence[Group], rules: Rules) -> Confirmation | None:
    """Weigh the blocks of the confirmation, None where there are too few of them for any p-value to be small."""

    def fresh(low: Stage, high: Stage) -> Floats:
        return notebook.log_ratios(low, high, phase=Phase.CONFIRMATION)

    def compared(ratios: Floats, alpha: float) -> Comparison:
        return judge(ratios, margin=rules.threshold, alpha=alpha)

    planned = contrasts(chain, groups)
    total, placebo = fresh(chain.old, chain.new), fresh(chain.old, copy_of(chain.old))
    if min(total.size, placebo.size) < fewest_blocks(1 - rules.alpha / max(len(planned), 1)):
        return None
    measured = [(each, ratios) for each in planned if (ratios := fresh(each.low, each.high)).size]
    flags = shown([ratios for _, ratios in measured], direction=float(total.mean()), alpha=rules.alpha)
    return Confirmation(
        blocks=total.size,
        change=compared(total, rules.alpha),
        placebo=compared(placebo, rules.placebo_alpha),
        contrasts=tuple(
            Weighed(contrast=contrast, comparison=compared(ratios, rules.alpha), adjusted_p=p, is_shown=is_shown)
            for (contrast, ratios), (p, is_shown) in zip(measured, flags, strict=True)
        ),
        unmeasured=tuple(each for each in planned if each not in [contrast for contrast, _ in measured]),
        interactions={group: compared(removed - added, rules.alpha) for group, added, removed in _both(measured)},
        rests={
            group: compared(total - ratios, rules.alpha)
            for group in groups
            if (ratios := fresh(*chain.removed(group))).size == total.size
        },
    )


def _both(measured: Sequence[tuple[Contrast, Floats]]) -> Iterator[tuple[Group, Floats, Floats]]:
    """Yield the units that were measured in both contexts, in the same blocks."""
    added = {contrast.group: ratios for contrast, ratios in measured if contrast.context is Context.ADDED}
    for contrast, ratios in measured:
        other = added.get(contrast.group)
        if contrast.context is Context.REMOVED and other is not None and other.size == ratios.size:
            yield contrast.group, other, ratios
