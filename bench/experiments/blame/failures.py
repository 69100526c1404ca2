"""An investigation of a failure that only the later set has: the same chain, bisected without statistics.

A failure that shows in every run of the later set is looked for once in each stage; one that flakes is looked for as
often as it takes to miss it in 1 of 50 searches. Where the first unit found is not enough by itself, the search is
repeated with it kept; where the failure stays without it, the search is repeated without it. Fresh runs of both
contexts then name a unit, with Fisher's exact test and Holm's correction where it flakes.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.experiments.blame.blocks import Blocks, Measured, Notebook, Occurrence, Phase, Request
from bench.experiments.blame.chain import Chain, Stage
from bench.experiments.blame.confirmation import Context, Contrast, Group, contrasts, stages_of
from bench.experiments.blame.rules import Rules
from bench.experiments.blame.search import Suspect, middle_of
from bench.experiments.blame.verdict import Blame, Role, Verdict
from bench.statistics import fewest_detectable_failures, fisher_p, holm

MOST_DETECTION_RUNS = 10
SURE_RUNS = 4
MOST_REPEATS = 40
MISSED = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A unit's move in one context: how often the failure showed before and after it."""

    contrast: Contrast
    low: Occurrence
    high: Occurrence
    adjusted_p: float | None
    is_shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureConclusion:
    """What is known of a failure after the runs so far; `path` are the stages looked at, in order."""

    old: Occurrence
    new: Occurrence
    path: tuple[tuple[Stage, Occurrence], ...]
    suspects: tuple[Suspect, ...]
    contrasts: tuple[Counted, ...]
    verdict: Verdict
    blocks: int
    trials: int
    seconds: float


@dataclass(slots=True, kw_only=True)
class FailureInvestigation:
    """Ask `request` for the next runs and send what was seen with `took`; None is the end."""

    chain: Chain
    rules: Rules
    notebook: Notebook = field(init=False)
    suspects: list[Suspect] = field(init=False, default_factory=list)
    groups: tuple[Group, ...] = field(init=False, default=())
    repeats: int = field(init=False, default=1)
    request: Request | None = field(init=False, default=None)
    _reason: Verdict | None = field(init=False, default=None)
    _asking: Blocks[None] = field(init=False)

    def __post_init__(self) -> None:
        """Ask the first question."""
        self.notebook = Notebook(budget_seconds=self.rules.budget_seconds)
        self._asking = self._blocks()
        self._advance(None)

    def took(self, measured: Measured) -> None:
        """Take the answer to the current request."""
        self._advance(measured)

    def conclusion(self) -> FailureConclusion:
        """Weigh all runs so far."""
        new = self.notebook.occurrence(self.chain.new)
        flakes = new.shows < new.runs
        found = counted(self.notebook, self.chain, self.groups, flakes=flakes, alpha=self.rules.alpha)
        looked = [
            stage for request, _ in self.notebook.whole if request.phase is Phase.SEARCH for stage in request.stages
        ]
        return FailureConclusion(
            old=self.notebook.occurrence(self.chain.old),
            new=new,
            path=tuple((each, self.notebook.occurrence(each, phase=Phase.SEARCH)) for each in dict.fromkeys(looked)),
            suspects=tuple(self.suspects),
            contrasts=found,
            verdict=self._reason or verdict_of(found, self.chain, self.groups, is_over=self.request is None),
            blocks=len(self.notebook.whole),
            trials=self.notebook.trials,
            seconds=self.notebook.spent_seconds,
        )

    def _advance(self, measured: Measured | None) -> None:
        try:
            self.request = next(self._asking) if measured is None else self._asking.send(measured)
        except StopIteration:
            self.request = None

    def _blocks(self) -> Blocks[None]:
        self._reason = yield from self._detect()
        if self._reason is not None:
            return
        yield from self._bisect(self.chain.prefixes)
        yield from self._company()
        self.groups = tuple(each.units for each in self.suspects)[: self.rules.most_units]
        yield from self._confirm()

    def _detect(self) -> Blocks[Verdict | None]:
        """Run both sets until it is known how often the failure shows; return a verdict if that ends it."""
        ends = (self.chain.old, self.chain.new)
        for runs in range(1, MOST_DETECTION_RUNS + 1):
            if not (yield from self.notebook.block(Phase.DETECTION, ends, mirrored=False)):
                return _nobody(Blame.INVALID, "one of the two sets cannot be run at all")
            old, new = map(self.notebook.occurrence, ends)
            if old.shows:
                return _nobody(Blame.NOTHING, f"it fails under the earlier set, too: {old}")
            if runs == new.shows == SURE_RUNS:
                return None
        if not new.shows:
            return _nobody(Blame.NOTHING, f"it does not fail under the later set: {new}")
        self.repeats = min(MOST_REPEATS, math.ceil(math.log(MISSED) / math.log1p(-min(new.shows / new.runs, 0.98))))
        return None

    def _shows(self, stage: Stage) -> Blocks[bool | None]:
        """Look at a stage as often as it takes; None if it cannot be run. What was seen before counts."""
        while self.notebook.occurrence(stage).shows == 0 and self.notebook.occurrence(stage).runs < self.repeats:
            if not (yield from self.notebook.block(Phase.SEARCH, (stage,), mirrored=False)):
                return None
        return self.notebook.occurrence(stage).shows > 0

    def _bisect(self, stages: Sequence[Stage]) -> Blocks[None]:
        """Find the step of a chain at which the failure appears: it is absent at the first stage, shown at the last."""
        absent, present, because = 0, len(stages) - 1, ""
        while present - absent > 1:
            middle = middle_of(self.notebook, self.chain, stages, absent, present)
            if middle is None or not self.notebook.affords(self.repeats):
                because = "no set between them could be run" if middle is None else "the budget was spent"
                break
            shows = yield from self._shows(stages[middle])
            if shows is not None:
                absent, present = (absent, middle) if shows else (middle, present)
        units = stages[present].units - stages[absent].units
        self.suspects.append(Suspect(units=units, log_ratio=0.0, because=because))

    def _company(self) -> Blocks[None]:
        """Search what must have moved as well, or what brings the failure without the first suspect."""
        first = self.suspects[0].units
        while len(self.suspects) < self.rules.most_units:
            found = frozenset().union(*(each.units for each in self.suspects))
            start = self.chain.with_needs(found)
            if (yield from self._shows(start)) is not False:
                break
            rest = [unit for unit in range(max(first)) if unit not in start.units]
            if not rest:
                return
            yield from self._bisect([Stage(start.units | set(rest[:count])) for count in range(len(rest) + 1)])
        if len(self.suspects) > 1:
            return
        without = self.chain.without(first)
        if (yield from self._shows(without)):
            kept = [Stage(stage.units & without.units) for stage in self.chain.prefixes]
            yield from self._bisect(list(dict.fromkeys(kept)))

    def _confirm(self) -> Blocks[None]:
        """Run both contexts of each suspect again, all stages in every block."""
        stages = stages_of(self.chain, self.groups)
        stages = tuple(stage for stage in stages if not stage.copy)
        for done in range(self._confirmation_runs()):
            if done >= SURE_RUNS and not self.notebook.affords(len(stages)):
                return
            while not (yield from self.notebook.block(Phase.CONFIRMATION, stages, mirrored=False)):
                stages = tuple(stage for stage in stages if not self.notebook.unusable((stage,)))
                if not stages:
                    return

    def _confirmation_runs(self) -> int:
        """Return the runs after which a flaking failure is significant even if it shows a third more seldom."""
        if self.repeats == 1:
            return SURE_RUNS
        alpha = self.rules.alpha / len(contrasts(self.chain, self.groups))
        rate = self.notebook.occurrence(self.chain.new, phase=Phase.DETECTION)
        for runs in range(self.repeats, MOST_REPEATS):
            needed = fewest_detectable_failures(runs, against=runs, alpha=alpha)
            if needed is not None and needed <= 2 / 3 * runs * rate.shows / rate.runs:
                return runs
        return MOST_REPEATS


