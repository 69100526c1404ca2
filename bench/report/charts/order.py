"""The run-order strip: every trial in time order with the machine's load beneath, so that drift shows."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from matplotlib.axes import Axes

from bench import text
from bench.drawing import scale, tables, theme
from bench.drawing.chart import Chart
from bench.drawing.sheet import Sheet, blank_sheet
from bench.drawing.tables import Column, Entry
from bench.drawing.words import backend_title, outcome_mark
from bench.findings import TrialPoint
from bench.model import Style
from bench.report import selection
from bench.results import Results

_LEFT, _PLOT = 50.0, 512.0
_MOST_LOADS = 400
_MOST_ROWS = 40
_FEWEST_FOR_DRIFT = 6
_GUIDE = (
    "Each mark is a trial, its height the wall time relative to the median of its own cell, so that without drift all "
    "marks scatter around 1.0x; hollow marks are the warm block, which is never analysed, and a cross is a failure. "
    "A slope or a step, above all one that follows the load beneath, is the machine and not the contenders; random "
    "mirrored blocks keep it out of the ratios."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """All trials in order with their relative wall times by order."""

    trials: tuple[TrialPoint, ...]
    relative: Mapping[int, float]


def order(analysis: Results) -> Chart | None:
    """Make the run-order chart, or nothing where no trial was run."""
    if not analysis.trials:
        return None
    trials = tuple(sorted(analysis.trials, key=lambda trial: trial.order))
    strip = Strip(trials=trials, relative=selection.relative_walls(trials))
    title = _title(strip)
    return Chart(
        name="order",
        title=title,
        alt=f"Strip of {text.count(len(trials), 'trial')} in time order above the machine's load. {title}.",
        guide=_GUIDE,
        sheet=partial(_sheet, strip, title),
        table=_table(strip),
    )


def _title(strip: Strip) -> str:
    failed = sum(selection.is_failure(trial) for trial in strip.trials)
    outcome = f"{text.count(failed, 'trial')} of {len(strip.trials):,} failed" if failed else "no trial failed"
    steady = [
        strip.relative[trial.order]
        for trial in strip.trials
        if trial.order in strip.relative and not trial.warmup and not selection.is_failure(trial)
    ]
    if len(steady) < _FEWEST_FOR_DRIFT:
        return f"Too few trials to see drift; {outcome}"
    third = len(steady) // 3
    drift = selection.median(steady[-third:]) / selection.median(steady[:third])
    return f"The last third of trials took {text.ratio(drift)} the wall time of the first third; {outcome}"


def _sheet(strip: Strip, title: str) -> Sheet:
    loads = [(trial.order, trial.load_1min) for trial in strip.trials if trial.load_1min is not None]
    beneath = 66.0 if loads else 0.0
    sheet = blank_sheet(title, height=216.0 + beneath)
    upper = sheet.axes(_LEFT, 34.0 + beneath, _PLOT, 150.0)
    span = (strip.trials[0].order - 1, strip.trials[-1].order + 1)
    _marks(upper, strip, span)
    _key(sheet, strip, 204.0 + beneath)
    if loads:
        upper.tick_params(labelbottom=False)
        _load(sheet.axes(_LEFT, 34.0, _PLOT, 54.0), loads, span)
    else:
        upper.set_xlabel("trial, in the order of the run")
    return sheet


def _marks(axes: Axes, strip: Strip, span: tuple[int, int]) -> None:
    low, high = scale.log_limits(strip.relative.values(), least=1.5)
    low, high = max(low, 0.2), min(high, 5.0)
    axes.set(yscale="log", xlim=span, ylim=(low, high), ylabel="relative wall time")
    scale.ratio_axis(axes.yaxis, low, high, most=6)
    scale.grid(axes, which="y")
    axes.axhline(1.0, color=theme.INK, linewidth=0.8)
    for style in theme.MARKS:
        for warmup in (True, False):
            _series(axes, strip, style, (low, high), warmup=warmup)
    failed = [trial for trial in strip.trials if selection.is_failure(trial)]
    heights = [_height(strip, trial, (low, high)) for trial in failed]
    axes.plot([t.order for t in failed], heights, "x", color=theme.BAD, markersize=6.5, markeredgewidth=1.8)


def _series(axes: Axes, strip: Strip, style: Style, limits: tuple[float, float], *, warmup: bool) -> None:
    chosen = [
        trial
        for trial in strip.trials
        if trial.style == style
        and trial.warmup is warmup
        and trial.order in strip.relative
        and not selection.is_failure(trial)
    ]
    if not chosen:
        return
    crowded = len(strip.trials) > 600
    colour = theme.COLOURS[style]
    axes.plot(
        [trial.order for trial in chosen],
        [_height(strip, trial, limits) for trial in chosen],
        theme.MARKS[style],
        color=colour,
        markerfacecolor=theme.PAPER if warmup else colour,
        markersize=2.4 if crowded else 3.8,
        markeredgewidth=0.8 if warmup else 0.0,
        alpha=1.0 if warmup else 0.7,
    )


def _height(strip: Strip, trial: TrialPoint, limits: tuple[float, float]) -> float:
    # What lies beyond the axis is drawn on its edge: a trial that hung is not left out.
    return min(max(strip.relative.get(trial.order, 1.0), limits[0]), limits[1])


def _key(sheet: Sheet, strip: Strip, y: float) -> None:
    styles = [style for style in theme.MARKS if any(trial.style == style for trial in strip.trials)]
    x = _LEFT
    for style in styles:
        sheet.note(x, y, theme.SIGNS[style], color=theme.COLOURS[style])
        sheet.note(x + 9.0, y, style)
        x += 52.0
    if any(trial.warmup for trial in strip.trials):
        sheet.note(x, y, "hollow: warm block", color=theme.MUTED)
        x += 92.0
    if any(selection.is_failure(trial) for trial in strip.trials):
        sheet.note(x, y, "✕ failed", color=theme.BAD, fontweight="bold")


def _load(axes: Axes, loads: Sequence[tuple[int, float]], span: tuple[int, int]) -> None:
    thinned = list(_peaks(loads))
    orders, heights = [place for place, _ in thinned], [load for _, load in thinned]
    axes.fill_between(orders, heights, color=theme.BAND, linewidth=0)
    axes.plot(orders, heights, "-", color=theme.MUTED, linewidth=0.9)
    axes.set(xlim=span, ylim=(0, 1.15 * max(load for _, load in loads) or 1.0), ylabel="load, 1 min")
    axes.set_xlabel("trial, in the order of the run")
    scale.few_ticks(axes.yaxis)
    scale.grid(axes, which="y")


def _peaks(loads: Sequence[tuple[int, float]]) -> Iterable[tuple[int, float]]:
    # Thinning keeps the peak of every stretch: a short burst of load is what the reader looks for.
    stretch = math.ceil(len(loads) / _MOST_LOADS)
    for start in range(0, len(loads), stretch):
        yield max(loads[start : start + stretch], key=lambda pair: pair[1])


def _table(strip: Strip) -> tables.Table:
    columns = (
        Column(heading="Trial", kind="number"),
        Column(heading="Contender", kind="contender"),
        Column(heading="Backend"),
        Column(heading="Block", kind="number"),
        Column(heading="Outcome", kind="status"),
        Column(heading="Wall", kind="number"),
        Column(heading="CPU", kind="number"),
        Column(heading="Of its cell's median", kind="number"),
        Column(heading="Load", kind="number"),
    )
    chosen = sorted(_notable(strip), key=lambda trial: trial.order)
    return tables.table(
        "table-order",
        "Trials in the order of the run: the failed ones, then those furthest from their cell's median.",
        columns,
        [_entries(strip, trial) for trial in chosen],
        total=len(strip.trials),
        chosen_by=f"the {_MOST_ROWS} trials that failed or lie furthest from the median of their cell",
    )


def _notable(strip: Strip) -> list[TrialPoint]:
    def rank(trial: TrialPoint) -> tuple[bool, float]:
        return (not selection.is_failure(trial), -abs(math.log(strip.relative.get(trial.order, 1.0))))

    return sorted(strip.trials, key=rank)[:_MOST_ROWS]


def _entries(strip: Strip, trial: TrialPoint) -> list[Entry]:
    relative = strip.relative.get(trial.order)
    load = None if trial.load_1min is None else text.significant(trial.load_1min, digits=2)
    return [
        tables.integer(trial.order),
        tables.contender(trial.contender, trial.style),
        tables.words(backend_title(trial.backend)),
        Entry(words="warm" if trial.warmup else str(trial.block), order=trial.block),
        Entry(words=trial.outcome, mark=outcome_mark(trial.outcome)),
        tables.duration(trial.wall_ns),
        tables.duration(trial.cpu_ns),
        tables.number(text.ratio(relative), relative),
        tables.number(load or text.NOTHING, trial.load_1min),
    ]
