"""Laws of single lines of CSV."""

import csv
from datetime import date

import pytest

from app.transactions.export import csv_line


@pytest.mark.parametrize("text", ["=1+1", "-1", "@SUM(A1)"])
def test_csv_text_is_never_a_formula(text: str) -> None:
    [[cell]] = csv.reader([csv_line([text])])
    assert cell == "'" + text


def test_csv_numbers_and_dates_stay_as_they_are() -> None:
    assert csv_line([date(2025, 10, 18), -1250, None, "Coffee"]) == "2025-10-18,-1250,,Coffee\r\n"


def test_csv_text_with_separators_is_one_cell() -> None:
    [cells] = csv.reader([csv_line(['Salt, "fine"', "x"])])
    assert cells == ['Salt, "fine"', "x"]
