"""Small pictures beside the words of the first screen: an interval against the margin and the A/A interval."""

import math
from typing import Final

from markupsafe import Markup

from bench.judgement.finding import Strip

WIDTH: Final = 150.0
HEIGHT: Final = 20.0
WIDEST: Final = 2.0
"""The scale goes from half to twice the time; what lies beyond ends at its edge."""


def drawn(strip: Strip) -> Markup:
    """Draw a strip as inline SVG; it says nothing that the words beside it do not, so that readers may skip it."""
    low, high = strip.low or strip.ratio, strip.high or strip.ratio
    parts = [
        _box("margin", 1 / (1 + strip.margin), 1 + strip.margin, 1, HEIGHT - 2),
        _line("one", 1.0, 1.0, 0, HEIGHT),
    ]
    if strip.floor is not None:
        parts.append(_line("floor", *strip.floor, HEIGHT - 3, HEIGHT - 3))
    parts.append(_line("interval", low, high, HEIGHT / 2 - 1, HEIGHT / 2 - 1))
    parts.append(f'<circle class="ratio" cx="{_x(strip.ratio):.1f}" cy="{HEIGHT / 2 - 1:.1f}" r="3"/>')
    box = f'viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}"'
    svg = f'<svg class="strip" {box} aria-hidden="true" focusable="false">{"".join(parts)}</svg>'
    return Markup(svg)  # noqa: S704 - numbers of ours alone


def _x(ratio: float) -> float:
    """Place a ratio on a logarithmic scale with 1 in the middle."""
    place = 0.5 + math.log(ratio) / math.log(WIDEST) / 2
    return WIDTH * min(max(place, 0.0), 1.0)


def _box(name: str, low: float, high: float, top: float, height: float) -> str:
    x, width = _x(low), _x(high) - _x(low)
    return f'<rect class="{name}" x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"/>'


def _line(name: str, low: float, high: float, top: float, bottom: float) -> str:
    return f'<line class="{name}" x1="{_x(low):.1f}" x2="{_x(high):.1f}" y1="{top:.1f}" y2="{bottom:.1f}"/>'
