"""From an analysis to files: the page, the summary, the JSON and the charts."""

from collections.abc import Mapping

from bench.report.charts import CHARTS, CHARTS_OF_AN_UPGRADE, Chart, Drawing, draw
from bench.report.document import analysis_json
from bench.report.page import page
from bench.report.summary import summary
from bench.results import Results
from bench.revalidation import Revalidation


def render(analysis: Results, revalidation: Revalidation | None = None) -> Mapping[str, bytes]:
    """Return the report's files by their name relative to the run's folder.

    Of a re-validation `analysis` is that of the later set. The same analysis gives the same bytes, on any day and in
    any folder.
    """
    drawings = _drawings(analysis, revalidation)
    return {
        "report.html": page(analysis, drawings, revalidation),
        "summary.md": summary(analysis, revalidation),
        "analysis.json": analysis_json(analysis, revalidation),
        **{f"charts/{name}.svg": drawing.svg for name, (_, drawing) in drawings.items()},
        **{f"charts/{name}.png": drawing.png for name, (_, drawing) in drawings.items()},
    }


def _drawings(analysis: Results, revalidation: Revalidation | None) -> dict[str, tuple[Chart, Drawing]]:
    made = [make(analysis) for make in CHARTS]
    made += [] if revalidation is None else [make(revalidation) for make in CHARTS_OF_AN_UPGRADE]
    charts = [chart for chart in made if chart is not None]
    charts += [chart for section in analysis.sections.values() for chart in section.charts]
    return {chart.name: (chart, draw(chart.name, chart.sheet)) for chart in charts}
