"""Squares of a grid: a count printed on a shade, or hatching where nothing was counted."""

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from bench.drawing import theme

_PALEST, _DARKEST = 0.10, 0.50


def unknown(axes: Axes, x: int, y: int) -> None:
    """Hatch the square in column `x` and row `y`."""
    axes.add_patch(_square(x, y, facecolor="none", edgecolor=theme.RULE, hatch="////"))


def counted(axes: Axes, x: int, y: int, words: str, *, share: float) -> None:
    """Print `words` on a square that is the redder the larger the share, and grey for none."""
    colour = theme.BAD if share else theme.BAND
    depth = _PALEST + (_DARKEST - _PALEST) * share if share else 1.0
    axes.add_patch(_square(x, y, facecolor=colour, alpha=depth))
    weight = "bold" if share else "normal"
    axes.text(x + 0.5, y + 0.52, words, ha="center", va="center", fontsize=6.5, fontweight=weight)


def _square(x: int, y: int, **style: object) -> Rectangle:
    return Rectangle((x + 0.03, y + 0.06), 0.94, 0.88, linewidth=0.0, **style)  # type: ignore[arg-type]
