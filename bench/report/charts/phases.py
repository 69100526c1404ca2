"""Where the time goes: the phases of a trial, stacked, one bar a cell."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from matplotlib.axes import Axes

from bench import text
from bench.drawing import scale, tables, theme
from bench.drawing.chart import Chart
from bench.drawing.sheet import Sheet, blank_sheet
from bench.drawing.tables import Column, Entry
from bench.drawing.words import backend_title
from bench.experiments.speed.finding import CellFinding
from bench.model import on_backend
from bench.report import selection
from bench.results import Results

PHASES: Final = ("start-up", "collection", "set-up", "call", "tear-down", "exit")
_ROW, _HEADING, _LEFT, _PLOT, _TOTAL = 26.0, 24.0, 120.0, 330.0, 460.0
_GUIDE = (
    "Each bar is a trial of one contender cut into the medians of its phases, in the order in which they happen; "
    "grey is the process, green the tests. The line above a bar's end spans the middle half of the trials' wall "
    "times, and because medians do not add up exactly, a bar may end beside it."
)


def phases(analysis: Results) -> Chart | None:
    """Make the chart of phases, or nothing where the probe saw no phase."""
    cells = [cell for cell in analysis.cells if not cell.is_copy and any(durations(cell))]
    if not cells:
        return None
    title = _title(analysis, cells)
    return Chart(
        name="phases",
        title=title,
        alt=f"Stacked bars of the phases of {text.count(len(cells), 'cell')}. {title}. The table holds every median.",
        guide=_GUIDE,
        sheet=partial(_sheet, analysis, cells, title),
        table=_table(analysis, cells),
    )


def durations(cell: CellFinding) -> tuple[int | None, ...]:
    """List the medians of the phases of a cell in the order of `PHASES`."""
    return (
        cell.startup_ns,
        cell.collection_ns,
        cell.setup_ns,
        cell.call_ns,
        cell.teardown_ns,
        cell.exit_ns,
    )


def _title(analysis: Results, cells: Sequence[CellFinding]) -> str:
    gaps = [gap for cell in cells if (gap := _largest_gap(analysis, cell)) is not None]
    if gaps:
        difference, phase, cell, baseline = max(gaps, key=lambda gap: abs(gap[0]))
        more = "more" if difference > 0 else "less"
        where = f"{text.shorten(cell.contender, limit=32)} than {baseline}{on_backend(cell.backend)}"
        return f"The largest difference lies in {phase}: {text.duration(abs(difference))} {more} in {where}"
    longest = max(range(len(PHASES)), key=lambda place: max(durations(cell)[place] or 0 for cell in cells))
    return f"The longest phase of a trial is {PHASES[longest]}"


def _largest_gap(analysis: Results, cell: CellFinding) -> tuple[int, str, CellFinding, str] | None:
    baseline = selection.baseline_cell(analysis, cell.backend)
    if baseline is None or baseline.cell == cell.cell:
        return None
    pairs = zip(PHASES, durations(cell), durations(baseline), strict=True)
    gaps = [(mine - theirs, phase) for phase, mine, theirs in pairs if mine is not None and theirs is not None]
    if not gaps:
        return None
    difference, phase = max(gaps, key=lambda gap: abs(gap[0]))
    return difference, phase, cell, text.shorten(baseline.contender, limit=32)


def _sheet(analysis: Results, cells: Sequence[CellFinding], title: str) -> Sheet:
    panels = list(dict.fromkeys(cell.backend for cell in cells))
    height = 74.0 + _HEADING * len(panels) + _ROW * len(cells)
    sheet = blank_sheet(title, height=height)
    plot_height = height - 70.0
    axes = sheet.axes(_LEFT, 34.0, _PLOT, plot_height)
    _prepare(axes, analysis, cells, plot_height)
    _key(sheet, 34.0 + plot_height + 14.0)
    y = plot_height
    for backend in panels:
        y -= _HEADING
        sheet.note(12.0, 34.0 + y + 6.0, backend_title(backend), fontweight="bold", fontsize=theme.NORMAL)
        for cell in (cell for cell in cells if cell.backend == backend):
            y -= _ROW
            sheet.note(22.0, 34.0 + y + _ROW / 2, text.shorten(cell.contender, limit=20))
            _bar(axes, cell, y + _ROW / 2)
            _middle_half(sheet, axes, analysis, cell, y + _ROW / 2)
    return sheet


def _prepare(axes: Axes, analysis: Results, cells: Sequence[CellFinding], height: float) -> None:
    ends = [float(sum(part or 0 for part in durations(cell))) for cell in cells]
    ends += [quartiles[1] for cell in cells if (quartiles := _quartiles(analysis, cell)) is not None]
    axes.set(xlim=(0, 1.04 * max(ends)), ylim=(0, height), yticks=[], xlabel="wall time of a trial")
    axes.spines["left"].set_visible(False)
    scale.few_ticks(axes.xaxis, most=6)
    axes.xaxis.set_major_formatter(lambda tick, _: text.tick(tick))
    scale.grid(axes, which="x")


def _key(sheet: Sheet, y: float) -> None:
    x = _LEFT
    for phase, colour in zip(PHASES, theme.PHASES, strict=True):
        sheet.note(x, y, "■", color=colour, fontsize=11.0)
        sheet.note(x + 11.0, y, phase)
        x += 60.0


def _bar(axes: Axes, cell: CellFinding, y: float) -> None:
    left = 0.0
    widest = axes.get_xlim()[1]
    for part, colour in zip(durations(cell), theme.PHASES, strict=True):
        axes.barh(y, part or 0, left=left, height=13.0, color=colour, edgecolor=theme.PAPER, linewidth=0.6)
        if part and part > 0.11 * widest:
            axes.text(left + part / 2, y, text.duration(part), ha="center", va="center", fontsize=6.5)
        left += part or 0


def _quartiles(analysis: Results, cell: CellFinding) -> tuple[float, float] | None:
    trials = selection.timed_by_cell(analysis.trials).get(cell.cell)
    if not trials:
        return None
    low, high = selection.quantiles([float(trial.wall_ns) for trial in trials], 0.25, 0.75)
    return low, high


def _middle_half(sheet: Sheet, axes: Axes, analysis: Results, cell: CellFinding, y: float) -> None:
    quartiles = _quartiles(analysis, cell)
    shown = text.duration(cell.median_wall_ns)
    if quartiles is not None:
        axes.plot(quartiles, (y + 9.0,) * 2, "-|", color=theme.INK, linewidth=1.0, markersize=4)
        shown = f"{shown} ({text.duration_range(*quartiles)})"
    sheet.note(_TOTAL, 34.0 + y, shown, fontsize=7.5)


def _table(analysis: Results, cells: Sequence[CellFinding]) -> tables.Table:
    columns = (
        Column(heading="Backend"),
        Column(heading="Contender", kind="contender"),
        *(Column(heading=phase.capitalize(), kind="number") for phase in PHASES),
        Column(heading="Wall", kind="number"),
        Column(heading="Middle half", kind="number"),
    )
    caption = "Medians over timed trials, phase by phase, and the middle half of the trials' wall times."
    return tables.table("table-phases", caption, columns, [_entries(analysis, cell) for cell in cells])


def _entries(analysis: Results, cell: CellFinding) -> list[Entry]:
    return [
        tables.words(backend_title(cell.backend)),
        tables.contender(cell.contender, cell.style),
        *(tables.duration(part) for part in durations(cell)),
        tables.duration(cell.median_wall_ns),
        tables.words(text.duration_range(*(_quartiles(analysis, cell) or (None, None)))),
    ]
