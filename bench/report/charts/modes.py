"""The failure modes: how many tests of each suite flake for which kind of reason."""

from collections.abc import Sequence
from functools import partial

from bench import text
from bench.drawing import squares, tables, theme
from bench.drawing.chart import Chart
from bench.drawing.sheet import Sheet, blank_sheet
from bench.drawing.tables import Column
from bench.drawing.words import backend_title
from bench.flakiness.findings import CellFlakiness, FlakeClass, FlakinessFinding
from bench.results import Results

_ROW, _HEADING, _LEFT, _COLUMN = 21.0, 26.0, 176.0, 64.0
_GUIDE = (
    "Each row is a suite, each column a class of flakes, and the number says how many of its tests flaked for a reason "
    "of that class. A suite that never ran whole is hatched; 0 means that none was found, not that there is none."
)


def modes(analysis: Results) -> Chart | None:
    """Make the matrix of failure modes, or nothing where no test flaked."""
    found = analysis.flakiness
    if found is None or not found.flakes:
        return None
    classes = tuple(each for each in FlakeClass if any(flake.flake_class is each for flake in found.flakes))
    title = _title(found, classes)
    return Chart(
        name="modes",
        title=title,
        alt=f"Matrix of {text.count(len(found.cells), 'suite')} by {text.count(len(classes), 'class', 'classes')} "
        f"of flakes. {title}.",
        guide=_GUIDE,
        sheet=partial(_sheet, found, classes, title),
        table=_table(found, classes),
    )


def flaking(found: FlakinessFinding, cell: CellFlakiness, flake_class: FlakeClass) -> int:
    """Count the tests of a cell that flake for a reason of this class."""
    return sum(flake.cell == cell.cell and flake.flake_class is flake_class for flake in found.flakes)


def _title(found: FlakinessFinding, classes: Sequence[FlakeClass]) -> str:
    totals = {each: sum(flaking(found, cell, each) for cell in found.cells) for each in classes}
    commonest = max(totals, key=lambda each: totals[each])
    every = "every flake" if len(totals) == 1 else f"{totals[commonest]} of {text.count(len(found.flakes), 'flake')}"
    return f"Root causes: {every} {'is' if totals[commonest] == 1 else 'are'} of the class {commonest.value}"


def _sheet(found: FlakinessFinding, classes: Sequence[FlakeClass], title: str) -> Sheet:
    sheet = blank_sheet(title, height=_HEADING + _ROW * len(found.cells) + 10.0)
    axes = sheet.axes(_LEFT, 10.0, _COLUMN * len(classes), _ROW * len(found.cells))
    axes.set(xlim=(0, len(classes)), ylim=(len(found.cells), 0))
    axes.axis("off")
    top = 10.0 + _ROW * len(found.cells)
    for place, each in enumerate(classes):
        sheet.note(_LEFT + _COLUMN * (place + 0.5), top + 10.0, each.value, ha="center", fontsize=6.5)
    for number, cell in enumerate(found.cells):
        y = top - _ROW * (number + 0.5)
        sheet.note(12.0, y, theme.SIGNS[cell.style], color=theme.COLOURS[cell.style])
        sheet.note(22.0, y, text.shorten(f"{cell.contender}, {backend_title(cell.backend)}", limit=28))
        for place, each in enumerate(classes):
            if cell.trials:
                tests = flaking(found, cell, each)
                squares.counted(axes, place, number, str(tests), share=min(tests / 4, 1.0))
            else:
                squares.unknown(axes, place, number)
    return sheet


def _table(found: FlakinessFinding, classes: Sequence[FlakeClass]) -> tables.Table:
    columns = (
        Column(heading="Contender", kind="contender"),
        Column(heading="Backend"),
        *(Column(heading=each.value.capitalize(), kind="number") for each in classes),
    )
    rows = [
        [
            tables.contender(cell.contender, cell.style),
            tables.words(backend_title(cell.backend)),
            *(tables.integer(flaking(found, cell, each)) for each in classes),
        ]
        for cell in found.cells
    ]
    return tables.table("table-modes", "Tests that flaked, by the class of their cause.", columns, rows)
