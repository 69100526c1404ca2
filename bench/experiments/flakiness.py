"""Which contender flakes, under which conditions, and why?

The plan: blocks of one condition and seed, in each of which every contender runs once in random order, so that all
meet the same conditions equally often; then targeted trials that diagnose what flipped. Timing trials count as
trials under no condition. At most `plan.flakiness_seconds` are spent, or what is left of the budget: on the blocks
three fifths of it once something flipped, and most of it before. The analysis: the grid of outcomes, root causes
with replay commands, bounds, and contenders compared.
"""

import functools
import itertools
import posixpath
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bench.campaign.plan import Plan
from bench.experiments import speed
from bench.flakiness import contenders, design, specification, survey
from bench.flakiness.conditions import REGISTRY, Circumstances
from bench.flakiness.findings import FlakinessComparison, FlakinessFinding
from bench.flakiness.hunting import Replayed, replayed
from bench.flakiness.outcomes import Observation, broken, flipping, usable
from bench.flakiness.replay import Suite
from bench.flakiness.summary import CellHunt, Earlier, flaked, summarise
from bench.model import NO_BACKEND, Cell, Contender, Trial, TrialSpec
from bench.statistics import draw_block

NAME = specification.NAME
PROBE = "bench/probe"
SURVEY_SHARE = 0.6
CALM_SURVEY_SHARE = 0.9  # while nothing flipped
MOST_BLOCKS = 200
DIAGNOSIS = 1000  # targeted trials are numbered from here
UNKNOWN_HASH_SEED = 0
Surveys = Mapping[Cell, Sequence[Observation]]
Outcomes = Mapping[tuple[str, int], tuple[Trial, bool]]


def next_block(plan: Plan, trials: Sequence[Trial]) -> tuple[TrialSpec, ...]:
    """Return the next block of the survey, then single targeted trials; () when the budget is spent."""
    own = [trial for trial in trials if trial.experiment == NAME]
    spent_ns = _spent_ns(own)
    allowed_ns = _allowed_ns(plan, trials)
    if spent_ns >= allowed_ns:
        return ()
    measured = {trial.key for trial in own}
    surveys = _surveys(plan, trials)
    for index in range(MOST_BLOCKS):
        blocks = [_block(plan, backend, index, surveys) for backend in plan.backends]
        for block in filter(None, blocks):
            begun = any(spec.key in measured for spec in block)
            if begun and not all(spec.key in measured for spec in block):
                return block
            if not begun:
                share = SURVEY_SHARE if any(map(flipping, surveys.values())) else CALM_SURVEY_SHARE
                if spent_ns + _expected_ns(own, block) <= share * allowed_ns:
                    return block
    return _next_diagnosis(plan, trials)


def _spent_ns(trials: Sequence[Trial]) -> int:
    return sum(trial.wall_ns + trial.overhead_ns for trial in trials)


def _allowed_ns(plan: Plan, trials: Sequence[Trial]) -> float:
    """Give what the hunt may take: its share, and never more than the others have left of the budget."""
    others_ns = _spent_ns([trial for trial in trials if trial.experiment != NAME])
    return max(min(plan.flakiness_seconds, plan.budget_seconds - others_ns / 1e9), 0) * 1e9


def findings(
    plan: Plan, trials: Sequence[Trial], *, earlier: Earlier | None = None, probe: str = PROBE
) -> FlakinessFinding | None:
    """Sum up the flakiness trials and the timing trials; None where nothing was planned.

    `earlier` gives (failures, trials) by cell id of earlier runs of the same code and dependency set; `probe` is
    the folder of the plugins as it is reached from the folder of the configuration.
    """
    if not plan.flakiness_seconds:
        return None
    surveys = _surveys(plan, trials)
    hunts = [
        CellHunt(
            cell=cell,
            hunted=_diagnosis(plan, trials, cell, surveys).hunted,
            suite=_suite(plan.contender(cell.contender), cell.backend, probe=probe),
            style=plan.contender(cell.contender).style,
        )
        for cell, seen in surveys.items()
        if seen
    ]
    return summarise(hunts, comparisons=_comparisons(plan, surveys), earlier=earlier)


def outcomes(plan: Plan, trials: Sequence[Trial]) -> Mapping[Cell, Outcomes]:
    """Tell of each cell by condition and block the trial and whether it flaked; nothing where nothing was planned.

    Timing trials are not in equal numbers and left out.
    """
    surveys = _surveys(plan, trials) if plan.flakiness_seconds else {}
    return {cell: _outcomes(seen) for cell, seen in surveys.items()}


def rotation(plan: Plan) -> Sequence[Circumstances]:
    """List the circumstances of the blocks, in their order: first the suite as it is, unless it was timed already."""
    drawn = _rotation(plan.seed, plan.backends != (NO_BACKEND,))
    return drawn if plan.only_hunts else drawn[1:]


@functools.cache
def _rotation(seed: int, with_database: bool) -> tuple[Circumstances, ...]:  # noqa: FBT001 - a key of the cache
    return tuple(itertools.islice(design.rotation(seed, _installed(with_database=with_database)), MOST_BLOCKS))


def _installed(*, with_database: bool) -> dict[str, str]:
    """Assume SQLAlchemy where there is a database; a suite without it shows that by not starting."""
    return {"sqlalchemy": ""} if with_database else {}


def _cells(plan: Plan) -> list[Cell]:
    return [cell for backend in plan.backends for cell in plan.suites(backend)]


