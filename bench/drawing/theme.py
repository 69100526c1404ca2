"""Colours, marks and matplotlib settings: what makes all charts look like one hand drew them.

The colours are those of Okabe and Ito (2008), told apart by all common kinds of colour vision.
In the page each colour becomes a CSS variable of the same name, so that a chart follows dark mode.
"""

from collections.abc import Mapping
from typing import Final

from bench.model import Style

INK: Final = "#1b1f23"
MUTED: Final = "#59616a"
RULE: Final = "#d3d8de"
BAND: Final = "#e8edf2"
PAPER: Final = "#fffffe"
SYNC: Final = "#0072b2"
ASYNC: Final = "#d55e00"
OTHER: Final = "#6a6f75"
BAD: Final = "#b0123c"
PHASES: Final = ("#aeb6bf", "#ccd2d9", "#7fc4ad", "#a9d8c8", "#cdeadf", "#e2e6ea")

VARIABLES: Final[Mapping[str, str]] = {
    INK: "--ink",
    MUTED: "--muted",
    RULE: "--rule",
    BAND: "--band",
    PAPER: "--paper",
    SYNC: "--sync",
    ASYNC: "--async",
    OTHER: "--other",
    BAD: "--bad",
    **{colour: f"--phase-{number}" for number, colour in enumerate(PHASES, start=1)},
}

COLOURS: Final[Mapping[Style, str]] = {"sync": SYNC, "async": ASYNC, "other": OTHER}
MARKS: Final[Mapping[Style, str]] = {"sync": "o", "async": "^", "other": "s"}
SIGNS: Final[Mapping[Style, str]] = {"sync": "●", "async": "▲", "other": "■"}

FONT: Final = "DejaVu Sans"
SMALL: Final = 8.0
NORMAL: Final = 9.0
WIDTH: Final = 580.0
"""Width of every chart in points; the page shows it at about 1.4 pixels per point."""

SETTINGS: Final[Mapping[str, object]] = {
    "font.family": FONT,
    "font.size": SMALL,
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": RULE,
    "axes.labelcolor": MUTED,
    "axes.labelsize": SMALL,
    "axes.linewidth": 0.8,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": RULE,
    "grid.linewidth": 0.5,
    "xtick.color": RULE,
    "ytick.color": RULE,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": MUTED,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "figure.facecolor": PAPER,
    "axes.facecolor": "none",
    "savefig.facecolor": PAPER,
    "lines.linewidth": 1.2,
    "svg.fonttype": "none",
    "path.simplify": True,
}
