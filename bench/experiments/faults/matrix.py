"""The kill matrix: every proved fault in every arm, and the first layer of tests that sees it."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from bench import text
from bench.drawing import tables, theme
from bench.drawing.chart import Chart
from bench.drawing.sheet import Sheet, blank_sheet
from bench.drawing.tables import Column, Table
from bench.experiments.faults.arm import Arm
from bench.experiments.faults.fault import Fault, Layer, class_title
from bench.experiments.faults.finding import FaultsFinding
from bench.experiments.faults.predictions import first_layer
from bench.experiments.faults.sight import Best
from bench.experiments.faults.states import State

_ROW, _GAP, _LEFT, _PLOT, _HEADING = 11.5, 15.0, 232.0, 320.0, 58.0
_WIDEST = 84.0
_DEPTHS: Final = {Layer.TWINS: 0.85, Layer.FLOWS: 0.5, Layer.CONCURRENCY: 0.25, Layer.ORACLES: 0.15}
_GUIDE = (
    "Each row is a proved fault, each column a suite in one wiring. The square names the first part of the suite that "
    "sees the fault in every run, the paler the later it is added; hatched was seen in some runs only, an empty square "
    "was not seen at all, and where there is no square nothing was run."
)


def matrix(found: FaultsFinding, best: Best) -> Chart | None:
    """Make the kill matrix, or nothing where no fault was put before a suite."""
    reached = {sighting.fault for sighting in found.sightings if sighting.runs}
    faults = [fault for fault in (*found.proved, *found.controls) if fault.id in reached]
    if not faults:
        return None
    title = _title(found, best, faults)
    return Chart(
        name="faults-matrix",
        title=title,
        alt=f"Grid of {text.count(len(faults), 'fault')} by {text.count(len(found.arms), 'suite')}. {title}. The table "
        "says the same.",
        guide=_GUIDE,
        sheet=partial(_sheet, _by_class(faults), found.arms, best, title),
        table=_table(faults, found.arms, best),
    )


def _title(found: FaultsFinding, best: Best, faults: Sequence[Fault]) -> str:
    seen = [[first_layer(best, fault.id, arm.id)[0] is not Layer.NOBODY for arm in found.arms] for fault in faults]
    bugs = [row for row, fault in zip(seen, faults, strict=True) if not fault.is_control]
    differ = sum(len(set(row)) > 1 for row in bugs)
    nobody = sum(not any(row) for row in bugs)
    return (
        f"Of {text.count(len(bugs), 'proved fault')}, {sum(map(all, bugs))} are seen by every suite, {differ} by some, "
        f"{nobody} by none"
    )


def _by_class(faults: Sequence[Fault]) -> list[tuple[str, list[Fault]]]:
    kinds = dict.fromkeys(fault.kind for fault in faults)
    return [(kind, [fault for fault in faults if fault.kind == kind]) for kind in kinds]


def _sheet(classes: Sequence[tuple[str, list[Fault]]], arms: Sequence[Arm], best: Best, title: str) -> Sheet:
    rows = sum(len(faults) for _, faults in classes)
    height = _HEADING + _ROW * rows + _GAP * len(classes) + 12.0
    sheet = blank_sheet(title, height=height)
    width = min(_WIDEST, _PLOT / len(arms))
    axes = sheet.axes(_LEFT, 0.0, width * len(arms), height)
    axes.set(xlim=(0, len(arms)), ylim=(0, height), xticks=[], yticks=[])
    axes.axis("off")
    y = height - _HEADING
    for place, arm in enumerate(arms):
        x = _LEFT + width * (place + 0.5)
        sheet.note(x, y + 5.0, theme.SIGNS[arm.style], color=theme.COLOURS[arm.style], ha="center", va="bottom")
        words = arm.id.replace(" ", "\n")
        sheet.note(x, y + 15.0, words, ha="center", va="bottom", fontsize=6.5, linespacing=1.05)
    for kind, faults in classes:
        y -= _GAP
        sheet.note(12.0, y + 5.0, class_title(kind), fontweight="bold", fontsize=7.5)
        for fault in faults:
            y -= _ROW
            sheet.note(20.0, y + _ROW / 2, text.shorten(fault.id, limit=42), fontsize=7.0)
            for place, arm in enumerate(arms):
                _square(axes, place, y, *first_layer(best, fault.id, arm.id))
    return sheet


def _square(axes: Axes, x: int, y: float, layer: Layer, state: State) -> None:
    if state is State.NOT_RUN:
        return
    if layer is Layer.NOBODY:
        hatch = "////" if state is State.SOMETIMES else None
        axes.add_patch(_box(x, y, facecolor="none", edgecolor=theme.RULE, linewidth=0.6, hatch=hatch))
        return
    axes.add_patch(_box(x, y, facecolor=theme.OTHER, alpha=_DEPTHS[layer], linewidth=0.0))
    colour = theme.PAPER if layer is Layer.TWINS else theme.INK
    axes.text(x + 0.5, y + _ROW / 2, str(layer), ha="center", va="center", fontsize=6.0, color=colour)


def _box(x: int, y: float, **style: object) -> Rectangle:
    return Rectangle((x + 0.03, y + 0.7), 0.94, _ROW - 1.4, **style)  # type: ignore[arg-type]


def _table(faults: Sequence[Fault], arms: Sequence[Arm], best: Best) -> Table:
    columns = (Column(heading="Fault"), Column(heading="Class"), *(Column(heading=arm.id) for arm in arms))
    rows = [
        [
            tables.words(fault.id, note=fault.title),
            tables.words(class_title(fault.kind)),
            *(tables.words(_words(*first_layer(best, fault.id, arm.id))) for arm in arms),
        ]
        for fault in faults
    ]
    caption = "The first layer that sees a fault, on whichever database it is one."
    return tables.table("table-faults-matrix", caption, columns, rows)


def _words(layer: Layer, state: State) -> str:
    return str(state) if layer is Layer.NOBODY else f"{layer}, {state}" if state is not State.KILLED else str(layer)
