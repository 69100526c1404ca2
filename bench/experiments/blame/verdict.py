"""What is concluded of each suspect unit, and of the whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bench.experiments.blame.confirmation import Confirmation, Context, Group, Weighed
from bench.experiments.blame.detection import Detection, Presence, placebo_differs
from bench.experiments.blame.rules import Rules
from bench.statistics import Comparison, ComparisonVerdict


class Blame(StrEnum):
    """The verdict of an investigation."""

    ALONE = "alone"
    EACH = "each a part"
    WITH = "together"
    PART = "at least a part"
    SPREAD = "spread out"
    NOTHING = "nothing to attribute"
    NOT_CONFIRMED = "not confirmed"
    UNFINISHED = "unfinished"
    INVALID = "invalid"

    @property
    def names_somebody(self) -> bool:
        """Return whether a package is named, which happens with probability alpha at most if all are innocent."""
        return self in {Blame.ALONE, Blame.EACH, Blame.WITH, Blame.PART}


class Role(StrEnum):
    """What a suspect unit was shown to do."""

    DOES_IT = "in both contexts"
    ONLY_WITH_OTHERS = "only where others have moved, too"
    ONLY_WITHOUT_OTHERS = "only where others have not moved: something else brings the same"
    ONE_CONTEXT = "in one context; the other is not resolved"
    INNOCENT = "no effect shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The blame with the units it names (index on the chain) and the reason where nobody is named."""

    blame: Blame
    named: tuple[Group, ...] = ()
    roles: Mapping[Group, Role]
    reason: str = ""


def of_detection(detection: Detection | None) -> Verdict | None:
    """Return the verdict where the first blocks end the investigation."""
    match detection:
        case None:
            return _nobody(Blame.UNFINISHED, "the run ended before it was known whether anything changed")
        case Detection(presence=Presence.WORTH):
            return None
        case Detection(presence=Presence.UNSTABLE | Presence.UNMEASURABLE):
            return _nobody(Blame.INVALID, detection.presence.value)
        case _:
            return _nobody(Blame.NOTHING, detection.presence.value)


def of_search(groups: Sequence[Group], *, is_over: bool) -> Verdict | None:
    """Return the verdict where the search ended in no unit at all: each half of the change is too small to follow."""
    if is_over and not groups:
        return _nobody(Blame.SPREAD, "the search ended in no unit with an effect worth following")
    return None


def of_confirmation(
    confirmation: Confirmation | None, groups: Sequence[Group], *, direction: float, rules: Rules
) -> Verdict:
    """Return the verdict of the fresh blocks; `direction` is the sign of the change that was detected."""
    if confirmation is None:
        return _nobody(Blame.UNFINISHED, "too few fresh blocks to name anybody")
    if placebo_differs(confirmation.placebo, rules):
        return _nobody(Blame.INVALID, "two builds of the same set differ: the machine or the folder moves the time")
    if not _is_confirmed(confirmation.change, direction=direction, rules=rules):
        return _nobody(Blame.NOT_CONFIRMED, "the change did not show again in fresh blocks")
    roles = {group: _role(confirmation, group, rules) for group in groups}
    named = tuple(group for group in groups if roles[group] is not Role.INNOCENT)
    return Verdict(
        blame=_blame(confirmation, named, roles),
        named=named,
        roles=roles,
        reason="" if named else "no unit was shown to change it by itself in either context",
    )


def _is_confirmed(change: Comparison, *, direction: float, rules: Rules) -> bool:
    return change.estimate.p_value <= rules.alpha and (change.estimate.mean_ratio - 1) * direction > 0


def _role(confirmation: Confirmation, group: Group, rules: Rules) -> Role:
    found = {each.contrast.context: each for each in confirmation.contrasts if each.contrast.group == group}
    shown = {context for context, each in found.items() if each.is_shown}
    if not shown:
        return Role.INNOCENT
    silent = [each for each in found.values() if not each.is_shown]
    if not silent:
        is_whole = all(contrast.group != group for contrast in confirmation.unmeasured)
        return Role.DOES_IT if is_whole else Role.ONE_CONTEXT
    interaction = confirmation.interactions.get(group)
    if not (_is_nothing(silent[0]) or _is_different(interaction, rules)):
        return Role.ONE_CONTEXT
    return Role.ONLY_WITH_OTHERS if Context.REMOVED in shown else Role.ONLY_WITHOUT_OTHERS


def _is_nothing(weighed: Weighed) -> bool:
    return weighed.comparison.verdict is ComparisonVerdict.EQUIVALENT


def _is_different(interaction: Comparison | None, rules: Rules) -> bool:
    return interaction is not None and interaction.estimate.p_value <= rules.alpha


def _blame(confirmation: Confirmation, named: Sequence[Group], roles: Mapping[Group, Role]) -> Blame:
    match [roles[group] for group in named]:
        case []:
            return Blame.SPREAD
        case [Role.DOES_IT]:
            rest = confirmation.rests.get(named[0])
            is_all = rest is not None and rest.verdict is ComparisonVerdict.EQUIVALENT
            return Blame.ALONE if is_all else Blame.PART
        case found if all(role is Role.ONLY_WITH_OTHERS for role in found):
            return Blame.WITH
        case [_]:
            return Blame.PART
        case _:
            return Blame.EACH


def _nobody(blame: Blame, reason: str) -> Verdict:
    return Verdict(blame=blame, roles={}, reason=reason)
