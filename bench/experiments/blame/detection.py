"""Is there something to attribute? Blocks of old, new and a second build of old."""

from dataclasses import dataclass
from enum import StrEnum

from bench.experiments.blame.blocks import Blocks, Notebook, Phase
from bench.experiments.blame.chain import Chain, Stage
from bench.experiments.blame.rules import Rules
from bench.statistics import Comparison, ComparisonVerdict, fewest_blocks, judge


class Presence(StrEnum):
    """What the first blocks say of the whole change."""

    WORTH = "worth blaming"
    BELOW = "below the smallest change worth blaming"
    UNSEEN = "no change was seen"
    UNSTABLE = "two builds of the same set differ"
    UNMEASURABLE = "one of the two sets cannot be measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """The whole change, and the change between two builds of the earlier set."""

    presence: Presence
    change: Comparison | None
    placebo: Comparison | None


def detect(notebook: Notebook, chain: Chain, rules: Rules) -> Blocks[Detection]:
    """Measure until the change is seen to be worth blaming, or too small, or the blocks are spent."""
    stages = (chain.old, chain.new, copy_of(chain.old))
    detection = Detection(presence=Presence.UNMEASURABLE, change=None, placebo=None)
    for blocks in range(1, rules.detection_blocks[-1] + 1):
        if not (yield from notebook.block(Phase.DETECTION, stages)):
            return Detection(presence=Presence.UNMEASURABLE, change=None, placebo=None)
        if blocks in rules.detection_blocks:
            detection = _at_look(notebook, chain, rules)
            if detection.presence is not Presence.UNSEEN:
                break
    return detection


def copy_of(stage: Stage) -> Stage:
    """Return a second build of the same stage, in another folder: the placebo."""
    return Stage(stage.units, copy=1)


def placebo_differs(placebo: Comparison, rules: Rules) -> bool:
    """Return whether two builds of one set came out different, at the placebo's error rate."""
    is_able = placebo.estimate.blocks >= fewest_blocks(1 - rules.placebo_alpha)
    return is_able and placebo.estimate.p_value <= rules.placebo_alpha


def _at_look(notebook: Notebook, chain: Chain, rules: Rules) -> Detection:
    change = judge(notebook.log_ratios(chain.old, chain.new), margin=rules.threshold, alpha=rules.alpha)
    placebo = judge(
        notebook.log_ratios(chain.old, copy_of(chain.old)), margin=rules.threshold, alpha=rules.placebo_alpha
    )
    return Detection(presence=_presence(change, placebo, rules), change=change, placebo=placebo)


def _presence(change: Comparison, placebo: Comparison, rules: Rules) -> Presence:
    low, high = change.estimate.low, change.estimate.high
    if placebo_differs(placebo, rules):
        return Presence.UNSTABLE
    if low is None or high is None or low <= 1 <= high:
        return Presence.BELOW if change.verdict is ComparisonVerdict.EQUIVALENT else Presence.UNSEEN
    reaches = high >= 1 + rules.threshold or low <= 1 / (1 + rules.threshold)
    return Presence.WORTH if reaches else Presence.BELOW
