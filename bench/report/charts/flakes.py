"""The flake grid: suites and their flaky tests under every condition, failures over trials printed in each cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from matplotlib.axes import Axes

from bench import text
from bench.drawing import squares, tables, theme
from bench.drawing.chart import Chart
from bench.drawing.sheet import Sheet, blank_sheet
from bench.drawing.tables import Column, Entry
from bench.drawing.words import backend_title
from bench.flakiness.conditions import REGISTRY
from bench.flakiness.findings import CellFlakiness, ConditionCount, FlakeFinding, FlakinessFinding
from bench.model import Style
from bench.results import Results

_ROW, _HEADING, _LEFT, _PLOT = 19.0, 74.0, 176.0, 326.0
_MOST_FLAKES, _MOST_ROWS = 24, 80
_WIDEST = 34.0
_NAME_LIMIT = 34
_GUIDE = (
    "Each row is a suite or, indented, one of its tests that flaked; each column a condition, and the numbers are the "
    "trials that failed of all that were run: the redder, the larger the share. Hatched was not run, and 0 of a few "
    "trials still allows much: the bound at the right says how often a run may fail for all that was seen."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A suite or a flaky test of it, with what was counted under each condition; `end` stands at the right."""

    label: str
    style: Style | None
    contender: str
    backend: str
    counts: Mapping[str, ConditionCount]
    end: str


def flakes(analysis: Results) -> Chart | None:
    """Make the flake grid, or nothing where no flakes were hunted."""
    found = analysis.flakiness
    if found is None or not found.cells:
        return None
    rows = list(_rows(found))
    conditions = conditions_of(found)
    title = _title(found, conditions)
    return Chart(
        name="flakes",
        title=title,
        alt=f"Grid of {text.count(len(rows), 'row')} (suites and flaky tests) by "
        f"{text.count(len(conditions), 'condition')}. {title}. The table holds every count with its bounds.",
        guide=_GUIDE,
        sheet=partial(_sheet, rows, conditions, title),
        table=_table(rows, conditions),
    )


def conditions_of(found: FlakinessFinding) -> tuple[str, ...]:
    """Name the conditions of whole-suite trials, in the order in which they are declared."""
    seen = {count.condition for cell in found.cells for count in cell.conditions}
    return tuple(name for name in (*REGISTRY, *sorted(seen - REGISTRY.keys())) if name in seen)


def _rows(found: FlakinessFinding) -> Iterator[Row]:
    shown = 0
    for cell in found.cells:
        yield _row(cell, f"{cell.contender}, {backend_title(cell.backend)}", cell.style, f"at most {_upper(cell)}")
        for flake in [flake for flake in found.flakes if flake.cell == cell.cell]:
            shown += 1
            if shown <= _MOST_FLAKES:
                yield _row(flake, flake.test.rpartition("::")[2] or flake.test, None, _replayed(flake))


def _row(found: CellFlakiness | FlakeFinding, label: str, style: Style | None, end: str) -> Row:
    counts = {count.condition: count for count in found.conditions}
    return Row(label=label, style=style, contender=found.contender, backend=found.backend, counts=counts, end=end)


def _upper(cell: CellFlakiness) -> str:
    return f"{text.significant(100 * cell.upper, digits=2)} %"


def _replayed(flake: FlakeFinding) -> str:
    return "no replay" if flake.replay is None else f"replay {flake.replay.failures}/{flake.replay.runs}"


def _title(found: FlakinessFinding, conditions: Sequence[str]) -> str:
    trials = text.count(sum(cell.trials for cell in found.cells), "trial")
    if not any(cell.failures for cell in found.cells):
        shown = f"Nothing flaked in {trials} under {text.count(len(conditions), 'condition')}"
        return f"{shown}; at most {_upper(max(found.cells, key=lambda cell: cell.upper))} of a suite's runs flake"
    hit = [cell for cell in found.cells if cell.failures]
    telling = max(conditions, key=lambda name: _share([_count(cell, name) for cell in found.cells]))
    tests = text.count(len({flake.test for flake in found.flakes}), "test")
    return f"{tests} of {text.listing([cell.contender for cell in hit][:4])} flaked, most often under {telling}"


