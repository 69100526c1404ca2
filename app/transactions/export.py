"""Write a person's transactions as CSV, row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncGenerator, Sequence
from typing import Final
from uuid import UUID

from app.database import SessionFactory
from app.transactions import queries
from app.transactions.schemas import TransactionFilter

COLUMNS: Final = ("posted_on", "account", "amount_minor", "currency", "description", "category")
BATCH_SIZE: Final = 200
# Spreadsheets take a cell that begins like this for a formula and run it.
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


async def csv_lines(sessions: SessionFactory, user_id: UUID, wanted: TransactionFilter) -> AsyncGenerator[str, None]:
    """Yield the header and then batches of lines, the newest first.

    One session reads one snapshot in batches, so memory stays bounded. It is open from the first batch to the
    last; closing the generator closes it too.
    """
    yield csv_line(COLUMNS)
    async with sessions() as session:
        rows = await session.stream(
            queries.export_statement(user_id, wanted), execution_options={"yield_per": BATCH_SIZE}
        )
        async for batch in rows.partitions():
            yield "".join(csv_line(row) for row in batch)


def csv_line(cells: Sequence[object]) -> str:
    """Return one line, ended as RFC 4180 wants it; no text in it is a formula."""
    line = io.StringIO()
    csv.writer(line).writerow([_harmless(cell) for cell in cells])
    return line.getvalue()


def _harmless(cell: object) -> object:
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return "'" + cell
    return cell
