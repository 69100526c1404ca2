"""The forest plot: every paired ratio with its interval, its margin and the noise floor."""

import math
from collections.abc import Sequence
from functools import partial

from matplotlib.axes import Axes

from bench import text
from bench.drawing import scale, tables, theme
from bench.drawing.chart import Chart
from bench.drawing.sheet import Sheet, blank_sheet
from bench.drawing.tables import Column, Entry
from bench.drawing.words import METRIC_TITLES, backend_title
from bench.paired.finding import ComparisonFinding
from bench.report import selection
from bench.results import Results

_ROW = 17.0
_HEADING = 24.0
_LEFT, _PLOT, _NUMBERS, _WORDS = 135.0, 200.0, 345.0, 434.0
_GAP = 5.0
_METRICS = tuple(METRIC_TITLES)
_GUIDE = (
    "Each mark is the time of a contender over the time of the baseline (filled for wall time), its line the interval "
    "and each tick beneath it a block: left of 1.0x it takes less time. Only an interval outside the shaded margin is "
    "a difference that matters, and the A/A rows, where the baseline meets itself, show what noise alone does."
)


def forest(analysis: Results) -> Chart | None:
    """Make the hero chart, or nothing where nothing was compared."""
    if not analysis.comparisons:
        return None
    title = _title(analysis)
    return Chart(
        name="forest",
        title=title,
        alt=f"Forest plot of {text.count(len(analysis.comparisons), 'paired ratio')} on a log axis. {title}. "
        "The table below holds the same numbers.",
        guide=_GUIDE,
        sheet=partial(paired_ratios, analysis.comparisons, title),
        table=comparison_table(analysis, analysis.comparisons, name="comparisons"),
    )


def _title(analysis: Results) -> str:
    found = selection.comparisons(analysis, "wall")
    rivals = dict.fromkeys(comparison.rival_contender for comparison in found)
    effects = [_effect(rival, [c for c in found if c.rival_contender == rival]) for rival in rivals]
    if not effects:
        return "Only the baseline was measured against itself: the noise floor"
    baselines = text.listing([text.shorten(name, limit=32) for name in selection.baseline_names(analysis)])
    return f"Against {baselines}, in wall time: {text.listing(effects)}"


def _effect(rival: str, found: Sequence[ComparisonFinding]) -> str:
    ratios = sorted(c.estimate.ratio for c in found if c.estimate is not None)
    rival = text.shorten(rival, limit=32)
    if not ratios:
        return f"{rival} could not be compared"
    low, high = text.ratio(ratios[0]), text.ratio(ratios[-1])
    return f"{rival} takes {low if low == high else f'{low} to {high}'} the time"


def _rows(comparisons: Sequence[ComparisonFinding], backend: str) -> list[ComparisonFinding]:
    found = [comparison for comparison in comparisons if comparison.backend == backend]
    return sorted(found, key=lambda c: (c.is_noise_floor, c.rival_contender, c.rival, _METRICS.index(c.metric)))


def _compared_backends(comparisons: Sequence[ComparisonFinding]) -> list[str]:
    return list(dict.fromkeys(comparison.backend for comparison in comparisons))


def _limits(comparisons: Sequence[ComparisonFinding]) -> tuple[float, float]:
    edges = [1.0]
    for found in comparisons:
        edges += [1 + found.margin, 1 / (1 + found.margin)]
        if found.estimate is not None:
            spread = 2.0 * (found.estimate.log_sd or 0.0)
            edges += [found.estimate.ratio * math.exp(sign * spread) for sign in (-1, 1)]
            edges += [edge for edge in (found.estimate.low, found.estimate.high) if edge is not None]
    return scale.log_limits(edges, padding=0.05)


def paired_ratios(comparisons: Sequence[ComparisonFinding], title: str) -> Sheet:
    """Draw the ratios with their intervals, backend by backend, the A/A rows last."""
    backends = _compared_backends(comparisons)
    groups = len({(found.backend, found.rival) for found in comparisons})
    height = 56.0 + len(backends) * _HEADING + _ROW * len(comparisons) + _GAP * groups
    sheet = blank_sheet(title, height=height)
    plot_height = height - 54.0
    axes = sheet.axes(_LEFT, 34.0, _PLOT, plot_height)
    low, high = _limits(comparisons)
    axes.set(xscale="log", xlim=(low, high), ylim=(0.0, plot_height), yticks=[])
    axes.spines["left"].set_visible(False)
    scale.ratio_axis(axes.xaxis, low, high, most=7)
    scale.grid(axes, which="x")
    axes.set_xlabel("time relative to the baseline (log scale)")
    _directions(sheet, axes, plot_height)
    y = plot_height
    for backend in backends:
        y -= _HEADING
        sheet.note(12.0, 34.0 + y + 7.0, backend_title(backend), fontweight="bold", fontsize=theme.NORMAL)
        named = ""
        for comparison in _rows(comparisons, backend):
            if named not in ("", comparison.rival):
                y -= _GAP
            y -= _ROW
            if named != comparison.rival:
                sheet.note(22.0, 34.0 + y + _ROW / 2, _name(comparison), **_faint(comparison))
            named = comparison.rival
            _row(sheet, axes, comparison, y + _ROW / 2)
    return sheet