def _count(cell: CellFlakiness, condition: str) -> ConditionCount | None:
    return next((count for count in cell.conditions if count.condition == condition), None)


def _share(counts: Sequence[ConditionCount | None]) -> float:
    trials = sum(count.trials for count in counts if count is not None)
    return sum(count.failures for count in counts if count is not None) / trials if trials else 0.0


def _sheet(rows: Sequence[Row], conditions: Sequence[str], title: str) -> Sheet:
    height = _HEADING + _ROW * len(rows) + 26.0
    sheet = blank_sheet(title, height=height)
    width = min(_WIDEST, _PLOT / max(len(conditions), 1))
    bottom = 20.0
    axes = sheet.axes(_LEFT, bottom, width * len(conditions), _ROW * len(rows))
    axes.set(xlim=(0, len(conditions)), ylim=(len(rows), 0), xticks=[], yticks=[])
    axes.axis("off")
    top = bottom + _ROW * len(rows)
    for place, name in enumerate(conditions):
        x = _LEFT + width * (place + 0.5)
        sheet.note(x, top + 5.0, name, rotation=45, ha="left", va="bottom", rotation_mode="anchor")
    for number, row in enumerate(rows):
        y = top - _ROW * (number + 0.5)
        _label(sheet, row, y)
        sheet.note(_LEFT + width * len(conditions) + 6.0, y, row.end, color=theme.MUTED, fontsize=7.0)
        for place, name in enumerate(conditions):
            _square(axes, row.counts.get(name), place, number)
    sheet.note(12.0, 8.0, "failed trials / trials; hatched: not run", color=theme.MUTED, fontsize=7.5)
    return sheet


def _label(sheet: Sheet, row: Row, y: float) -> None:
    if row.style is None:
        sheet.note(26.0, y, text.shorten(row.label, limit=_NAME_LIMIT), fontsize=7.0)
        return
    sheet.note(12.0, y, theme.SIGNS[row.style], color=theme.COLOURS[row.style])
    sheet.note(22.0, y, text.shorten(row.label, limit=_NAME_LIMIT - 6), fontweight="bold")


def _square(axes: Axes, count: ConditionCount | None, x: int, y: int) -> None:
    if count is None or not count.trials:
        squares.unknown(axes, x, y)
    else:
        share = count.failures / count.trials
        squares.counted(axes, x, y, f"{count.failures}/{count.trials}", share=share)


def _table(rows: Sequence[Row], conditions: Sequence[str]) -> tables.Table:
    columns = (
        Column(heading="Suite or test", kind="code"),
        Column(heading="Contender"),
        Column(heading="Backend"),
        Column(heading="Condition"),
        Column(heading="Failed trials", kind="number"),
        Column(heading="95 % interval", kind="number"),
        Column(heading="At most (95 %)", kind="number"),
        Column(heading="p against the same again", kind="number"),
    )
    told = [(row, count) for row in rows for name in conditions if (count := row.counts.get(name)) is not None]
    told.sort(key=lambda pair: -pair[1].failures)
    return tables.table(
        "table-flakes",
        "Failed trials under each condition with exact bounds; p is Fisher's exact test, after Holm over the row.",
        columns,
        [_entries(row, count) for row, count in told[:_MOST_ROWS]],
        total=len(told),
        chosen_by="those with the most failures",
    )


def _entries(row: Row, count: ConditionCount) -> list[Entry]:
    interval = "–" if count.low is None or count.high is None else f"{_percent(count.low)}-{_percent(count.high)} %"  # noqa: RUF001
    return [
        tables.name(row.label),
        tables.words(text.shorten(row.contender, limit=40)),
        tables.words(backend_title(row.backend)),
        tables.words(count.condition),
        tables.number(f"{count.failures}/{count.trials}", count.failures / count.trials if count.trials else None),
        tables.number(interval, count.low),
        tables.number(text.NOTHING if count.upper is None else f"{_percent(count.upper)} %", count.upper),
        tables.number(text.probability(count.p_value), count.p_value),
    ]


def _percent(share: float) -> str:
    return text.significant(100 * share, digits=2)
