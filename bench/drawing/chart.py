"""One chart as a value: its finding, its words, its drawing and the table that says the same."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.drawing.sheet import Sheet
from bench.drawing.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart that can be read three ways: seen, heard (`alt`), and as numbers (`table`).

    `title` is the finding; `guide` tells in two sentences how to read the drawing.
    """

    name: str
    title: str
    alt: str
    guide: str
    sheet: Callable[[], Sheet]
    table: Table
