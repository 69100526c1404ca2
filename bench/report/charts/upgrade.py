"""Each ratio before and after the upgrade, and its change inside the blocks, with the noise floor beside it."""

from collections.abc import Sequence
from functools import partial

from bench import text
from bench.drawing import tables
from bench.drawing.chart import Chart
from bench.drawing.ratio_rows import Group, RatioRow, ratio_sheet
from bench.drawing.sheet import Sheet
from bench.drawing.tables import Column, Entry
from bench.drawing.words import METRIC_TITLES, backend_title
from bench.model import Style, on_backend
from bench.revalidation import Revalidation
from bench.revalidation.findings import ChangeFinding
from bench.statistics import Estimate

_GUIDE = (
    "The first two marks of a group are the time of a contender over the time of the baseline, before and after. The "
    "third one is the second over the first, taken inside each block: only outside of the shaded margin did the "
    "upgrade change the comparison by something that matters. A/A is the baseline against its own copy: noise alone."
)


def upgrade(found: Revalidation) -> Chart | None:
    """Make the chart, or nothing where no rival was compared under either set."""
    shown = [change for change in found.changes if change.before or change.after]
    if not shown:
        return None
    title = _title(found, shown)
    return Chart(
        name="upgrade",
        title=title,
        alt=f"Ratios before and after the upgrade on a log axis. {title}. The table below holds the same numbers.",
        guide=_GUIDE,
        sheet=partial(_sheet, found, shown, title),
        table=change_table(found, shown),
    )


def _title(found: Revalidation, shown: Sequence[ChangeFinding]) -> str:
    walls = [change for change in shown if change.metric == "wall"] or shown
    said = [
        f"{change.rival_contender}{on_backend(change.backend)}: {text.estimate_ratio(change.before)} before, "
        f"{text.estimate_ratio(change.after)} after ({change.words})"
        for change in walls
    ]
    metric = METRIC_TITLES[walls[0].metric]
    return f"From {found.before_set.name} to {found.after_set.name}, {metric} time of {'; '.join(said)}"


def _sheet(found: Revalidation, shown: Sequence[ChangeFinding], title: str) -> Sheet:
    groups = [_group(found, change) for change in shown]
    noise = _noise_floor(found)
    margin = shown[0].margin
    return ratio_sheet(
        title, [*groups, *([("the noise floor", noise)] if noise else [])], margin=margin, axis="ratio (log scale)"
    )


def _group(found: Revalidation, change: ChangeFinding) -> Group:
    style = _style(found, change.rival_contender)
    place = f"{change.rival_contender}{on_backend(change.backend)}, {METRIC_TITLES[change.metric]} time"
    return place, [
        _row(f"before: {found.before_set.name}", change.before, change.words_before, style),
        _row(f"after: {found.after_set.name}", change.after, change.words_after, style),
        _row("change", change.estimate, change.words, "other"),
    ]


def _row(label: str, estimate: Estimate | None, words: str, style: Style, *, faint: bool = False) -> RatioRow:
    return RatioRow(
        label=label,
        words=words,
        ratio=None if estimate is None else estimate.ratio,
        low=None if estimate is None else estimate.low,
        high=None if estimate is None else estimate.high,
        style=style,
        faint=faint,
    )


def _noise_floor(found: Revalidation) -> list[RatioRow]:
    return [
        _row(
            f"A/A {backend_title(each.backend)}, {METRIC_TITLES[each.metric]}",
            each.estimate,
            each.words,
            each.rival_style,
            faint=True,
        )
        for each in found.after.comparisons
        if each.is_noise_floor and each.estimate is not None
    ]


def _style(found: Revalidation, contender: str) -> Style:
    cells = (*found.after.cells, *found.before.cells)
    return next((cell.style for cell in cells if cell.contender == contender), "other")


def change_table(found: Revalidation, shown: Sequence[ChangeFinding]) -> tables.Table:
    """List every ratio under both sets, and the change with its interval."""
    columns = (
        Column(heading="Contender", kind="contender"),
        Column(heading="Backend"),
        Column(heading="Metric"),
        Column(heading=f"Before: {found.before_set.name}", kind="number"),
        Column(heading=f"After: {found.after_set.name}", kind="number"),
        Column(heading="Change", kind="number"),
        Column(heading="Verdict on the change", kind="status"),
        Column(heading="Blocks", kind="number"),
    )
    rows = [_entries(found, change) for change in shown]
    caption = "Ratios of time, contender over baseline, and their change: the later one over the earlier one."
    return tables.table("table-changes", caption, columns, rows)


def _entries(found: Revalidation, change: ChangeFinding) -> list[Entry]:
    return [
        tables.contender(change.rival_contender, _style(found, change.rival_contender)),
        tables.words(backend_title(change.backend)),
        tables.words(METRIC_TITLES[change.metric]),
        *(_estimate(estimate) for estimate in (change.before, change.after, change.estimate)),
        tables.status(change.words),
        tables.integer(change.blocks),
    ]


def _estimate(estimate: Estimate | None) -> Entry:
    if estimate is None:
        return tables.words("")
    return Entry(
        words=text.estimate_ratio(estimate),
        order=estimate.ratio,
        note=f"{text.estimate_interval(estimate)}, {text.percent(estimate.confidence)}",
    )
