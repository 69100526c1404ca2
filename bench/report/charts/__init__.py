"""The charts of the report, each a pure function from an analysis to a `Chart` or to nothing."""

from collections.abc import Callable
from typing import Final

from bench.drawing.chart import Chart
from bench.drawing.sheet import Drawing, draw
from bench.report.charts.factors import factors
from bench.report.charts.flakes import flakes
from bench.report.charts.forest import forest
from bench.report.charts.history import history
from bench.report.charts.micro import micro
from bench.report.charts.modes import modes
from bench.report.charts.order import order
from bench.report.charts.phases import phases
from bench.report.charts.spread import spread
from bench.report.charts.twins import twins
from bench.report.charts.upgrade import upgrade
from bench.results import Results
from bench.revalidation import Revalidation

CHARTS: Final[tuple[Callable[[Results], Chart | None], ...]] = (
    forest,
    factors,
    twins,
    spread,
    order,
    phases,
    micro,
    flakes,
    modes,
)

CHARTS_OF_AN_UPGRADE: Final[tuple[Callable[[Revalidation], Chart | None], ...]] = (upgrade, history)

__all__ = ["CHARTS", "CHARTS_OF_AN_UPGRADE", "Chart", "Drawing", "draw"]
