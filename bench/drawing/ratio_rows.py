"""Ratios with intervals, row by row, on one log axis: what the charts of an upgrade are made of."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from bench import text
from bench.drawing import scale, theme
from bench.drawing.sheet import Sheet, blank_sheet
from bench.model import Style

_ROW, _HEADING, _FOOT = 17.0, 26.0, 34.0
_LEFT, _PLOT, _NUMBERS, _WORDS = 140.0, 180.0, 330.0, 419.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioRow:
    """One ratio with its interval, None where there is none; a `faint` one is only for comparison."""

    label: str
    words: str
    ratio: float | None
    low: float | None
    high: float | None
    style: Style
    faint: bool = False


Group = tuple[str, Sequence[RatioRow]]


def ratio_sheet(title: str, groups: Sequence[Group], *, margin: float, axis: str) -> Sheet:
    """Draw the groups one below the other, each with its heading."""
    rows = [row for _, members in groups for row in members]
    height = _FOOT + 16.0 + _HEADING * len(groups) + _ROW * len(rows)
    sheet = blank_sheet(title, height=height)
    plot_height = height - _FOOT - 10.0
    axes = sheet.axes(_LEFT, _FOOT, _PLOT, plot_height)
    low, high = _limits(rows, margin)
    axes.set(xscale="log", xlim=(low, high), ylim=(0.0, plot_height), yticks=[])
    axes.spines["left"].set_visible(False)
    scale.ratio_axis(axes.xaxis, low, high, most=6)
    scale.grid(axes, which="x")
    axes.set_xlabel(axis)
    axes.axvline(1.0, color=theme.INK, linewidth=0.9)
    y = plot_height
    for heading, members in groups:
        y -= _HEADING
        sheet.note(12.0, _FOOT + y + 7.0, text.shorten(heading, limit=80), fontweight="bold", fontsize=theme.NORMAL)
        for row in members:
            y -= _ROW
            axes.fill_betweenx((y, y + _ROW), 1 / (1 + margin), 1 + margin, color=theme.BAND, lw=0)
            _draw(sheet, axes, row, y + _ROW / 2)
    return sheet


def _limits(rows: Sequence[RatioRow], margin: float) -> tuple[float, float]:
    edges = [edge for row in rows for edge in (row.ratio, row.low, row.high) if edge is not None]
    return scale.log_limits([1.0, 1 + margin, 1 / (1 + margin), *(edge for edge in edges if math.isfinite(edge))])


def _draw(sheet: Sheet, axes: Axes, row: RatioRow, y: float) -> None:
    ink = {"color": theme.MUTED} if row.faint else {}
    sheet.note(22.0, _FOOT + y, text.shorten(row.label, limit=25), **ink)
    sheet.note(_WORDS, _FOOT + y, text.shorten(row.words, limit=40), fontsize=7.5, **ink)
    if row.ratio is None:
        return
    places = text.interval_decimals(row.low, row.high)
    shown = f"{text.ratio(row.ratio, decimals=places)} ({text.interval(row.low, row.high)})"
    sheet.note(_NUMBERS, _FOOT + y, shown, fontsize=7.5, **ink)
    colour = theme.MUTED if row.faint else theme.COLOURS[row.style]
    if row.low is not None and row.high is not None:
        axes.plot((row.low, row.high), (y, y), "-", color=colour, linewidth=1.8)
    axes.plot([row.ratio], [y], theme.MARKS[row.style], color=colour, markersize=6)
