"""From timed trials to comparisons: one per candidate, backend and metric, the A/A copy among them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bench.campaign.frame import Frame
from bench.experiments.contract import Background
from bench.experiments.speed import cells, single_tests
from bench.experiments.speed.finding import SpeedFinding
from bench.experiments.speed.study import NAME, Study
from bench.model import Cell, Trial
from bench.paired.comparing import MEASURES, compare, unequal_because
from bench.paired.finding import ComparisonFinding
from bench.paired.mirrored import Pair


def analyse(frame: Frame, study: Study, trials: Sequence[Trial], background: Background) -> SpeedFinding:  # noqa: ARG001 - the shape of every analysis
    """Compare every candidate with the baseline of its backend, and sum up cells and single tests."""
    timing = [trial for trial in trials if trial.experiment == NAME]
    listed = [cell for backend in frame.backends for cell in study.cells(frame, backend)]
    pairs = list(paired(frame, study))
    return SpeedFinding(
        looks=study.planned_looks,
        cells=cells.cells(frame, listed, timing),
        comparisons=(*comparisons(frame, study, timing), *_further(frame, study, timing)),
        twins=single_tests.twins(frame, pairs, timing),
        layers=single_tests.layers([cell for cell in listed if not cell.copy], timing),
    )


def comparisons(frame: Frame, study: Study, timing: Sequence[Trial]) -> tuple[ComparisonFinding, ...]:
    """Compare every pair in each metric; only trials of this experiment are expected."""
    looks = study.planned_looks
    return tuple(
        compare(frame, timing, baseline=baseline, candidate=candidate, metric=metric, looks=looks, unequal=unequal)
        for baseline, candidate in paired(frame, study)
        for unequal in [unequal_because(frame, timing, baseline=baseline, candidate=candidate)]
        for metric in MEASURES
    )


def _further(frame: Frame, study: Study, timing: Sequence[Trial]) -> Iterator[ComparisonFinding]:
    """Compare the pairs without the baseline that claims ask for."""
    for backend in frame.backends:
        for view in frame.views:
            by_name = {cell.contender: cell for cell in view.suites(backend)}
            for pair in study.pairs:
                if not by_name.keys() >= {*pair}:
                    continue
                baseline, candidate = (by_name[name] for name in pair)
                unequal = unequal_because(frame, timing, baseline=baseline, candidate=candidate)
                for metric in MEASURES:
                    compared = compare(
                        frame,
                        timing,
                        baseline=baseline,
                        candidate=candidate,
                        metric=metric,
                        looks=study.planned_looks,
                        unequal=unequal,
                    )
                    yield replace(compared, id=f"{candidate.id} over {baseline.id}:{metric}")


def paired(frame: Frame, study: Study) -> Iterator[Pair]:
    """Yield (baseline, candidate) for all candidates of all backends, each under its dependency set."""
    for backend in frame.backends:
        for view in frame.views:
            family: tuple[Cell, ...] = study.cells(view, backend)
            yield from ((family[0], candidate) for candidate in family[1:])
