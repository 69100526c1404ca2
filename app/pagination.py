"""Page through ordered rows by key, so that inserts never shift a page."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, SQLColumnExpression, and_, or_

from app.problems import BadRequest
from app.schemas import Input

Item = TypeVar("Item")
Row = TypeVar("Row")
Key = TypeVar("Key", date, datetime)

MAX_PAGE_SIZE = 200


class BadCursor(BadRequest):
    """Refuse a cursor that this service did not make."""

    name = "bad-cursor"


class PageQuery(Input):
    """Say which page is wanted."""

    limit: int = Field(default=50, ge=1, le=MAX_PAGE_SIZE)
    cursor: str | None = Field(default=None, max_length=200)


class Page(BaseModel, Generic[Item]):
    """Hold one page and the cursor of the next, if there is one."""

    items: list[Item]
    next_cursor: str | None


def encode_cursor(key: date | datetime, row_id: UUID) -> str:
    """Return an opaque, URL-safe text for a row's place in the order."""
    text = json.dumps([key.isoformat(), str(row_id)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def utc_time(text: str) -> datetime:
    """Return the time that a cursor holds, for decode_cursor; raise ValueError for one without a zone.

    Cursors of lists ordered by date hold no time, and a place in such a list is none in a list ordered by time.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return moment.astimezone(UTC)


def decode_cursor(cursor: str, parse: Callable[[str], Key]) -> tuple[Key, UUID]:
    """Return the place a cursor stands for; raise BadCursor for anything else."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        key, row_id = json.loads(base64.urlsafe_b64decode(padded.encode()))
        return parse(key), UUID(row_id)
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise BadCursor("The cursor is not one this service gave out.") from error


def after(
    key: SQLColumnExpression[Any],
    row_id: SQLColumnExpression[Any],
    place: tuple[Any, UUID],
    *,
    descending: bool,
) -> ColumnElement[bool]:
    """Return the condition for rows that come after a place in the order (key, id)."""
    key_value, id_value = place
    if descending:
        return or_(key < key_value, and_(key == key_value, row_id < id_value))
    return or_(key > key_value, and_(key == key_value, row_id > id_value))


def cut_page(rows: Sequence[Row], limit: int, place: Callable[[Row], str]) -> tuple[list[Row], str | None]:
    """Split limit + 1 fetched rows into a page and the cursor of the next one."""
    page = list(rows[:limit])
    return page, place(page[-1]) if len(rows) > limit else None
