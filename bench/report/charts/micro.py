"""Micro-costs: small operations on a log axis, each with its range over processes."""

from collections.abc import Sequence
from functools import partial

from matplotlib.axes import Axes

from bench import text
from bench.drawing import scale, tables, theme
from bench.drawing.chart import Chart
from bench.drawing.sheet import Sheet, blank_sheet
from bench.drawing.tables import Column, Entry
from bench.drawing.words import backend_title
from bench.experiments.micro.finding import MicroCost
from bench.model import NO_BACKEND
from bench.results import Results

_ROW, _HEADING, _LEFT, _PLOT, _NUMBERS = 16.0, 24.0, 254.0, 186.0, 450.0
_NAME = 48
_MOST_ROWS = 48
_GUIDE = (
    "Each mark is one small operation timed by itself, its line the range over processes; one grid line to the next "
    "is a factor, not a sum. These costs explain where time can go, and are never added to or compared with the "
    "times of whole suites."
)


def micro(analysis: Results) -> Chart | None:
    """Make the chart of micro-costs, or nothing where none was measured."""
    costs = sorted((cost for cost in analysis.micro_costs if cost.median_ns > 0), key=_key)
    if not costs:
        return None
    title = _title(costs)
    return Chart(
        name="micro",
        title=title,
        alt=f"Dot plot of {text.count(len(costs), 'small operation')} on a log axis. {title}.",
        guide=_GUIDE,
        sheet=partial(_sheet, costs[:_MOST_ROWS], title),
        table=_table(costs),
    )


def _key(cost: MicroCost) -> tuple[str, float]:
    return cost.group, cost.median_ns


def _named(cost: MicroCost, *, limit: int) -> str:
    backend = "" if cost.backend == NO_BACKEND else f", {backend_title(cost.backend)}"
    return f"{text.shorten(cost.name, limit=limit - len(backend))}{backend}"


def _title(costs: Sequence[MicroCost]) -> str:
    least, most = (choose(costs, key=lambda cost: cost.median_ns) for choose in (min, max))
    return (
        f"Small operations cost from {text.duration(least.median_ns)} ({_named(least, limit=_NAME)}) "
        f"to {text.duration(most.median_ns)} ({_named(most, limit=_NAME)})"
    )


def _sheet(costs: Sequence[MicroCost], title: str) -> Sheet:
    groups = list(dict.fromkeys(cost.group for cost in costs))
    height = 42.0 + _HEADING * len(groups) + _ROW * len(costs)
    sheet = blank_sheet(title, height=height)
    plot_height = height - 38.0
    axes = sheet.axes(_LEFT, 34.0, _PLOT, plot_height)
    limits = scale.log_limits((end for cost in costs for end in (cost.low_ns, cost.high_ns)), least=10.0)
    axes.set(xscale="log", xlim=limits, ylim=(0, plot_height), yticks=[], xlabel="time of one operation (log scale)")
    axes.spines["left"].set_visible(False)
    scale.duration_axis(axes.xaxis, *limits)
    scale.grid(axes, which="x")
    y = plot_height
    for group in groups:
        y -= _HEADING
        sheet.note(12.0, 34.0 + y + 6.0, text.shorten(group, limit=40), fontweight="bold", fontsize=theme.NORMAL)
        for cost in (cost for cost in costs if cost.group == group):
            y -= _ROW
            _row(sheet, axes, cost, y + _ROW / 2)
    return sheet


def _row(sheet: Sheet, axes: Axes, cost: MicroCost, y: float) -> None:
    colour = theme.COLOURS[cost.style]
    axes.plot((cost.low_ns, cost.high_ns), (y, y), "-", color=colour, linewidth=1.8)
    axes.plot([cost.median_ns], [y], theme.MARKS[cost.style], color=colour, markersize=5.5)
    sheet.note(22.0, 34.0 + y, _named(cost, limit=_NAME), fontsize=7.5)
    style = "" if cost.style == "other" else cost.style
    sheet.note(_LEFT - 6.0, 34.0 + y, style, ha="right", color=theme.MUTED, fontsize=7.5)
    shown = f"{text.duration(cost.median_ns)} ({text.duration_range(cost.low_ns, cost.high_ns)})"
    sheet.note(_NUMBERS, 34.0 + y, shown, fontsize=7.0)


def _table(costs: Sequence[MicroCost]) -> tables.Table:
    columns = (
        Column(heading="Group"),
        Column(heading="Operation"),
        Column(heading="Backend"),
        Column(heading="Style", kind="contender"),
        Column(heading="Median", kind="number"),
        Column(heading="Range over processes", kind="number"),
        Column(heading="Processes", kind="number"),
        Column(heading="Rounds", kind="number"),
    )
    caption = "Single operations timed with pytest-benchmark in the subject environment, never mixed with suite times."
    return tables.table("table-micro", caption, columns, [_entries(cost) for cost in costs])


def _entries(cost: MicroCost) -> list[Entry]:
    return [
        tables.name(cost.group),
        tables.name(cost.name),
        tables.words(text.NOTHING if cost.backend == NO_BACKEND else backend_title(cost.backend)),
        tables.contender(cost.style, cost.style),
        tables.duration(cost.median_ns),
        tables.words(text.duration_range(cost.low_ns, cost.high_ns)),
        tables.integer(cost.processes),
        tables.integer(cost.rounds),
    ]
