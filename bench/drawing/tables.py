"""Tables as values: what a template may show, with nothing left to compute."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bench import text
from bench.drawing.words import Mark, mark_of
from bench.model import Style

Kind = Literal["text", "number", "code", "status", "contender"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column's heading and how its cells are set."""

    heading: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One cell of a table: its words, the number to sort by, and the mark that goes before."""

    words: str
    order: float | None = None
    mark: Mark | None = None
    style: Style | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under headings; `total` counts all rows there are, of which the most notable stand here."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Entry, ...], ...]
    total: int
    chosen_by: str = ""

    @property
    def left_out(self) -> int:
        """Count the rows that only analysis.json holds."""
        return self.total - len(self.rows)


def table(
    id: str,  # noqa: A002 - it becomes the id attribute of the element
    caption: str,
    columns: Iterable[Column],
    rows: Sequence[Sequence[Entry]],
    *,
    total: int | None = None,
    chosen_by: str = "",
) -> Table:
    """Make a table; without `total` its rows are all there are."""
    return Table(
        id=id,
        caption=caption,
        columns=tuple(columns),
        rows=tuple(tuple(row) for row in rows),
        total=len(rows) if total is None else total,
        chosen_by=chosen_by,
    )


def words(shown: str, *, note: str = "") -> Entry:
    """Make a cell of plain words."""
    return Entry(words=shown or text.NOTHING, note=note)


def name(shown: str) -> Entry:
    """Make a cell of a name that may be long or hostile."""
    return Entry(words=text.shorten(shown))


def status(shown: str) -> Entry:
    """Make a cell of a verdict: shape, word and colour."""
    return Entry(words=shown, mark=mark_of(shown))


def contender(shown: str, style: Style | None) -> Entry:
    """Make a cell of a contender with the mark of its style; None for one that this run did not run."""
    return Entry(words=text.shorten(shown, limit=40), style=style)


def number(shown: str, order: float | None) -> Entry:
    """Make a cell of a formatted number that sorts by the number itself."""
    return Entry(words=shown, order=order)


def duration(elapsed_ns: float | None) -> Entry:
    """Make a cell of a duration."""
    return Entry(words=text.duration(elapsed_ns), order=elapsed_ns)


def integer(shown: int) -> Entry:
    """Make a cell of a count."""
    return Entry(words=f"{shown:,}", order=shown)
