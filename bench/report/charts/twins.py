"""The twins: each test's time in the baseline against its time in a rival, outliers named."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from matplotlib.axes import Axes

from bench import text
from bench.drawing import scale, tables, theme
from bench.drawing.chart import Chart
from bench.drawing.sheet import Sheet, blank_sheet
from bench.drawing.tables import Column, Entry
from bench.drawing.words import backend_title
from bench.experiments.speed.finding import TwinFinding
from bench.model import Style, on_backend
from bench.report import selection
from bench.results import Results

_PANEL, _GAP, _LEFT, _TOP = 228.0, 60.0, 52.0, 20.0
_NAMED = 4
_LABELS, _LINE = 38.0, 10.0
_BOTTOM = _LABELS + _LINE * (_NAMED + 1)
_ROWS_OF_PANEL = 12
_GUIDE = (
    "Each mark is one test, further right the slower in the baseline and further up the slower in the contender; on "
    "the diagonal both take the same time. Named are the tests that differ most from the rest of their panel: a place "
    "to look first and not a verdict, since among many tests some differ by chance (q in the table allows for that)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The twins of one rival on one backend."""

    backend: str
    baseline: str
    rival: str
    style: Style
    twins: tuple[TwinFinding, ...]

    @property
    def title(self) -> str:
        """Name the panel."""
        return f"{text.shorten(self.rival, limit=28)}{on_backend(self.backend)}"


def twins(analysis: Results) -> Chart | None:
    """Make the chart of twins, or nothing where no test was measured in two styles."""
    panels = _panels(analysis)
    if not panels:
        return None
    title = _title(panels)
    return Chart(
        name="twins",
        title=title,
        alt=f"{text.count(len(panels), 'scatter plot')} of test times on log axes. {title}. "
        "The table below lists the tests that differ most.",
        guide=_GUIDE,
        sheet=partial(_sheet, panels, title),
        table=_table(panels, total=len(analysis.twins)),
    )


def _panels(analysis: Results) -> list[Panel]:
    grouped: dict[tuple[str, str], list[TwinFinding]] = {}
    for twin in analysis.twins:
        if twin.baseline_ns > 0 and twin.rival_ns > 0:
            grouped.setdefault((twin.backend, twin.rival_contender), []).append(twin)
    styles = {cell.contender: cell.style for cell in analysis.cells}
    baselines = {backend: selection.baseline_cell(analysis, backend) for backend, _ in grouped}
    return [
        Panel(
            backend=backend,
            baseline=cell.contender if (cell := baselines[backend]) else "baseline",
            rival=rival,
            style=styles.get(rival, "other"),
            twins=tuple(members),
        )
        for (backend, rival), members in grouped.items()
    ]


def _title(panels: Sequence[Panel]) -> str:
    rivals = dict.fromkeys(panel.rival for panel in panels)
    shares = []
    for rival in rivals:
        members = [twin for panel in panels if panel.rival == rival for twin in panel.twins]
        quicker = sum(twin.rival_ns < twin.baseline_ns for twin in members)
        shares.append(f"{quicker:,} of {len(members):,} in {text.shorten(rival, limit=32)}")
    baselines = text.listing(list(dict.fromkeys(text.shorten(panel.baseline, limit=32) for panel in panels)))
    return f"Twins that take less time than in {baselines}: {text.listing(shares)}"


def log_ratio(twin: TwinFinding) -> float:
    """Return how far a twin is from equal, by its best estimate; below 0 the rival is quicker."""
    return math.log(twin.ratio or twin.rival_ns / twin.baseline_ns)


def outliers(panel: Panel, *, most: int) -> list[TwinFinding]:
    """Choose the twins whose ratio is furthest from the typical ratio of their panel."""
    typical = selection.median([log_ratio(twin) for twin in panel.twins])
    return sorted(panel.twins, key=lambda twin: (-abs(log_ratio(twin) - typical), twin.test))[:most]


def _sheet(panels: Sequence[Panel], title: str) -> Sheet:
    rows = math.ceil(len(panels) / 2)
    step = _TOP + _PANEL + _BOTTOM
    sheet = blank_sheet(title, height=rows * step)
    times = [float(time) for panel in panels for twin in panel.twins for time in (twin.baseline_ns, twin.rival_ns)]
    limits = scale.log_limits(times, padding=0.04, least=10.0)
    for place, panel in enumerate(panels):
        row, column = divmod(place, 2)
        left, bottom = _LEFT + column * (_PANEL + _GAP), (rows - 1 - row) * step + _BOTTOM
        axes = sheet.axes(left, bottom, _PANEL, _PANEL)
        sheet.note(left, bottom + _PANEL + 9.0, panel.title, fontweight="bold", fontsize=theme.NORMAL)
        _scatter(axes, panel, limits)
        _name_outliers(sheet, axes, panel, corner=(left, bottom))
    return sheet


