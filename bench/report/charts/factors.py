"""The factor study: what each one change does to the time of a contender."""

from functools import partial

from bench import text
from bench.drawing.chart import Chart
from bench.drawing.words import backend_title
from bench.experiments.factors.finding import FactorFinding
from bench.report.charts.forest import comparison_table, paired_ratios
from bench.results import Results

_GUIDE = (
    "Each mark is the time of a contender with one thing changed over the time of the same contender as it is, its "
    "line the interval and each tick beneath it a block. Changes of one contender cannot simply be added up: what "
    "two of them do together was not measured."
)


def factors(analysis: Results) -> Chart | None:
    """Make the chart of the factors, or nothing where none was studied."""
    measured = [factor for factor in analysis.factors if factor.change is not None]
    if not measured:
        return None
    floor = [found for found in analysis.comparisons if found.is_noise_floor]
    comparisons = (*(factor.comparison for factor in analysis.factors), *floor)
    title = _title(measured)
    return Chart(
        name="factors",
        title=title,
        alt=f"Forest plot of {text.count(len(comparisons), 'paired ratio')} on a log axis. {title}. "
        "The table below holds the same numbers.",
        guide=_GUIDE,
        sheet=partial(paired_ratios, comparisons, title),
        table=comparison_table(analysis, comparisons, name="factors"),
    )


def _title(measured: list[FactorFinding]) -> str:
    """Name the largest change of wall time that is shown: whose interval does not hold 1."""
    sure = [factor for factor in measured if factor.metric == "wall" and _is_shown(factor)]
    if not sure:
        return "No one factor is shown to change the wall time"
    largest = max(sure, key=lambda factor: abs(factor.change or 0.0))
    changed = text.ratio(1 + (largest.change or 0.0))
    return (
        f"{largest.contender} takes {changed} its wall time with {largest.title} ({backend_title(largest.backend)}): "
        f"the largest of {text.count(len(sure), 'shown change')}"
    )


def _is_shown(factor: FactorFinding) -> bool:
    low, high = factor.change_low, factor.change_high
    return low is not None and high is not None and not low <= 0 <= high
