"""The history strip: the ratio of every re-validation on this machine, oldest first."""

from collections.abc import Iterator, Sequence
from functools import partial

from bench import text
from bench.drawing import tables
from bench.drawing.chart import Chart
from bench.drawing.ratio_rows import Group, RatioRow, ratio_sheet
from bench.drawing.sheet import Sheet
from bench.drawing.tables import Column, Entry
from bench.model import Style, on_backend
from bench.revalidation import Revalidation
from bench.storage.history import HistoryLine, HistoryRatio

_MOST_RUNS = 12
_METRIC = "wall"
_GUIDE = (
    "Each mark is the wall time of a contender over that of the baseline in the later set of one re-validation, its "
    "line the interval; the first one also shows the earlier set. Runs of other machines are not here, and even "
    "on one machine only what was measured in the same run is compared."
)


def history(found: Revalidation) -> Chart | None:
    """Make the strip of the last runs, or nothing before a first ratio was measured."""
    lines = [line for line in found.history if _ratios(line)][-_MOST_RUNS:]
    if not lines:
        return None
    machine = lines[-1].machine.get("processor", "") or "this machine"
    elsewhere = f"; {text.count(found.elsewhere, 'run')} of other machines left out" if found.elsewhere else ""
    title = f"{text.count(len(lines), 're-validation')} on {text.shorten(machine, limit=40)}{elsewhere}"
    return Chart(
        name="history",
        title=title,
        alt=f"History strip of ratios with intervals, oldest first. {title}. The table below holds the same numbers.",
        guide=_GUIDE,
        sheet=partial(_sheet, found, lines, title),
        table=_table(lines),
    )


def _ratios(line: HistoryLine, *, under: str = "after") -> list[HistoryRatio]:
    return [ratio for ratio in line.ratios if ratio.metric == _METRIC and ratio.under == under]


def _sheet(found: Revalidation, lines: Sequence[HistoryLine], title: str) -> Sheet:
    margin = found.changes[0].margin if found.changes else 0.05
    return ratio_sheet(title, list(_groups(found, lines)), margin=margin, axis="wall time relative to the baseline")


def _groups(found: Revalidation, lines: Sequence[HistoryLine]) -> Iterator[Group]:
    places = dict.fromkeys((ratio.rival, ratio.backend) for line in lines for ratio in _ratios(line))
    styles: dict[str, Style] = {cell.contender: cell.style for cell in found.after.cells}
    for rival, backend in places:
        rows: list[RatioRow] = []
        for line in lines:
            for under, name in (("before", line.before.name), ("after", line.after.name)):
                own = [r for r in _ratios(line, under=under) if (r.rival, r.backend) == (rival, backend)]
                shown = own if under == "after" or not rows else []
                rows += [_row(line, name, ratio, styles.get(rival, "other")) for ratio in shown]
        yield f"{rival}{on_backend(backend)}", rows


def _row(line: HistoryLine, name: str, ratio: HistoryRatio, style: Style) -> RatioRow:
    return RatioRow(
        label=f"{line.started[:10]} {name}",
        words=f"{line.profile}, {text.count(ratio.blocks, 'block')}",
        ratio=ratio.ratio,
        low=ratio.low,
        high=ratio.high,
        style=style,
    )


def _table(lines: Sequence[HistoryLine]) -> tables.Table:
    columns = (
        Column(heading="Run"),
        Column(heading="Sets"),
        Column(heading="Decision"),
        Column(heading="Ratios after", kind="number"),
        Column(heading="Profile"),
        Column(heading="Revision"),
        Column(heading="Machine"),
    )
    caption = "Finished re-validations on this machine; history.jsonl has every claim's verdict and all versions."
    return tables.table("table-history", caption, columns, [_entries(line) for line in lines])


def _entries(line: HistoryLine) -> list[Entry]:
    shown = [
        f"{ratio.rival}{on_backend(ratio.backend)} {text.ratio(ratio.ratio)} ({text.interval(ratio.low, ratio.high)})"
        for ratio in _ratios(line)
    ]
    return [
        tables.name(line.run),
        tables.name(f"{line.before.name} to {line.after.name}"),
        tables.words(" to ".join(line.decisions)),
        tables.words("; ".join(shown)),
        tables.words(line.profile),
        tables.name(line.revision),
        tables.name(f"{line.machine.get('processor', '')} ({line.machine_id})"),
    ]
