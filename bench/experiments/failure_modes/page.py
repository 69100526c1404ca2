"""The section: do the controls show what they must, how the ADR's attempts end, and what the other cells say."""

from collections import Counter
from collections.abc import Iterator, Mapping

from bench import text
from bench.drawing import tables
from bench.drawing.section import Section
from bench.drawing.tables import Column, Table
from bench.drawing.words import backend_title
from bench.experiments.failure_modes.cells import ATTEMPTS, FACTORS, TITLES
from bench.experiments.failure_modes.finding import FailureModesFinding, SetGrid
from bench.experiments.failure_modes.grid import CellFinding, Grid, Mode

WORDS: Mapping[Mode, str] = {
    "passes": "passes",
    "greenlet": "greenlet_spawn has not been called",
    "other-loop": "attached to a different loop",
    "another-operation": "another operation is in progress",
    "other": "another error",
    "hangs": "hangs",
    "crashes": "the process ends",
    "varies": "varies between repeats",
}
MOST_ROWS = 60
EXPLAINED = (
    "Every row of the grid is a tiny suite in a fresh process: two tests that write, and one that sends requests which "
    "overlap. A control is a wiring that must show one of the ADR's three messages; where it does not, the grid of "
    "that database is invalid and says nothing."
)


def section(found: FailureModesFinding) -> Section:
    """Show the controls, the attempts, each level of each factor, and the cells that do not pass."""
    return Section(
        title="Failure modes",
        headline=_headline(found),
        paragraphs=(EXPLAINED,),
        tables=tuple(
            _attempts(each.grid, _place(each), number) for number, each in enumerate(found.grids) if each.grid.cells
        ),
        folded=tuple(
            pair for number, each in enumerate(found.grids) for pair in _folded(each, number) if each.grid.cells
        ),
        left_out=(*found.failures, *_left_out(found)),
    )


def _headline(found: FailureModesFinding) -> str:
    valid = [each for each in found.grids if each.grid.valid]
    if not valid:
        return "The grid is invalid: a control did not show its message." if found.grids else "No wiring was tried."
    parts = []
    for each in valid:
        modes = Counter(cell.ending.mode for cell in each.grid.cells)
        parts.append(f"{modes['passes']} of {len(each.grid.cells)} on {backend_title(each.grid.backend)}")
    return f"Wirings that work: {text.listing(parts)}."


def _left_out(found: FailureModesFinding) -> Iterator[str]:
    for each in found.grids:
        place = _place(each)
        if each.grid.why:
            yield f"{place}: nothing could be run: {each.grid.why}"
        for control in each.grid.controls:
            if not control.shown:
                yield f"{place}: the control {control.wiring.id} did not show {control.message!r}"
        if each.left_out:
            yield f"{place}: {text.count(each.left_out, 'wiring')} left out"


def _place(each: SetGrid) -> str:
    return f"{backend_title(each.grid.backend)}, {each.dependency_set}"


def _folded(each: SetGrid, number: int) -> Iterator[tuple[str, Table]]:
    place = _place(each)
    yield f"Each level of each factor, {place}", _levels(each.grid, place, number)
    yield f"The wirings that do not pass, {place}", _failing(each.grid, place, number)


def _attempts(grid: Grid, place: str, number: int) -> Table:
    columns = (
        Column(heading="What the ADR describes"),
        Column(heading="It ends"),
        Column(heading="When"),
        Column(heading="First line of ours", kind="code"),
        Column(heading="One change that mends it"),
    )
    rows = [
        [tables.words(attempt.title, note=attempt.section), *_ending(grid.attempts[attempt.id])]
        for attempt in ATTEMPTS
        if attempt.id in grid.attempts
    ]
    return tables.table(f"table-failure-modes-attempts-{number}", f"The ADR's attempts on {place}.", columns, rows)


def _ending(cell: CellFinding) -> list[tables.Entry]:
    passes = cell.ending.mode == "passes"
    mend = "" if cell.mend is None else f"{TITLES[cell.mend.factor]}: {cell.mend.after}"
    return [
        tables.words(WORDS[cell.ending.mode], note=cell.ending.message[:200]),
        tables.words("" if passes else "at once" if cell.at_once else "later"),
        tables.name(cell.ending.line or text.NOTHING),
        tables.words(mend or ("" if passes else "none of one factor")),
    ]


def _levels(grid: Grid, place: str, number: int) -> Table:
    columns = (
        Column(heading="Factor"),
        Column(heading="Level"),
        *(Column(heading=words, kind="number") for words in WORDS.values()),
    )
    rows = []
    for factor, levels in FACTORS.items():
        for level in levels:
            modes = Counter(c.ending.mode for c in grid.cells if getattr(c.wiring, factor) == level)
            if modes:
                rows.append(
                    [tables.words(TITLES[factor]), tables.words(level), *(tables.integer(modes[m]) for m in WORDS)]
                )
    caption = f"How the wirings with each level end on {place}: counts of what was tried, not effects."
    return tables.table(f"table-failure-modes-levels-{number}", caption, columns, rows)


def _failing(grid: Grid, place: str, number: int) -> Table:
    columns = (
        *(Column(heading=title.capitalize()) for title in TITLES.values()),
        Column(heading="It ends"),
        Column(heading="When"),
        Column(heading="First line of ours", kind="code"),
        Column(heading="One change that mends it"),
    )
    failing = [cell for cell in grid.cells if cell.ending.mode != "passes"]
    rows = [
        [*(tables.words(getattr(cell.wiring, factor)) for factor in FACTORS), *_ending(cell)]
        for cell in failing[:MOST_ROWS]
    ]
    return tables.table(
        f"table-failure-modes-cells-{number}",
        f"Wirings that do not pass on {place}.",
        columns,
        rows,
        total=len(failing),
        chosen_by="in the order of the grid",
    )
