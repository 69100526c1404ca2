"""Laws of formatting."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import text
from bench.drawing.words import mark_of
from bench.statistics import estimate

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(ANY_TEXT)
def test_visible_text_has_no_unseen_character(foreign: str) -> None:
    kept = text.visible(foreign).replace("\n", "").replace("\t", "")
    assert {unicodedata.category(char) for char in kept} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} == set()


@given(ANY_TEXT)
def test_visible_text_stays_as_it_is(foreign: str) -> None:
    once = text.visible(foreign)
    assert text.visible(once) == once
    assert once.encode("utf-8").decode("utf-8") == once


@given(ANY_TEXT, st.integers(min_value=3, max_value=90))
def test_shortened_text_fits_on_one_line(foreign: str, limit: int) -> None:
    short = text.shorten(foreign, limit=limit)
    assert len(short) <= limit
    assert "\n" not in short


def test_shortened_text_keeps_both_ends() -> None:
    assert text.shorten("tests/api/test_users.py::test_creates[" + "x" * 300 + "-last]", limit=40) == (
        "tests/api/test_users…xxxxxxxxxxxxx-last]"
    )


@pytest.mark.parametrize(
    ("elapsed_ns", "shown"),
    [
        (None, text.NOTHING),
        (0, "0 ns"),
        (850, "850 ns"),
        (12_345, "12.3 µs"),
        (999_400, "999 µs"),
        (999_600, "1.00 ms"),
        (1_234_000_000, "1.23 s"),
        (59_940_000_000, "59.9 s"),
        (59_960_000_000, "1 min 00 s"),
        (125_000_000_000, "2 min 05 s"),
        (7_500_000_000_000, "2 h 05 min"),
    ],
)
def test_duration_has_the_unit_that_fits(elapsed_ns: int | None, shown: str) -> None:
    assert text.duration(elapsed_ns) == shown


@given(st.integers(min_value=1, max_value=10**15))
def test_duration_never_shows_a_thousand_of_a_unit(elapsed_ns: int) -> None:
    assert float(text.duration(elapsed_ns).split(" ")[0]) < 1000


@pytest.mark.parametrize(
    ("elapsed_ns", "shown"), [(0, "0"), (50_000, "50 µs"), (1e9, "1 s"), (2.5e6, "2.5 ms"), (3e8, "300 ms")]
)
def test_tick_is_round(elapsed_ns: float, shown: str) -> None:
    assert text.tick(elapsed_ns) == shown


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (0.71, 0.79, "0.71-0.79"),
        (0.7512, 0.7598, "0.751-0.760"),
        (0.012, 0.5, "0.012-0.500"),
        (None, None, "no interval"),
    ],
)
def test_interval_never_looks_like_a_point(low: float | None, high: float | None, shown: str) -> None:
    assert text.interval(low, high) == shown


def test_effect_reads_as_a_sentence() -> None:
    found = estimate([-0.29, -0.31, -0.28, -0.27, -0.3, -0.26, -0.29, -0.33])
    assert text.takes("async-session", "sync", found) == (
        "async-session takes 0.75x the time of sync (95 % interval 0.73-0.76)"
    )


def test_effect_without_an_interval_says_why() -> None:
    assert text.takes("b", "a", estimate([0.0, 0.1])) == "b takes 1.05x the time of a (no interval: 2 blocks)"


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0.75, "0.75x"), (12.5, "12.50x"), (0.0123, "0.012x"), (1234.0, "1234x"), (None, text.NOTHING)],
)
def test_ratio_keeps_two_digits_at_least(number: float | None, shown: str) -> None:
    assert text.ratio(number) == shown


@pytest.mark.parametrize(
    ("fraction", "shown"), [(0.95, "95 %"), (1 - 0.05 / 3, "98.3 %"), (0.05, "5 %"), (1.0, "100 %")]
)
def test_percentage_has_no_needless_decimals(fraction: float, shown: str) -> None:
    assert text.percent(fraction) == shown


@pytest.mark.parametrize(
    ("words", "sign"),
    [
        ("supported", "✓"),
        ("refuted", "✕"),
        ("equivalent within ±5 %", "≈"),
        ("inconclusive: about 14 more blocks", "?"),
        ("invalid: the work was not equal", "!"),
        ("materially slower", "≠"),
        ("4 supported, 2 refuted", "✕"),
        ("4 supported, 1 inconclusive", "?"),
    ],
)
def test_verdict_has_a_shape_of_its_own(words: str, sign: str) -> None:
    assert mark_of(words).sign == sign


def test_columns_are_aligned_and_lines_end_with_their_last_word():
    assert text.aligned([("run", "status"), ("longer", "")]) == ["run     status", "longer"]


@pytest.mark.parametrize(
    ("name", "is_secret"),
    [
        ("DB_PASSWORD", True),
        ("API_TOKEN", True),
        ("SECRET_KEY", True),
        ("KEY", True),
        ("PYTHONPATH", False),
        ("KEYS", False),
    ],
)
def test_secrets_are_known_by_the_name_of_their_variable(name, is_secret):
    assert text.is_secret(name) is is_secret
