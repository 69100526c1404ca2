"""What the page shows of the differences: what may explain a gap first, then all of them, pair by pair."""

from bench import text
from bench.drawing import tables
from bench.drawing.section import Section
from bench.drawing.tables import Column, Entry, Table
from bench.experiments.differences.finding import Difference, DifferencesFinding, PairDifferences
from bench.model import on_backend

TITLE = "What differs beside the tests"
HOW = (
    "Noted in one trial of each suite that is never timed. What may explain a gap is a proposal until a comparison "
    "without it was made; fixtures are timed without those that they ask for."
)


def section(found: DifferencesFinding) -> Section | None:
    """Return the section; None where no two cells were counted."""
    if not found.pairs:
        return None
    said = found.sentences
    number = sum(len(pair.differences) for pair in found.pairs)
    headline = said[0] if said else _things(number)
    return Section(
        title=TITLE,
        headline=headline,
        paragraphs=(
            *said[1:],
            HOW,
        ),
        folded=tuple((_summary(pair), _table(number, pair)) for number, pair in enumerate(found.pairs)),
        part="speed",
    )


def _things(number: int) -> str:
    if not number:
        return "Nothing that is looked at differs."
    differ = text.count(number, "thing differs", "things differ")
    return f"{differ}; none explains a difference of time by itself."


def _summary(pair: PairDifferences) -> str:
    number = text.count(len(pair.differences), "difference")
    return f"{pair.candidate} beside {pair.baseline}{on_backend(pair.backend)}: {number}"


def _table(number: int, pair: PairDifferences) -> Table:
    columns = (
        Column(heading="What"),
        Column(heading=pair.baseline),
        Column(heading=pair.candidate),
        Column(heading="Difference of time", kind="number"),
        Column(heading="May explain the gap"),
    )
    rows = [_row(each, pair) for each in pair.differences]
    return tables.table(f"table-differences-{number}", _summary(pair), columns, rows)


def _row(each: Difference, pair: PairDifferences) -> list[Entry]:
    seconds = each.seconds
    explains = each in pair.may_explain
    how = f"yes; leave it out with --without {each.without}" if each.without else "yes"
    return [
        tables.words(each.what),
        tables.words(text.shorten(each.baseline, limit=200)),
        tables.words(text.shorten(each.candidate, limit=200)),
        tables.number(text.NOTHING if seconds is None else text.duration(seconds * 1e9), seconds),
        tables.words(how if explains else "no"),
    ]
