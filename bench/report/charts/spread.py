"""The spread of trials: for every wall time, the share of trials that took at most so long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from matplotlib.axes import Axes

from bench import text
from bench.drawing import scale, tables, theme
from bench.drawing.chart import Chart
from bench.drawing.sheet import Sheet, blank_sheet
from bench.drawing.tables import Column, Entry
from bench.drawing.words import backend_title
from bench.model import Style, on_backend
from bench.report import selection
from bench.results import Results

Dash = str | tuple[float, tuple[float, ...]]

_HEIGHT, _STEP, _LEFT, _PLOT = 122.0, 178.0, 46.0, 390.0
_MOST_STEPS = 60
_DASHES: tuple[Dash, ...] = ("-", (0, (5, 1.5)), (0, (1.5, 1.5)), (0, (6, 1.5, 1.5, 1.5)))
_GUIDE = (
    "Each line climbs from no trial to all trials of one contender: the further left, the less time, and the "
    "steeper, the steadier. The thick part is the middle half of the trials and the mark their median; where two "
    "lines share a stretch of the axis, a single trial of each could come out either way."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The sorted wall times of one cell's timed trials, with the name to print beside them."""

    name: str
    style: Style
    backend: str
    is_copy: bool
    walls_ns: tuple[float, ...]
    quartiles_ns: tuple[float, ...]

    @property
    def middle_half(self) -> str:
        """Write the range of the middle half."""
        return text.duration_range(self.quartiles_ns[0], self.quartiles_ns[2])


def spread(analysis: Results) -> Chart | None:
    """Make the chart of trial times, or nothing where no trial was timed."""
    spreads = _spreads(analysis)
    if not spreads:
        return None
    title = _title(spreads)
    return Chart(
        name="spread",
        title=title,
        alt=f"Cumulative distribution of trial wall times, one line a cell. {title}. The table holds the quartiles.",
        guide=_GUIDE,
        sheet=partial(_sheet, spreads, title),
        table=_table(spreads),
    )


def _spreads(analysis: Results) -> list[Spread]:
    grouped = selection.timed_by_cell(analysis.trials)
    found = []
    for cell in analysis.cells:
        walls = sorted(float(trial.wall_ns) for trial in grouped.get(cell.cell, []))
        if walls and walls[0] > 0:
            found.append(
                Spread(
                    name=text.shorten(cell.contender, limit=24) + (" (A/A)" if cell.is_copy else ""),
                    style=cell.style,
                    backend=cell.backend,
                    is_copy=cell.is_copy,
                    walls_ns=tuple(walls),
                    quartiles_ns=selection.quantiles(walls, 0.25, 0.5, 0.75),
                )
            )
    return found


def _title(spreads: Sequence[Spread]) -> str:
    width = {item: item.quartiles_ns[2] / item.quartiles_ns[0] - 1 for item in spreads}
    widest = max(spreads, key=width.__getitem__)
    extent = f"{text.percent(float(f'{width[widest]:.2g}'))} of its lower quartile"
    return f"The middle half of trials is widest for {widest.name}{on_backend(widest.backend)}: {extent}"


def _sheet(spreads: Sequence[Spread], title: str) -> Sheet:
    panels: dict[str, list[Spread]] = {}
    for item in spreads:
        panels.setdefault(item.backend, []).append(item)
    sheet = blank_sheet(title, height=_STEP * len(panels))
    for place, (backend, members) in enumerate(panels.items()):
        bottom = _STEP * (len(panels) - 1 - place) + 36.0
        axes = sheet.axes(_LEFT, bottom, _PLOT, _HEIGHT)
        sheet.note(_LEFT, bottom + _HEIGHT + 11.0, backend_title(backend), fontweight="bold", fontsize=theme.NORMAL)
        _panel(sheet, axes, members, bottom)
    return sheet


def _panel(sheet: Sheet, axes: Axes, members: Sequence[Spread], bottom: float) -> None:
    low, high = scale.log_limits(end for item in members for end in (item.walls_ns[0], item.walls_ns[-1]))
    axes.set(xscale="log", xlim=(low, high), ylim=(-0.02, 1.02), yticks=(0, 0.25, 0.5, 0.75, 1))
    axes.set_yticklabels(["0 %", "25 %", "50 %", "75 %", "100 %"])
    scale.duration_axis(axes.xaxis, low, high)
    scale.grid(axes, which="both")
    axes.set_xlabel("wall time of a trial (log scale)")
    dashes = _dashes(members)
    for item in members:
        _curve(axes, item, dashes[item.name])
    ranked = sorted(members, key=lambda item: item.quartiles_ns[1])
    for place, item in enumerate(ranked):
        _key(sheet, item, dashes[item.name], bottom + _HEIGHT - 12.0 - 28.0 * place)


def _dashes(members: Sequence[Spread]) -> Mapping[str, Dash]:
    seen: dict[tuple[Style, bool], int] = {}
    chosen = {}
    for item in members:
        kind = (item.style, item.is_copy)
        place = seen[kind] = seen.get(kind, -1) + 1
        chosen[item.name] = _DASHES[(place + 2 * item.is_copy) % len(_DASHES)]
    return chosen


def _colour(item: Spread) -> str:
    return theme.MUTED if item.is_copy else theme.COLOURS[item.style]


def _curve(axes: Axes, item: Spread, dashes: Dash) -> None:
    steps = min(len(item.walls_ns), _MOST_STEPS)
    shares = [step / steps for step in range(steps + 1)]
    walls = selection.quantiles(item.walls_ns, *shares)
    colour = _colour(item)
    axes.plot(walls, shares, linestyle=dashes, color=colour, linewidth=1.2)
    inside = [(wall, share) for wall, share in zip(walls, shares, strict=True) if 0.25 <= share <= 0.75]
    axes.plot(*zip(*inside, strict=True), "-", color=colour, linewidth=2.6, alpha=0.45)
    axes.plot([item.quartiles_ns[1]], [0.5], theme.MARKS[item.style], color=colour, markersize=6)


def _key(sheet: Sheet, item: Spread, dashes: Dash, y: float) -> None:
    left = _LEFT + _PLOT + 12.0
    line = sheet.axes(left, y - 4.0, 18.0, 8.0)
    line.set_axis_off()
    line.plot((0, 1), (0.5, 0.5), linestyle=dashes, color=_colour(item), linewidth=1.2)
    line.plot([0.5], [0.5], theme.MARKS[item.style], color=_colour(item), markersize=5)
    line.set(xlim=(0, 1), ylim=(0, 1))
    sheet.note(left + 23.0, y, item.name, fontsize=7.5)
    sheet.note(left + 23.0, y - 10.0, f"{text.duration(item.quartiles_ns[1])} ({item.middle_half})", fontsize=6.5)


def _table(spreads: Sequence[Spread]) -> tables.Table:
    numbers = ("Least", "Lower quartile", "Median", "Upper quartile", "Most")
    columns = (
        Column(heading="Backend"),
        Column(heading="Contender", kind="contender"),
        Column(heading="Trials", kind="number"),
        *(Column(heading=heading, kind="number") for heading in numbers),
    )
    caption = "Wall times of the timed trials that passed; the spread of trials, not the interval of a median."
    return tables.table("table-spread", caption, columns, [_entries(item) for item in spreads])


def _entries(item: Spread) -> list[Entry]:
    return [
        tables.words(backend_title(item.backend)),
        tables.contender(item.name, item.style),
        tables.integer(len(item.walls_ns)),
        *(tables.duration(wall) for wall in (item.walls_ns[0], *item.quartiles_ns, item.walls_ns[-1])),
    ]
