"""From counting trials to what each cell really exercised."""

from collections.abc import Mapping, Sequence

from bench.campaign.frame import Frame
from bench.experiments.contract import Background
from bench.experiments.counting.finding import CountingFinding, ExercisedFinding
from bench.experiments.counting.study import Study
from bench.experiments.speed.cells import median_ns
from bench.experiments.speed.study import NAME as TIMING
from bench.model import BACKEND_TITLES, Cell, Json, Trial
from bench.paired.blocks import timed
from bench.paired.equal_work import are_twins
from bench.paired.steady import is_as_ever, steadily_failing


def analyse(frame: Frame, study: Study, trials: Sequence[Trial], background: Background) -> CountingFinding:  # noqa: ARG001 - the shape of every analysis
    """Report for every compared cell what its counting trial saw; cells without a passed one are left out."""
    timing = [trial for trial in trials if trial.experiment == TIMING]
    found: list[ExercisedFinding] = []
    for view in frame.views:
        for backend in frame.backends:
            counted = {cell: trial for cell in view.suites(backend) if (trial := _counted(timing, cell)) is not None}
            drivers = {cell.contender: _exercised(trial)["connections"] for cell, trial in counted.items()}
            whole = {cell: trial for cell, trial in counted.items() if not _never_opened(cell, drivers)}
            for cell, trial in counted.items():
                own = frame.contender(cell.contender)
                family = [
                    seen
                    for other, seen in whole.items()
                    if other == cell or are_twins(own, frame.contender(other.contender))
                ]
                wall_ns, floor_ns = _wall_ns(timing, cell), _floor_ns(family)
                found.append(_finding(frame, trial, drivers, wall_ns=wall_ns, floor_ns=floor_ns))
    return CountingFinding(cells=tuple(found))


def _counted(trials: Sequence[Trial], cell: Cell) -> Trial | None:
    """Find the cell's counting trial."""
    always = steadily_failing(trials, cell)
    passed = (t for t in trials if t.cell == cell and t.counting and is_as_ever(t, always))
    return next((trial for trial in passed if "exercised" in trial.facts), None)


def _exercised(trial: Trial) -> Mapping[str, Json]:
    exercised: Mapping[str, Json] = trial.facts["exercised"]
    return exercised


def _requests(trial: Trial) -> int:
    return sum(trial.facts.get("requests", {}).values())


def _floor_ns(counted: Sequence[Trial]) -> int | None:
    """Give the least time that the requests took inside the application, if all twins sent the same ones."""
    same = len({tuple(sorted(trial.facts.get("requests", {}).items())) for trial in counted}) == 1
    inside = [int(_exercised(trial)["application_ns"]) for trial in counted]
    return min(inside) or None if same and inside else None


def _wall_ns(trials: Sequence[Trial], cell: Cell) -> int | None:
    return median_ns(trial.wall_ns for trial in timed(trials, cell))


def _finding(
    frame: Frame, trial: Trial, drivers: Mapping[str, Mapping[str, int]], *, wall_ns: int | None, floor_ns: int | None
) -> ExercisedFinding:
    cell, exercised, requests = trial.cell, _exercised(trial), _requests(trial)
    contender = frame.contender(cell.contender)
    tests_ns = sum(test.total_ns for test in trial.tests)
    outside = 1 - min(exercised["working_ns"], tests_ns) / tests_ns if tests_ns else None
    return ExercisedFinding(
        cell=cell.id,
        contender=cell.contender,
        title=contender.title,
        style=contender.style,
        backend=cell.backend,
        requests=requests,
        connections=exercised["connections"],
        event_loops=exercised["event_loops"],
        threads=exercised["threads"],
        portal_calls_per_request=exercised["portal_calls"] / requests if requests else None,
        handed_across_threads=exercised["handed_across_threads"],
        application_ns=exercised["application_ns"],
        database_ns=exercised["database_ns"],
        outside_share=outside,
        floor_ns=floor_ns,
        floor_ratio=wall_ns / floor_ns if wall_ns is not None and floor_ns else None,
        sentences=tuple(_never_opened(cell, drivers)),
    )


def _never_opened(cell: Cell, drivers: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Say which asynchronous drivers the rivals opened and this contender never did."""
    elsewhere = sorted({driver for opened in drivers.values() for driver in opened if driver in ASYNC_DRIVERS})
    own = drivers[cell.contender]
    return [
        f"{cell.contender} never opens the async driver {driver} on {BACKEND_TITLES[cell.backend]}: "
        f"the database code that runs in production does not run here"
        for driver in elsewhere
        if driver not in own
    ]


ASYNC_DRIVERS = frozenset({"aiosqlite", "asyncpg", "psycopg (async)"})
