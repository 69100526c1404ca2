"""What an experiment shows of its finding: one sentence first, then words, charts, tables and commands."""

from dataclasses import dataclass
from typing import Literal

from bench.drawing.chart import Chart
from bench.drawing.tables import Table

Part = Literal["speed", "reliability", "seen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section of the page; `headline` also stands in the terminal and in the summary.

    `folded` tables open at a click on what they are called. `commands` are pairs of what a command is for and the
    command; `left_out` says what is not shown and why. `part` is the part of the page it belongs to, what the tests see
    unless it says so.
    Names of charts and ids of tables begin with the experiment's name, so that they are unique on the page.
    """

    title: str
    headline: str
    paragraphs: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    folded: tuple[tuple[str, Table], ...] = ()
    commands: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()
    part: Part = "seen"
