"""The section: how often each client shows what a server does, then row by row."""

from collections.abc import Iterator

from bench.drawing import tables
from bench.drawing.section import Section
from bench.drawing.tables import Column, Entry, Table
from bench.experiments.fidelity.awaits import Awaits
from bench.experiments.fidelity.finding import FidelityFinding, SetFidelity
from bench.experiments.fidelity.mirror import SERVER, Mirror, Row

EXPLAINED = (
    "Truth is a real server over a socket, in the same process as the clients and with the same packages. A client "
    "agrees in a row where it shows the same; no row counts for more than another, and what a row is worth is for you "
    "to say."
)


def section(found: FidelityFinding) -> Section:
    """Show the tables of every set, and what an upgrade turned."""
    return Section(
        title="What the clients show",
        headline=_headline(found),
        paragraphs=(EXPLAINED,),
        tables=tuple(_tables(found)),
        left_out=found.failures,
    )


def _headline(found: FidelityFinding) -> str:
    latest = found.latest
    if latest is None or latest.mirror is None:
        return "No client could be looked at beside a real server."
    counts = "; ".join(f"{tally.client.title}: {len(tally.disagree)}" for tally in latest.mirror.tallies if tally.agree)
    rows = sum(1 for row in latest.mirror.rows if row.cells[SERVER].value)
    return f"Of {rows} things that a real server shows, clients show otherwise: {counts}."


def _tables(found: FidelityFinding) -> Iterator[Table]:
    for number, each in enumerate(found.sets):
        if each.mirror is not None:
            yield _mirror(each, each.mirror, number)
        if each.awaits is not None:
            yield _awaits(each, each.awaits, number)
    if found.turned:
        columns = (Column(heading="Row"), Column(heading="Client"), Column(heading="Before"), Column(heading="After"))
        rows = [
            [tables.words(t.title), tables.words(t.client.title), tables.words(t.before), tables.words(t.after)]
            for t in found.turned
        ]
        yield tables.table("table-fidelity-turned", "Rows that the upgrade turned.", columns, rows)


def _mirror(each: SetFidelity, found: Mirror, number: int) -> Table:
    columns = (Column(heading="What is looked at"), *(Column(heading=client.title) for client in found.clients))
    rows = [[tables.words(row.title), *_cells(row, found)] for row in found.rows]
    caption = f"One request each, under {each.dependency_set}; ≠ marks what the server does not show."
    return tables.table(f"table-fidelity-mirror-{number}", caption, columns, rows)


def _cells(row: Row, found: Mirror) -> list[Entry]:
    return [
        tables.words(f"≠ {row.cells[client.id].text}" if row.agrees(client.id) is False else row.cells[client.id].text)
        for client in found.clients
    ]


def _awaits(each: SetFidelity, found: Awaits, number: int) -> Table:
    columns = (Column(heading="Work that a request leaves"), *(Column(heading=c.title) for c in found.clients))
    rows = [
        [tables.words(row.title), *(tables.words(row.cells[client.id].text) for client in found.clients)]
        for row in found.rows
    ]
    caption = f"How the work stands when the client returns, 20 requests each, under {each.dependency_set}."
    return tables.table(f"table-fidelity-awaits-{number}", caption, columns, rows)
