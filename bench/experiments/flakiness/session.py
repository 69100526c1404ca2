"""Blocks of one condition and seed, in which every contender runs once in random order; then targeted trials.

All contenders meet the same conditions equally often, and what flipped is diagnosed by trials of its own. At most the
study's seconds are spent, or what is left of the budget: on the blocks three fifths of it once something flipped, and
most of it before.
"""

import functools
import itertools
import statistics
from collections import Counter
from collections.abc import Sequence

from bench.campaign.frame import Frame
from bench.experiments.flakiness.study import NAME, Study
from bench.experiments.flakiness.surveys import (
    DIAGNOSIS,
    SURVEY_SHARE,
    Surveys,
    allowed_seconds,
    diagnosis,
    installed,
    surveys,
)
from bench.experiments.speed.study import NAME as TIMING
from bench.flakiness import design, specification, survey
from bench.flakiness.conditions import REGISTRY, Circumstances
from bench.flakiness.outcomes import Observation, flipping
from bench.model import NO_BACKEND, Trial, TrialSpec, cost_seconds
from bench.statistics import draw_block

CALM_SURVEY_SHARE = 0.9  # while nothing flipped
MOST_BLOCKS = 200


class Session:
    """The search of a campaign, taken up from its journal."""

    def __init__(self, frame: Frame, study: Study, trials: Sequence[Trial]) -> None:
        """Take what the journal holds."""
        self._frame = frame
        self._study = study
        self._trials = list(trials)

    def took(self, trial: Trial) -> None:
        """Take a finished trial into account."""
        self._trials.append(trial)

    def next_block(self) -> tuple[TrialSpec, ...]:
        """Return the next block of the survey, then single targeted trials; () when the budget is spent."""
        ran = [trial for trial in self._trials if trial.experiment == NAME]
        spent, allowed = cost_seconds(ran), allowed_seconds(self._frame, self._study, self._trials)
        if spent >= allowed:
            return ()
        measured = {trial.key for trial in ran}
        seen = surveys(self._frame, self._trials)
        share = SURVEY_SHARE if any(map(flipping, seen.values())) else CALM_SURVEY_SHARE
        for index in range(MOST_BLOCKS):
            blocks = [self._block(backend, index, seen) for backend in self._frame.backends]
            for block in filter(None, blocks):
                begun = any(spec.key in measured for spec in block)
                if begun and not all(spec.key in measured for spec in block):
                    return block
                if not begun and spent + _expected_ns(ran, block) / 1e9 <= share * allowed:
                    return block
        return self._next_diagnosis(seen)

    def _block(self, backend: str, index: int, seen: Surveys) -> tuple[TrialSpec, ...]:
        """Specify one trial of every contender under the circumstances of the block, in an order drawn for it.

        What the blocks before this one taught of a suite counts: a test that hung is left out, for example.
        """
        cells = self._frame.suites(backend)
        places = rotation(self._frame, self._study)
        if index >= len(places):
            return ()
        group = f"{NAME}/{backend}"
        order = draw_block(cells, seed=self._frame.seed, group=group, index=index).order[: len(cells)]
        return tuple(
            specification.specify(
                cell, survey.fitted(places[index], _before(seen[cell], index)), block=index, position=position
            )
            for position, cell in enumerate(order)
        )

    def _next_diagnosis(self, seen: Surveys) -> tuple[TrialSpec, ...]:
        """Return the next targeted trial of the first cell whose diagnosis wants one."""
        for position, cell in enumerate(seen):
            found = diagnosis(self._frame, self._study, self._trials, cell, seen)
            number = len(found.hunted.targeted)
            if found.wanted:
                return tuple(
                    specification.specify(cell, wanted, block=DIAGNOSIS + number + place, position=position)
                    for place, wanted in enumerate(found.wanted)
                )
        return ()


def rotation(frame: Frame, study: Study) -> Sequence[Circumstances]:
    """List the circumstances of the blocks, in their order: first the suite as it is, unless it was timed already."""
    drawn = _rotation(frame.seed, frame.backends != (NO_BACKEND,))
    return drawn if study.alone else drawn[1:]


@functools.cache
def _rotation(seed: int, with_database: bool) -> tuple[Circumstances, ...]:  # noqa: FBT001 - a key of the cache
    return tuple(itertools.islice(design.rotation(seed, installed(with_database=with_database)), MOST_BLOCKS))


def _before(seen: Sequence[Observation], index: int) -> list[Observation]:
    """Return the timing trials and those of the blocks before this one."""
    return [each for each in seen if each.trial.experiment == TIMING or each.trial.block < index]


def _expected_ns(own: Sequence[Trial], block: Sequence[TrialSpec]) -> int:
    """Expect of a block what the dearest under its condition cost, else a typical one times that slowdown."""
    costs: Counter[tuple[str, str, int]] = Counter()
    for trial in own:
        if trial.block < DIAGNOSIS:
            costs[trial.cell.backend, trial.cell.variant, trial.block] += trial.cost_ns
    place = block[0].cell.backend, block[0].cell.variant
    same = [cost for (backend, condition, _), cost in costs.items() if (backend, condition) == place]
    if same or not costs:
        return max(same, default=0)
    usual = [cost / _slowdown(condition) for (backend, condition, _), cost in costs.items() if backend == place[0]]
    return round(statistics.median(usual or costs.values()) * _slowdown(place[1]))


def _slowdown(conditions: str) -> float:
    """Expect the slowdown of conditions that a trial carries together: that of the slowest."""
    return max((REGISTRY[name].slowdown for name in conditions.split("+") if name in REGISTRY), default=1.0)
