"""A sheet to draw on: a figure measured in points, with its title above the drawing."""

import io
import textwrap
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.drawing import theme
from bench.text import visible

TITLE_ID = "chart-title"
_TITLE_COLUMNS = 94
_TITLE_LINE = 15.0
_POINTS_PER_INCH = 72.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A figure whose drawing is `width` x `height` points; the title stands above it."""

    figure: Figure
    width: float
    height: float
    title_height: float

    def axes(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Place axes by points from the lower left corner: layout never depends on a font's metrics."""
        total = self.height + self.title_height
        box = (left / self.width, bottom / total, width / self.width, height / total)
        return self.figure.add_axes(box)

    def note(self, x: float, y: float, text: str, **style: object) -> None:
        """Write at a place of the sheet, in points from its lower left corner."""
        place = (x / self.width, y / (self.height + self.title_height))
        self.figure.text(*place, visible(text), **{"va": "center", **style})  # type: ignore[arg-type]


def blank_sheet(title: str, *, height: float, width: float = theme.WIDTH) -> Sheet:
    """Make an empty sheet with its finding as its title."""
    lines = textwrap.wrap(visible(title), _TITLE_COLUMNS)
    title_height = 12.0 + _TITLE_LINE * len(lines)
    total = height + title_height
    figure = Figure(figsize=(width / _POINTS_PER_INCH, total / _POINTS_PER_INCH))
    top = (total - 7.0) / total
    written = figure.text(10.0 / width, top, "\n".join(lines), va="top", fontsize=10.5, fontweight="bold")
    written.set_gid(TITLE_ID)
    return Sheet(figure=figure, width=width, height=height, title_height=title_height)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One chart as files: a vector image, a raster image, and the height of the title in points."""

    svg: bytes
    png: bytes
    title_height: float


def draw(name: str, drawing: Callable[[], Sheet]) -> Drawing:
    """Draw under the theme and save without dates: the same findings give the same bytes."""
    with _settings(name):
        sheet = drawing()
        svg, png = io.BytesIO(), io.BytesIO()
        sheet.figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        sheet.figure.savefig(png, format="png", dpi=144, metadata={"Software": None})
    return Drawing(svg=svg.getvalue(), png=png.getvalue(), title_height=sheet.title_height)


@contextmanager
def _settings(name: str) -> Iterator[None]:
    style = {**theme.SETTINGS, "svg.hashsalt": name}
    with matplotlib.style.context(style, after_reset=True), warnings.catch_warnings():
        # A test may be named in a script that the raster font lacks; the vector image still shows it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
        yield