def _directions(sheet: Sheet, axes: Axes, top: float) -> None:
    low, high = axes.get_xlim()
    centre = _LEFT + _PLOT * math.log(1 / low) / math.log(high / low)
    axes.axvline(1.0, color=theme.INK, linewidth=0.9)
    for x, align, words in ((centre - 5, "right", "← less time"), (centre + 5, "left", "more time →")):
        room = centre - _LEFT if align == "right" else _LEFT + _PLOT - centre
        if room > 45.0:
            sheet.note(x, 34.0 + top + 6.0, words, ha=align, color=theme.MUTED, fontsize=7.5)


def _row(sheet: Sheet, axes: Axes, found: ComparisonFinding, y: float) -> None:
    axes.fill_betweenx((y - _ROW / 2, y + _ROW / 2), 1 / (1 + found.margin), 1 + found.margin, color=theme.BAND, lw=0)
    faint = _faint(found)
    sheet.note(_LEFT - 6.0, 34.0 + y, METRIC_TITLES[found.metric], ha="right", color=theme.MUTED)
    sheet.note(_WORDS, 34.0 + y, text.shorten(found.words, limit=35), fontsize=7.5, **faint)
    if found.estimate is None:
        return
    _mark(axes, found, y)
    shown = f"{text.estimate_ratio(found.estimate)} ({text.estimate_interval(found.estimate)})"
    sheet.note(_NUMBERS, 34.0 + y, shown, fontsize=7.5, **faint)


def _name(found: ComparisonFinding) -> str:
    return text.shorten(found.rival_contender, limit=20) + (" (A/A)" if found.is_noise_floor else "")


def _faint(found: ComparisonFinding) -> dict[str, object]:
    return {"color": theme.MUTED} if found.is_noise_floor else {}


def _mark(axes: Axes, found: ComparisonFinding, y: float) -> None:
    estimate = found.estimate
    if estimate is None:
        return
    colour = theme.MUTED if found.is_noise_floor else theme.COLOURS[found.rival_style]
    ticks = [math.exp(log_ratio) for log_ratio in found.block_log_ratios]
    axes.plot(ticks, [y - 5.5] * len(ticks), "|", color=colour, markersize=3.2, markeredgewidth=0.6, alpha=0.55)
    if estimate.low is not None and estimate.high is not None:
        axes.plot((estimate.low, estimate.high), (y, y), "-", color=colour, linewidth=1.8)
    filled = colour if found.metric == "wall" else theme.PAPER
    mark = theme.MARKS[found.rival_style]
    axes.plot([estimate.ratio], [y], mark, color=colour, markerfacecolor=filled, markersize=6)


def comparison_table(analysis: Results, comparisons: Sequence[ComparisonFinding], *, name: str) -> tables.Table:
    """List the comparisons with all that belongs to their numbers."""
    columns = (
        Column(heading="Backend"),
        Column(heading="Contender", kind="contender"),
        Column(heading="Against"),
        Column(heading="Metric"),
        Column(heading="Ratio", kind="number"),
        Column(heading="Interval", kind="number"),
        Column(heading="Margin", kind="number"),
        Column(heading="Verdict", kind="status"),
        Column(heading="Blocks", kind="number"),
        Column(heading="Could have seen", kind="number"),
        Column(heading="p", kind="number"),
        Column(heading="t interval", kind="number"),
    )
    rows = [_entries(analysis, c) for backend in _compared_backends(comparisons) for c in _rows(comparisons, backend)]
    caption = "Paired ratios of time, contender over baseline: below 1 the contender takes less time."
    return tables.table(f"table-{name}", caption, columns, rows)


def _entries(analysis: Results, found: ComparisonFinding) -> list[Entry]:
    estimate = found.estimate
    confidence = text.percent(estimate.confidence) if estimate else ""
    p_value = estimate.p_value if estimate else None
    return [
        tables.words(backend_title(found.backend)),
        tables.contender(found.rival_contender + (" (A/A)" if found.is_noise_floor else ""), found.rival_style),
        tables.name(selection.baseline_name(analysis, found)),
        tables.words(METRIC_TITLES[found.metric]),
        tables.number(text.estimate_ratio(estimate), estimate.ratio if estimate else None),
        tables.words(text.estimate_interval(estimate), note=confidence),
        tables.number(f"±{text.percent(found.margin)}", found.margin),
        tables.status(found.words),
        tables.integer(found.blocks),
        tables.number(_detectable(found.detectable_ratio), found.detectable_ratio),
        tables.number(text.probability(p_value), p_value),
        tables.words(text.interval(estimate.t_low, estimate.t_high) if estimate else text.NOTHING),
    ]


def _detectable(ratio: float | None) -> str:
    return text.NOTHING if ratio is None else f"{text.percent(abs(ratio - 1))} or more"
