"""From trials to flakes: the grid of outcomes, root causes with replay commands, bounds, contenders compared."""

import posixpath
from collections.abc import Iterator, Sequence

from bench.campaign.frame import Frame
from bench.experiments.contract import Background
from bench.experiments.flakiness.finding import FlakeSearchFinding
from bench.experiments.flakiness.one_suite import OneSuite
from bench.experiments.flakiness.study import Study, searched
from bench.experiments.flakiness.surveys import Surveys, examination, outcomes_of, surveys
from bench.experiments.reliability.analysis import failure
from bench.experiments.reliability.finding import FailureFinding
from bench.flakiness import contenders
from bench.flakiness.findings import FlakinessComparison, FlakinessFinding
from bench.flakiness.replay import Suite
from bench.flakiness.summary import CellSearch, summarise
from bench.model import Contender, Trial


def analyse(frame: Frame, study: Study, trials: Sequence[Trial], background: Background) -> FlakeSearchFinding:
    """Sum up the trials of the search and the timing trials."""
    if study.suite_runs:
        return FlakeSearchFinding(search=_one_suite(frame, study, trials, background), provoked=())
    seen = surveys(frame, trials)
    searches = [
        CellSearch(
            cell=cell,
            searched=examination(frame, study, trials, cell, seen).searched,
            suite=_suite(frame.contender(cell.contender), cell.backend, probe=background.probe),
            style=frame.contender(cell.contender).style,
        )
        for cell, observed in seen.items()
        if observed
    ]
    return FlakeSearchFinding(
        search=summarise(searches, comparisons=_comparisons(frame, seen), earlier=background.earlier_trials),
        provoked=tuple(_provoked(frame, seen)),
    )


def _one_suite(frame: Frame, study: Study, trials: Sequence[Trial], background: Background) -> FlakinessFinding:
    only = OneSuite(frame, study, trials)
    contender = frame.contender(only.cell.contender)
    suite = _suite(contender, only.cell.backend, probe=background.probe)
    search = CellSearch(cell=only.cell, searched=only.searched, suite=suite, style=contender.style)
    return summarise([search], earlier=background.earlier_trials)


def _provoked(frame: Frame, seen: Surveys) -> Iterator[FailureFinding]:
    """Count trials under conditions and those that showed a flake, where all contenders met the same conditions."""
    for backend in frame.backends:
        outcomes = {cell: outcomes_of(seen[cell]) for cell in searched(frame, backend)}
        places = set.intersection(*(set(found) for found in outcomes.values())) if outcomes else set()
        for cell, found in outcomes.items() if places else ():
            bad = [trial for place, (trial, flaked) in sorted(found.items()) if place in places and flaked]
            yield failure(cell.contender, backend, bad, trials=len(places))


def _comparisons(frame: Frame, seen: Surveys) -> list[FlakinessComparison]:
    found: list[FlakinessComparison] = []
    for backend in frame.backends:
        cells = searched(frame, backend)
        flaked = {cell: {place: bad for place, (_, bad) in outcomes_of(seen[cell]).items()} for cell in cells}
        found += contenders.compare(flaked, cells[0]) if len(cells) > 1 else ()
    return found


def _from(directory: str, path: str) -> str:
    """Write a path relative to the configuration's folder as it is reached from a folder below that one."""
    if posixpath.isabs(path):
        return path
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