def _block(plan: Plan, backend: str, index: int, surveys: Surveys) -> tuple[TrialSpec, ...]:
    """Specify one trial of every contender under the circumstances of the block, in an order drawn for it.

    What the blocks before this one taught of a suite counts: a test that hung is left out, for example.
    """
    cells = plan.suites(backend)
    places = rotation(plan)
    if index >= len(places):
        return ()
    order = draw_block(cells, seed=plan.seed, group=f"{NAME}/{backend}", index=index).order[: len(cells)]
    return tuple(
        specification.specify(
            cell, survey.fitted(places[index], _before(surveys[cell], index)), block=index, position=position
        )
        for position, cell in enumerate(order)
    )


def _before(seen: Sequence[Observation], index: int) -> list[Observation]:
    """Give the timing trials and those of the blocks before this one."""
    return [each for each in seen if each.trial.experiment == speed.NAME or each.trial.block < index]


def _expected_ns(own: Sequence[Trial], block: Sequence[TrialSpec]) -> int:
    """Expect of a block what the dearest under its condition cost, else a typical one times that slowdown."""
    costs: Counter[tuple[str, str, int]] = Counter()
    for trial in own:
        if trial.block < DIAGNOSIS:
            costs[trial.cell.backend, trial.cell.perturbation, trial.block] += trial.wall_ns + trial.overhead_ns
    place = block[0].cell.backend, block[0].cell.perturbation
    same = [cost for (backend, condition, _), cost in costs.items() if (backend, condition) == place]
    if same or not costs:
        return max(same, default=0)
    usual = [
        cost / _slowdown(condition) for (backend, condition, _), cost in costs.items() if backend == place[0]
    ]
    return round(statistics.median(usual or costs.values()) * _slowdown(place[1]))


def _slowdown(conditions: str) -> float:
    """Expect the slowdown of conditions that a trial carries together: that of the slowest."""
    return max((REGISTRY[name].slowdown for name in conditions.split("+") if name in REGISTRY), default=1.0)


def _next_diagnosis(plan: Plan, trials: Sequence[Trial]) -> tuple[TrialSpec, ...]:
    """Return the next targeted trial of the first cell whose diagnosis wants one."""
    surveys = _surveys(plan, trials)
    for position, cell in enumerate(surveys):
        found = _diagnosis(plan, trials, cell, surveys)
        number = len(found.hunted.targeted)
        if found.wanted:
            return tuple(
                specification.specify(cell, wanted, block=DIAGNOSIS + number + place, position=position)
                for place, wanted in enumerate(found.wanted)
            )
    return ()


def _diagnosis(plan: Plan, trials: Sequence[Trial], cell: Cell, surveys: Surveys) -> Replayed:
    """Take the diagnosis of a cell up from the journal; cells with suspects share what the survey leaves."""
    suspicious = sum(bool(flipping(seen)) for seen in surveys.values())
    own = [trial for trial in trials if trial.experiment == NAME and trial.block >= DIAGNOSIS]
    targeted = [trial for trial in own if _is_of(trial, cell)]
    return replayed(
        surveys[cell],
        sorted(targeted, key=lambda trial: trial.block),
        budget_seconds=(1 - SURVEY_SHARE) * _allowed_ns(plan, trials) / 1e9 / max(suspicious, 1),
        installed=_installed(with_database=plan.backends != (NO_BACKEND,)),
    )


def _surveys(plan: Plan, trials: Sequence[Trial]) -> Surveys:
    """Give the whole-suite trials of each cell: those of the blocks, and the timing trials as plain ones."""
    return {cell: _survey(plan, [trial for trial in trials if _is_of(trial, cell)]) for cell in _cells(plan)}


def _survey(plan: Plan, own: Sequence[Trial]) -> list[Observation]:
    timing = Circumstances(hash_seed=UNKNOWN_HASH_SEED)
    places = rotation(plan)
    seen = [Observation(circumstances=timing, trial=trial) for trial in own if trial.experiment == speed.NAME]
    for trial in own:
        if trial.experiment == NAME and trial.block < DIAGNOSIS:
            chosen = survey.fitted(places[trial.block], _before(seen, trial.block))
            seen.append(Observation(circumstances=chosen, trial=trial))
    return seen


def _is_of(trial: Trial, cell: Cell) -> bool:
    return replace(trial.cell, perturbation="none", copy=0) == cell


def _comparisons(plan: Plan, surveys: Surveys) -> list[FlakinessComparison]:
    found: list[FlakinessComparison] = []
    for backend in plan.backends:
        cells = plan.suites(backend)
        told = {cell: {place: bad for place, (_, bad) in _outcomes(surveys[cell]).items()} for cell in cells}
        found += contenders.compare(told, cells[0]) if len(cells) > 1 else ()
    return found


def _outcomes(survey_of_cell: Sequence[Observation]) -> Outcomes:
    seen = usable(survey_of_cell)
    always = broken(seen)
    return {
        (each.condition, each.trial.block): (each.trial, flaked(each, always))
        for each in seen
        if each.trial.experiment == NAME
    }


def _from(directory: str, path: str) -> str:
    """Write a path relative to the configuration's folder as it is reached from a folder below that one."""
    steps = [part for part in posixpath.normpath(directory).split("/") if part != "."]
    return "/".join([*([".."] * len(steps)), path])


def _suite(contender: Contender, backend: str, *, probe: str) -> Suite:
    """Say how a contender's suite is run by hand: `python` is that of its dependency set."""
    url = "sqlite:///{scratch}/replay.db" if backend == "sqlite" else "postgresql://..."
    filled = {name: text.replace("{database_url}", url) for name, text in contender.environment.items()}
    named = tuple(part for plugin in contender.plugins or () for part in ("-p", plugin))
    alone = {} if contender.plugins is None else {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return Suite(
        python=contender.python or "python",
        directory=contender.directory,
        arguments=(*named, *contender.pytest_args),
        environment=filled | alone,
        probe=_from(contender.directory, probe),
    )
