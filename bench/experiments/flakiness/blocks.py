"""Blocks of one condition and seed, in which every contender runs once in random order; then targeted trials.

All contenders meet the same conditions equally often, and what flipped is diagnosed by trials of its own. At most the
study's seconds are spent, or what is left of the budget: on the blocks three fifths of it once something flipped, and
most of it before.
"""

import functools
import itertools
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence

from bench.campaign.frame import Frame
from bench.experiments.flakiness.study import NAME, Study, searched
from bench.experiments.flakiness.surveys import (
    DIAGNOSIS,
    SURVEY_SHARE,
    allowed_seconds,
    examination,
    installed,
    is_surveyed,
    is_targeted,
    observed,
    surveys,
)
from bench.experiments.speed.study import NAME as TIMING
from bench.flakiness import design, specification, survey
from bench.flakiness.conditions import REGISTRY, Circumstances
from bench.flakiness.outcomes import Observation, flipping
from bench.flakiness.search import Examination
from bench.model import NO_BACKEND, Cell, Trial, TrialSpec, cost_seconds
from bench.statistics import draw_block

CALM_SURVEY_SHARE = 0.9  # while nothing flipped
MOST_BLOCKS = 200


class Blocks:
    """The search among several contenders: rebuilt from its journal once, then kept alive."""

    def __init__(self, frame: Frame, study: Study, trials: Sequence[Trial]) -> None:
        """Take what the journal holds."""
        self._frame = frame
        self._study = study
        self._trials = list(trials)
        self._seen = {cell: list(observations) for cell, observations in surveys(frame, trials).items()}
        self._allowed = allowed_seconds(frame, study, trials)
        self._spent = cost_seconds(trial for trial in trials if trial.experiment == NAME) / study.jobs
        self._places = rotation(frame, study)
        self._examinations: dict[Cell, Examination] = {}

    def took(self, trial: Trial) -> None:
        """Take a finished trial into account."""
        self._trials.append(trial)
        self._spent += cost_seconds([trial]) / self._study.jobs
        for cell, observations in self._seen.items():
            if is_surveyed(trial, cell):
                observations.append(observed(trial))
            elif is_targeted(trial, cell):
                self._examinations[cell].take(trial)

    def next_block(self) -> tuple[TrialSpec, ...]:
        """Return the next block of the survey, then batches of targeted trials; () when the budget is spent."""
        if self._spent >= self._allowed:
            return ()
        return self._next_survey() or self._next_diagnosis()

    def _next_survey(self) -> tuple[TrialSpec, ...]:
        """Return a block that is begun and not complete, else the first that the survey's share can pay."""
        ran = [trial for trial in self._trials if trial.experiment == NAME and trial.block < DIAGNOSIS]
        counts = Counter((trial.cell.backend, trial.block) for trial in ran)
        costs = _costs(ran, jobs=self._study.jobs)
        share = SURVEY_SHARE if any(map(flipping, self._seen.values())) else CALM_SURVEY_SHARE
        left = share * self._allowed - self._spent
        for index, place in enumerate(self._places):
            for backend in self._frame.backends:
                cells, count = searched(self._frame, backend), counts[backend, index]
                is_affordable = not count and _expected_seconds(costs, backend, place.condition) <= left
                if cells and (is_affordable or 0 < count < len(cells)):
                    return self._block(backend, index, cells)
        return ()

    def _block(self, backend: str, index: int, cells: Sequence[Cell]) -> tuple[TrialSpec, ...]:
        """Specify one trial of every contender under the circumstances of the block, in an order drawn for it.

        What the blocks before this one taught of a suite counts: a test that hung is left out, for example.
        """
        group, place = f"{NAME}/{backend}", self._places[index]
        order = draw_block(cells, seed=self._frame.seed, group=group, index=index).order[: len(cells)]
        return tuple(
            specification.specify(
                cell, survey.fitted(place, _before(self._seen[cell], index)), block=index, position=position
            )
            for position, cell in enumerate(order)
        )

    def _next_diagnosis(self) -> tuple[TrialSpec, ...]:
        """Return the next targeted trials of the first cell whose diagnosis wants some."""
        for position, cell in enumerate(self._seen):
            if cell not in self._examinations:
                self._examinations[cell] = examination(self._frame, self._study, self._trials, cell, self._seen)
            found = self._examinations[cell]
            if found.wanted:
                return tuple(
                    specification.specify(cell, wanted, block=DIAGNOSIS + found.count + place, position=position)
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


Costs = Mapping[str, Mapping[str, float]]
"""By backend and conditions: the seconds of the dearest block."""


def _costs(ran: Sequence[Trial], *, jobs: int) -> Costs:
    # Of a block whose trials run at once, the machine is busy for their share of its cores.
    blocks: Counter[tuple[str, str, int]] = Counter()
    for trial in ran:
        blocks[trial.cell.backend, trial.cell.variant, trial.block] += trial.cost_ns
    costs: dict[str, dict[str, float]] = {}
    for (backend, conditions, _), cost_ns in blocks.items():
        of_backend = costs.setdefault(backend, {})
        of_backend[conditions] = max(cost_ns / 1e9 / jobs, of_backend.get(conditions, 0.0))
    return costs


def _expected_seconds(costs: Costs, backend: str, conditions: str) -> float:
    """Expect of a block what the dearest under its conditions cost, else a typical one times their slowdown."""
    known = costs.get(backend) or {name: cost for each in costs.values() for name, cost in each.items()}
    if conditions in known or not known:
        return known.get(conditions, 0.0)
    return statistics.median(cost / _slowdown(name) for name, cost in known.items()) * _slowdown(conditions)


def _slowdown(conditions: str) -> float:
    """Expect the slowdown of conditions that a trial carries together: that of the slowest."""
    return max((REGISTRY[name].slowdown for name in conditions.split("+") if name in REGISTRY), default=1.0)
