"""The calibration laid out for a terminal."""

import math
from collections.abc import Sequence

from bench.calibration.rate import Promise, Rate, Table

_MARKS = {Promise.NONE: " ", Promise.KEPT: " ", Promise.BEYOND: "~", Promise.BROKEN: "!"}


def as_text(tables: Sequence[Table], *, runs: int, seed: int) -> str:
    """Return all tables, and at the end the promises that are broken."""
    broken = [line for table in tables for line in table.broken]
    error = 200 * math.sqrt(0.05 * 0.95 / runs)
    return "\n".join(
        [
            f"{runs:,} simulated campaigns per noise, seed {seed}, shares in per cent.",
            f"A share near 5 or 95 is known to {error:.1f} points. ~ is beyond its promise by chance, ! beyond chance.",
            "",
            *(_table(table) for table in tables),
            *(["Promises broken:", *broken] if broken else ["Every promise is kept."]),
            "",
        ]
    )


def _table(table: Table) -> str:
    grid = [["", *table.columns], *([name, *map(_percent, rates)] for name, rates in table.rows)]
    widths = [max(map(len, column)) for column in zip(*grid, strict=True)]
    return "\n".join([table.title, table.note, "", *(_line(cells, widths) for cells in grid), ""])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    numbers = (cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))
    return "  ".join([cells[0].ljust(widths[0]), *numbers]).rstrip()


def _percent(rate: Rate) -> str:
    return f"{100 * rate.share:.1f}{_MARKS[rate.promise]}" if rate.runs else "- "
