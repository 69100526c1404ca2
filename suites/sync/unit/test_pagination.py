"""Laws of cursors and pages."""

import base64
import json
from datetime import date, datetime
from uuid import UUID

import pytest
from world import NOON

from app.pagination import BadCursor, cut_page, decode_cursor, encode_cursor

ROW_ID = UUID("12345678-1234-5678-1234-567812345678")


def opaque(content: object) -> str:
    """Return a cursor that holds something else than a place."""
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode()


def test_cursor_gives_back_a_time_to_the_microsecond() -> None:
    moment = NOON.replace(microsecond=123456)
    assert decode_cursor(encode_cursor(moment, ROW_ID), datetime.fromisoformat) == (moment, ROW_ID)


def test_cursor_gives_back_a_date() -> None:
    day = date(2025, 10, 18)
    assert decode_cursor(encode_cursor(day, ROW_ID), date.fromisoformat) == (day, ROW_ID)


def test_cursor_needs_no_escaping_in_a_url() -> None:
    cursor = encode_cursor(NOON, ROW_ID)
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert len(cursor) <= 200


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "é",
        opaque(["2025-10-18"]),
        opaque(["2025-10-18", "no id"]),
        opaque(["tomorrow", str(ROW_ID)]),
        opaque([1, 2]),
        opaque(None),
    ],
    ids=["empty", "unicode", "short", "bad-id", "bad-date", "numbers", "null"],
)
def test_cursor_refuses_what_it_did_not_make(cursor: str) -> None:
    with pytest.raises(BadCursor):
        decode_cursor(cursor, date.fromisoformat)


def test_cut_page_keeps_the_extra_row_back() -> None:
    assert cut_page([1, 2, 3], 2, str) == ([1, 2], "2")


@pytest.mark.parametrize("rows", [[], [1], [1, 2]])
def test_cut_page_ends_when_no_row_is_left_over(rows: list[int]) -> None:
    assert cut_page(rows, 2, str) == (rows, None)