def counted(
    notebook: Notebook, chain: Chain, groups: Sequence[Group], *, flakes: bool, alpha: float
) -> tuple[Counted, ...]:
    """Count the fresh runs of each context that could be run.

    Without flakes a context is shown where every run after the move fails and none before it; with flakes where none
    before it fails and Fisher's one-sided p-value, after Holm, is at most alpha.
    """
    pairs = []
    for contrast in contrasts(chain, groups):
        low, high = (notebook.occurrence(each, phase=Phase.CONFIRMATION) for each in (contrast.low, contrast.high))
        if low.runs and high.runs:
            pairs.append((contrast, low, high))
    p_values = holm([fisher_p((h.shows, lo.shows), (h.runs, lo.runs), alternative="greater") for _, lo, h in pairs])
    return tuple(
        Counted(
            contrast=contrast,
            low=low,
            high=high,
            adjusted_p=p if flakes else None,
            is_shown=low.shows == 0 and (p <= alpha if flakes else high.shows == high.runs),
        )
        for (contrast, low, high), p in zip(pairs, p_values, strict=True)
    )


def verdict_of(found: Sequence[Counted], chain: Chain, groups: Sequence[Group], *, is_over: bool) -> Verdict:
    """Return the verdict of the fresh runs."""
    if not is_over or not groups:
        return _nobody(Blame.UNFINISHED, "the run ended before a unit could be named")
    roles = {
        group: _role([each for each in found if each.contrast.group == group], planned=len(contrasts(chain, [group])))
        for group in groups
    }
    named = tuple(group for group in groups if roles[group] is not Role.INNOCENT)
    if not named:
        return Verdict(blame=Blame.NOT_CONFIRMED, roles=roles, reason="the failure did not come and go with any unit")
    return Verdict(blame=_blame([roles[group] for group in named]), named=named, roles=roles)


def _role(found: Sequence[Counted], *, planned: int) -> Role:
    shown = {each.contrast.context for each in found if each.is_shown}
    if not shown:
        return Role.INNOCENT
    if len(shown) == len(found):
        return Role.DOES_IT if len(found) == planned else Role.ONE_CONTEXT
    silent = next(each for each in found if not each.is_shown)
    match silent.contrast.context:
        case Context.ADDED if not silent.high.shows:
            return Role.ONLY_WITH_OTHERS
        case Context.REMOVED if silent.low.shows:
            return Role.ONLY_WITHOUT_OTHERS
        case _:
            return Role.ONE_CONTEXT


def _blame(roles: Sequence[Role]) -> Blame:
    match roles:
        case [Role.DOES_IT]:
            return Blame.ALONE
        case _ if all(role is Role.ONLY_WITH_OTHERS for role in roles):
            return Blame.WITH
        case [_]:
            return Blame.PART
        case _:
            return Blame.EACH


def _nobody(blame: Blame, reason: str) -> Verdict:
    return Verdict(blame=blame, roles={}, reason=reason)
