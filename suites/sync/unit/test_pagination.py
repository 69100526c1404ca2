"""Laws of cursors and pages."""

import base64
import json
from datetime import date
from uuid import UUID

import pytest
from world import NOON

from app.pagination import BadCursor, cut_page, decode_cursor, encode_cursor, utc_time

ROW_ID = UUID("12345678-1234-5678-1234-567812345678")


def opaque(content: object) -> str:
    """Return a cursor that holds something else than a place."""
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode()


def test_cursor_gives_back_a_time_to_the_microsecond() -> None:
    moment = NOON.replace(microsecond=123456)
    assert decode_cursor(encode_cursor(moment, ROW_ID), utc_time) == (moment, ROW_ID)


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


@pytest.mark.parametrize("key", ["2025-10-18", "2025-10-18T12:00:00", "0001-01-01T00:00:00+01:00"])
def test_cursor_of_a_list_ordered_by_time_holds_a_time_that_can_be_stored(key: str) -> None:
    with pytest.raises(BadCursor):
        decode_cursor(opaque([key, str(ROW_ID)]), utc_time)


def test_cut_page_keeps_the_extra_row_back() -> None:
    assert cut_page([1, 2, 3], 2, str) == ([1, 2], "2")


@pytest.mark.parametrize("rows", [[], [1], [1, 2]])
def test_cut_page_ends_when_no_row_is_left_over(rows: list[int]) -> None:
    assert cut_page(rows, 2, str) == (rows, None)
