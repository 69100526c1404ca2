"""What the page shows of several machines: each comparison on each of them."""

from bench import text
from bench.drawing import tables
from bench.drawing.section import Section
from bench.drawing.tables import Column, Entry, Table
from bench.drawing.words import backend_title
from bench.experiments.machines.finding import MachineEffect, MachinesFinding

TITLE = "Machine by machine"


def section(found: MachinesFinding) -> Section | None:
    """Return the section; None where one machine ran all."""
    if not found.effects:
        return None
    said = [each.sentence for each in found.effects if each.depends] or [each.sentence for each in found.effects]
    return Section(
        title=TITLE,
        headline=f"{said[0]}.",
        paragraphs=(
            "A block never crosses machines, so each ratio is of one machine; the ratios above are over all blocks.",
        ),
        tables=(_table(found),),
        part="speed",
    )


def _table(found: MachinesFinding) -> Table:
    columns = (
        Column(heading="Comparison"),
        Column(heading="Backend"),
        Column(heading="Machine", kind="number"),
        Column(heading="Blocks", kind="number"),
        Column(heading="Ratio", kind="number"),
        Column(heading="Interval", kind="number"),
        Column(heading="p that all agree", kind="number"),
    )
    rows = [row for each in found.effects for row in _rows(each)]
    return tables.table("table-machines", "Each comparison of wall time on each machine by itself.", columns, rows)


def _rows(each: MachineEffect) -> list[list[Entry]]:
    return [
        [
            tables.words(f"{each.candidate} over {each.baseline}"),
            tables.words(backend_title(each.backend)),
            tables.integer(number),
            tables.integer(estimate.blocks),
            tables.number(text.estimate_ratio(estimate), estimate.ratio),
            tables.number(text.estimate_interval(estimate), estimate.low),
            tables.number(text.probability(each.p_value), each.p_value),
        ]
        for number, estimate in each.by_machine.items()
    ]
