"""Per factor, backend and metric: the paired ratio of the changed over the unchanged contender."""

from collections.abc import Sequence

from bench.campaign.frame import Frame
from bench.experiments.contract import Background
from bench.experiments.factors.finding import FactorFinding, FactorsFinding
from bench.experiments.factors.study import NAME, Study
from bench.model import Trial, Variant, contender_cell, variant_cell
from bench.paired.comparing import compare
from bench.paired.finding import ComparisonFinding, Metric

METRICS: tuple[Metric, ...] = ("wall", "cpu")


def analyse(frame: Frame, study: Study, trials: Sequence[Trial], background: Background) -> FactorsFinding:  # noqa: ARG001 - the shape of every analysis
    """Compare every varied contender with itself as it is, in wall and in CPU time."""
    ran = [trial for trial in trials if trial.experiment == NAME]
    return FactorsFinding(
        looks=study.looks(alpha=frame.alpha),
        factors=tuple(
            _finding(frame, study, ran, variant=variant, backend=backend, metric=metric)
            for backend in frame.backends
            for variant in study.offered(frame, backend)
            for metric in METRICS
        ),
        noise_floor=tuple(
            compare(
                frame,
                ran,
                baseline=contender_cell(first, backend),
                candidate=contender_cell(first, backend, copy=1),
                metric=metric,
                looks=study.looks(alpha=frame.alpha),
            )
            for backend in frame.backends
            for first in study.varied(frame, backend)[:1]
            for metric in METRICS
        ),
    )


def _finding(
    frame: Frame, study: Study, ran: Sequence[Trial], *, variant: Variant, backend: str, metric: Metric
) -> FactorFinding:
    contender = frame.contender(variant.contender)
    compared: ComparisonFinding = compare(
        frame,
        ran,
        baseline=contender_cell(contender, backend),
        candidate=variant_cell(variant, contender, backend),
        metric=metric,
        looks=study.looks(alpha=frame.alpha),
        title=variant.title,
    )
    estimate = compared.estimate
    return FactorFinding(
        factor=variant.id,
        title=variant.title,
        contender=contender.id,
        backend=backend,
        metric=metric,
        change=None if estimate is None else estimate.ratio - 1,
        change_low=None if estimate is None or estimate.low is None else estimate.low - 1,
        change_high=None if estimate is None or estimate.high is None else estimate.high - 1,
        comparison=compared,
    )
