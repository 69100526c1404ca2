"""Judge the mirror table: where does each client show what a real server does?"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from bench.model import Json

SERVER = "server"
# The rows that show whether a client hands a body on as it is made, and whether it cancels what is left behind.
STREAMING_ROWS = ("parts", "first-byte")
LEAVING_ROW = "cancellation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """One cell: what was observed, or why it could not be."""

    value: str = ""
    why: str = ""

    @property
    def text(self) -> str:
        """Return what the table shows."""
        return self.value or f"cannot be observed here: {self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One column."""

    id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One observable, as each client and the server show it."""

    id: str
    title: str
    cells: Mapping[str, Observed]

    def agrees(self, client: str) -> bool | None:
        """Say whether a client shows what the server does; None where one of the two was not observed."""
        server, shown = self.cells[SERVER], self.cells[client]
        return shown.value == server.value if shown.value and server.value else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often one client agrees with the server."""

    client: Client
    agree: int
    disagree: tuple[str, ...]
    unobserved: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """How one client treats a body that comes in parts; None where that was not observed."""

    client: Client
    streams: bool | None
    cancels: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirror:
    """The table of one dependency set."""

    packages: Mapping[str, str]
    clients: tuple[Client, ...]
    rows: tuple[Row, ...]

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """Count the agreements of every client but the server."""
        return tuple(_tally(client, self.rows) for client in self.clients if client.id != SERVER)

    @property
    def behaviours(self) -> tuple[Behaviour, ...]:
        """Read from the rows how every client treats a body that comes in parts."""
        return tuple(self._behaviour(client) for client in self.clients)

    def _behaviour(self, client: Client) -> Behaviour:
        known = {row.id: row.cells[client.id].value for row in self.rows}
        parts, first_byte = (known.get(row, "") for row in STREAMING_ROWS)
        left = known.get(LEAVING_ROW, "")
        return Behaviour(
            client=client,
            streams=parts != "1 part" and first_byte == "before the last is made" if parts and first_byte else None,
            cancels=left == "cancelled" if left else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """A row that shows something else after an upgrade; `now_agrees` as in `Row.agrees`."""

    row: str
    title: str
    client: Client
    before: str
    after: str
    agreed: bool | None
    now_agrees: bool | None


def read(result: Mapping[str, Json]) -> Mirror:
    """Read what the script wrote; raise msgspec.ValidationError for anything else."""
    return msgspec.convert({name: part for name, part in result.items() if name != "schema"}, Mirror)


def turned(before: Mirror, after: Mirror) -> tuple[Turned, ...]:
    """List the rows of a client, or of the server, that an upgrade turned; what was observed once only is no turn."""
    earlier = {row.id: row for row in before.rows}
    return tuple(
        Turned(
            row=row.id,
            title=row.title,
            client=client,
            before=earlier[row.id].cells[client.id].value,
            after=row.cells[client.id].value,
            agreed=earlier[row.id].agrees(client.id),
            now_agrees=row.agrees(client.id),
        )
        for row in after.rows
        for client in after.clients
        if row.id in earlier and _differs(earlier[row.id], row, client.id)
    )


def _differs(before: Row, after: Row, client: str) -> bool:
    known = before.cells.get(client, Observed()).value, after.cells[client].value
    return all(known) and known[0] != known[1]


def _tally(client: Client, rows: tuple[Row, ...]) -> Tally:
    verdicts = {row.title: row.agrees(client.id) for row in rows}
    return Tally(
        client=client,
        agree=sum(verdict is True for verdict in verdicts.values()),
        disagree=tuple(title for title, verdict in verdicts.items() if verdict is False),
        unobserved=tuple(title for title, verdict in verdicts.items() if verdict is None),
    )
