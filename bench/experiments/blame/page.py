"""The section of the page: the answer, the path of the search, the confirmation, the units and what can be done."""

from collections.abc import Iterator, Sequence
from typing import Any

from bench import text
from bench.drawing import tables
from bench.drawing.tables import Column, Entry, Table
from bench.experiments.blame.finding import BlameFinding, BlameFindings, ContrastRow, StepRow, UnitRow

TEMPLATE = "section.html.j2"


def headline(found: BlameFindings) -> str:
    """Return the first sentence that names a package, else the first of all."""
    sentences = [each.sentence for each in found.questions if each.named] or [q.sentence for q in found.questions]
    return sentences[0] if sentences else "Nothing was asked."


def context(found: BlameFindings) -> dict[str, Any]:
    """Return what the template shows."""
    return {"questions": [_question(each, number) for number, each in enumerate(found.questions)]}


def markdown(found: BlameFindings) -> str:
    """Return the answers for a summary, the named packages first."""
    ordered = sorted(found.questions, key=lambda each: not each.named)
    return "\n".join(line for each in ordered for line in _lines(each))


def _lines(found: BlameFinding) -> Iterator[str]:
    yield f"- **{_escaped(found.sentence)}**"
    for command in found.commands:
        yield f"  - {_escaped(command.purpose)}: `{command.command}`"
    for note in found.notes:
        yield f"  - {_escaped(note)}"
    yield f"  - {found.trials} trials in {found.blocks} blocks, {found.minutes:.1f} minutes"


def _question(found: BlameFinding, number: int) -> dict[str, Any]:
    is_time = found.kind == "time"
    return {
        "found": found,
        "steps": _steps(found.steps, number, is_time=is_time),
        "confirmation": _confirmation(found, number, is_time=is_time),
        "units": _units(found.units, number),
    }


def _steps(rows: Sequence[StepRow], number: int, *, is_time: bool) -> Table | None:
    columns = (Column(heading="What moves" if is_time else "Set"), *_numbers(is_time=is_time), Column(heading="Then"))
    caption = (
        "The search, step by step: each half of a segment with its interval. It steers, and names nobody."
        if is_time
        else "The sets that were run, in order."
    )
    entries = [
        [tables.words(text.listing(row.units)), *_size(row, is_time=is_time), tables.words(row.decided)] for row in rows
    ]
    return tables.table(f"table-blame-steps-{number}", caption, columns, entries) if rows else None


def _confirmation(found: BlameFinding, number: int, *, is_time: bool) -> Table | None:
    columns = (
        Column(heading="Unit"),
        Column(heading="Context"),
        *_numbers(is_time=is_time),
        Column(heading="Adjusted p", kind="number"),
        Column(heading="Shown"),
    )
    ends = [row for row in (found.change, found.placebo) if row is not None and found.confirmation]
    entries = [
        [
            tables.words(row.unit),
            tables.words(row.context),
            *_size(row, is_time=is_time),
            tables.number(text.probability(row.adjusted_p), row.adjusted_p),
            tables.words("yes" if row.shown else "no"),
        ]
        for row in (*found.confirmation, *ends)
    ]
    caption = (
        "The confirmation on fresh blocks: only these lines name a package. p-values after Holm over all units and "
        "contexts."
    )
    return tables.table(f"table-blame-confirmation-{number}", caption, columns, entries) if found.confirmation else None


def _units(rows: Sequence[UnitRow], number: int) -> Table | None:
    columns = (
        Column(heading="Unit"),
        Column(heading="Packages"),
        Column(heading="Moves after"),
        Column(heading="Note"),
    )
    entries = [
        [
            tables.words(row.name),
            tables.words(
                text.listing([f"{p.name} {p.before or 'absent'} to {p.after or 'absent'}" for p in row.packages])
            ),
            tables.words(text.listing(row.needs)),
            tables.words(text.listing([*row.because, *(["no suite loads it"] if row.never_loaded else [])])),
        ]
        for row in rows
    ]
    caption = "The units, in the order in which they move: packages that only go together are one unit."
    return tables.table(f"table-blame-units-{number}", caption, columns, entries) if rows else None


def _numbers(*, is_time: bool) -> tuple[Column, ...]:
    if is_time:
        return Column(heading="Later / earlier", kind="number"), Column(heading="Interval", kind="number")
    return (Column(heading="Failures"),)


def _size(row: StepRow | ContrastRow, *, is_time: bool) -> list[Entry]:
    if not is_time:
        return [tables.words(row.counts)]
    return [tables.number(text.ratio(row.ratio), row.ratio), tables.words(text.interval(row.low, row.high))]


def _escaped(words: str) -> str:
    return words.replace("<", "&lt;").replace("*", "\\*").replace("`", "'")
