"""An investigation of a time, from the first block to the verdict, as a state machine without a clock or a process."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.experiments.blame.blocks import Blocks, Measured, Notebook, Phase, Request
from bench.experiments.blame.chain import Chain, Stage
from bench.experiments.blame.confirmation import Confirmation, Group, confirm, stages_of, weigh
from bench.experiments.blame.detection import Detection, Presence, detect
from bench.experiments.blame.rules import Rules
from bench.experiments.blame.search import Step, Suspect, half_of, search
from bench.experiments.blame.verdict import Verdict, of_confirmation, of_detection, of_search


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What is known after the blocks so far; an investigation that was cut off has one, too."""

    detection: Detection | None
    steps: tuple[Step, ...]
    suspects: tuple[Suspect, ...]
    confirmation: Confirmation | None
    verdict: Verdict
    blocks: int
    trials: int
    seconds: float


@dataclass(slots=True, kw_only=True)
class Investigation:
    """Ask `request` for the next block and send what was measured with `took`; None is the end.

    Rebuilt from a journal by sending the same blocks again: it asks the same questions for the same answers.
    """

    chain: Chain
    rules: Rules
    notebook: Notebook = field(init=False)
    detection: Detection | None = field(init=False, default=None)
    steps: list[Step] = field(init=False, default_factory=list)
    suspects: list[Suspect] = field(init=False, default_factory=list)
    groups: tuple[Group, ...] = field(init=False, default=())
    is_searched: bool = field(init=False, default=False)
    request: Request | None = field(init=False, default=None)
    _asking: Blocks[None] = field(init=False)

    def __post_init__(self) -> None:
        """Ask the first question."""
        self.notebook = Notebook(budget_seconds=self.rules.budget_seconds)
        self._asking = self._blocks()
        self._advance(None)

    def took(self, measured: Measured) -> None:
        """Take the answer to the current request."""
        self._advance(measured)

    def conclusion(self) -> Conclusion:
        """Weigh all blocks so far."""
        return Conclusion(
            detection=self.detection,
            steps=tuple(self.steps),
            suspects=tuple(self.suspects),
            confirmation=(found := weigh(self.notebook, self.chain, self.groups, self.rules) if self.groups else None),
            verdict=self._verdict(found),
            blocks=len(self.notebook.whole),
            trials=self.notebook.trials,
            seconds=self.notebook.spent_seconds,
        )

    def _advance(self, measured: Measured | None) -> None:
        try:
            self.request = next(self._asking) if measured is None else self._asking.send(measured)
        except StopIteration:
            self.request = None

    def _verdict(self, confirmation: Confirmation | None) -> Verdict:
        early = of_detection(self.detection) or of_search(self.groups, is_over=self.is_searched)
        return early or of_confirmation(confirmation, self.groups, direction=self._change(), rules=self.rules)

    def _change(self) -> float:
        return float(self.notebook.log_ratios(self.chain.old, self.chain.new, phase=Phase.DETECTION).mean())

    def _blocks(self) -> Blocks[None]:
        self.detection = yield from detect(self.notebook, self.chain, self.rules)
        if self.detection.presence is not Presence.WORTH:
            return
        yield from self._bisect(self.chain.prefixes)
        for suspect in self.suspects[: self.rules.most_units]:
            yield from self._partners(suspect)
        self.groups, self.is_searched = self._chosen(), True
        if not self.groups:
            return
        effect = min((abs(each.log_ratio) for each in self.suspects if each.units in self.groups), default=0.0)
        yield from confirm(self.notebook, self.chain, self.groups, effect=effect, rules=self.rules)

    def _bisect(self, stages: Sequence[Stage]) -> Blocks[None]:
        """Search along a chain of stages; add to the suspects those that are new, the largest effect first."""
        trail = yield from search(
            self.notebook, self.chain, stages, change=self._change(), rules=self.rules, reserve=self._reserve()
        )
        self.steps += trail.steps
        known = frozenset().union(*(each.units for each in self.suspects))
        self.suspects += [each for each in trail.suspects if not each.units & known]

    def _partners(self, suspect: Suspect) -> Blocks[None]:
        """Where a unit does nothing to the earlier set, search what has to move as well.

        On the way from "the unit and what it needs" to where the first search saw its effect, the level changes at
        the unit's partner.
        """
        low, high = self.chain.added(suspect.units)
        rest = [unit for unit in range(max(suspect.units)) if unit not in high.units]
        enough = self.rules.search_blocks[-1]
        if not rest or not self.notebook.affords(4 * enough + self._reserve()):
            return
        while self.notebook.log_ratios(low, high).size < enough:
            if not (yield from self.notebook.block(Phase.SEARCH, (low, high))):
                return
        alone = half_of(self.notebook, low, high, change=suspect.log_ratio, rules=self.rules)
        if alone.is_left:
            yield from self._bisect([Stage(high.units | set(rest[:count])) for count in range(len(rest) + 1)])

    def _chosen(self) -> tuple[Group, ...]:
        """Choose the units to confirm: those in the direction of the change, as many as the budget can judge."""
        change = self._change()
        groups = tuple(each.units for each in self.suspects if each.log_ratio * change > 0)[: self.rules.most_units]
        while len(groups) > 1 and not self.notebook.affords(self._confirmation_trials(groups)):
            groups = groups[:-1]
        return groups

    def _confirmation_trials(self, groups: Sequence[Group]) -> int:
        return 2 * len(stages_of(self.chain, groups)) * self.rules.confirmation_blocks[0]

    def _reserve(self) -> int:
        """Return the trials that a confirmation of two units needs."""
        return 14 * self.rules.confirmation_blocks[0]


def next_block(chain: Chain, rules: Rules, blocks: Sequence[Measured]) -> Request | None:
    """Return the block that follows after these, None if the investigation is over."""
    return replayed(chain, rules, blocks).request


def replayed(chain: Chain, rules: Rules, blocks: Sequence[Measured]) -> Investigation:
    """Return an investigation as it was after these blocks; those beyond its end are not looked at."""
    investigation = Investigation(chain=chain, rules=rules)
    for measured in blocks:
        if investigation.request is None:
            break
        investigation.took(measured)
    return investigation