def _scatter(axes: Axes, panel: Panel, limits: tuple[float, float]) -> None:
    axes.set(xscale="log", yscale="log", xlim=limits, ylim=limits)
    axes.set_xlabel(text.shorten(panel.baseline, limit=32))
    axes.set_ylabel(text.shorten(panel.rival, limit=32))
    scale.duration_axis(axes.xaxis, *limits)
    scale.duration_axis(axes.yaxis, *limits)
    scale.grid(axes, which="both")
    axes.plot(limits, limits, "-", color=theme.INK, linewidth=0.8)
    seen = _apart(panel.twins, limits)
    axes.plot(
        [twin.baseline_ns for twin in seen],
        [twin.rival_ns for twin in seen],
        theme.MARKS[panel.style],
        color=theme.COLOURS[panel.style],
        markersize=3.4,
        markeredgewidth=0,
        alpha=0.6,
    )


def _apart(found: Sequence[TwinFinding], limits: tuple[float, float]) -> list[TwinFinding]:
    # Marks that fall on one spot look like one mark: a spot is a point and a half wide.
    spots = _PANEL / 1.5 / math.log(limits[1] / limits[0])
    places = np.round(spots * np.log([(twin.baseline_ns, twin.rival_ns) for twin in found]))
    first = {(float(x), float(y)): twin for (x, y), twin in zip(places, found, strict=True)}
    return list(first.values())


def _name_outliers(sheet: Sheet, axes: Axes, panel: Panel, *, corner: tuple[float, float]) -> None:
    """Mark the outliers with letters and name them under the panel, where no mark can be in the way."""
    left, bottom = corner
    chosen = sorted(outliers(panel, most=_NAMED), key=lambda twin: (-twin.rival_ns, twin.test))
    for line, (letter, twin) in enumerate(zip("abcdefgh", chosen, strict=False)):
        _mark(axes, panel, twin, letter)
        shown = text.shorten(twin.test.rpartition("::")[2] or twin.test, limit=50)
        ratio = text.ratio(math.exp(log_ratio(twin)))
        sheet.note(left, bottom - _LABELS - _LINE * line, f"{letter}: {shown} {ratio}", fontsize=6.5)


def _mark(axes: Axes, panel: Panel, twin: TwinFinding, letter: str) -> None:
    axes.plot(
        [twin.baseline_ns],
        [twin.rival_ns],
        theme.MARKS[panel.style],
        color=theme.COLOURS[panel.style],
        markersize=4.4,
        markeredgecolor=theme.INK,
        markeredgewidth=0.6,
    )
    is_above = twin.rival_ns >= twin.baseline_ns
    axes.annotate(
        letter,
        xy=(twin.baseline_ns, twin.rival_ns),
        xytext=(-3.0, 2.0) if is_above else (3.0, -2.0),
        textcoords="offset points",
        ha="right" if is_above else "left",
        va="bottom" if is_above else "top",
        fontsize=7.0,
        fontweight="bold",
    )


def _table(panels: Sequence[Panel], *, total: int) -> tables.Table:
    columns = (
        Column(heading="Test", kind="code"),
        Column(heading="Layer"),
        Column(heading="Backend"),
        Column(heading="Contender", kind="contender"),
        Column(heading="Baseline", kind="number"),
        Column(heading="Contender's time", kind="number"),
        Column(heading="Ratio", kind="number"),
        Column(heading="q", kind="number"),
    )
    rows = [_entries(panel, twin) for panel in panels for twin in outliers(panel, most=_ROWS_OF_PANEL)]
    return tables.table(
        "table-twins",
        "Medians of single tests (all three phases), those that differ most. q is exploratory, never a verdict.",
        columns,
        rows,
        total=total,
        chosen_by=f"the {_ROWS_OF_PANEL} tests of each comparison that differ most from its typical ratio",
    )


def _entries(panel: Panel, twin: TwinFinding) -> list[Entry]:
    return [
        tables.name(twin.test),
        tables.words(twin.layer),
        tables.words(backend_title(twin.backend)),
        tables.contender(twin.rival_contender, panel.style),
        tables.duration(twin.baseline_ns),
        tables.duration(twin.rival_ns),
        tables.number(text.ratio(twin.ratio), twin.ratio),
        tables.number(text.probability(twin.q_value), twin.q_value),
    ]
