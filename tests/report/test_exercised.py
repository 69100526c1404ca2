"""What was counted, tried and studied stands on the page, and what was not is said."""

from dataclasses import replace

import pytest

from bench import text
from bench.experiments.attempts.finding import AttemptFinding
from bench.experiments.counting.finding import ExercisedFinding
from bench.experiments.factors.finding import FactorFinding
from bench.report import exercised
from bench.report.charts import CHARTS
from bench.report.charts.factors import factors
from bench.report.render import render
from bench.results import Results
from tests.made_up import altered

COUNTED = ExercisedFinding(
    cell="bridged/current/sqlite",
    contender="bridged",
    title="a bridge",
    style="sync",
    backend="sqlite",
    requests=373,
    connections={"sqlite3": 12},
    event_loops=3,
    threads={"anyio": 9, "starlette": 1},
    portal_calls_per_request=None,
    handed_across_threads=1_234,
    application_ns=2_000_000_000,
    database_ns=500_000_000,
    outside_share=0.625,
    floor_ns=1_500_000_000,
    floor_ratio=4.2,
    sentences=("bridged never opens the async driver aiosqlite on SQLite: <so>",),
)
TRIED = AttemptFinding(
    attempt="no-savepoints",
    title="without savepoints",
    contender="async",
    backend="sqlite",
    outcome="failed",
    passed=False,
    tests=300,
    failed_tests=("a", "b"),
    first_message="no such <row>\nand more",
)


def factor(analysis: Results, *, low: float | None, high: float | None, title: str = "a loop per test"):
    compared = next(found for found in analysis.comparisons if not found.is_noise_floor)
    return FactorFinding(
        factor="loop",
        title=title,
        contender="async-session",
        backend="sqlite",
        metric="wall",
        change=0.25,
        change_low=low,
        change_high=high,
        comparison=replace(compared, rival_title=title, rival_contender="async-session+loop"),
    )


def test_what_was_counted_stands_in_the_table(small: Results):
    (row,) = exercised.exercised_table(altered(small, exercised=(COUNTED,))).rows
    assert [entry.words for entry in row] == [
        *("bridged", "SQLite", "373", "sqlite3: 12", "3", "anyio: 9, starlette: 1"),
        *(text.NOTHING, "1,234", "62.5 %", "4.20x"),
    ]
    assert [entry.order for entry in row][-2:] == [0.625, 4.2]


def test_what_a_suite_never_exercises_is_said_and_escaped(small: Results):
    page = render(altered(small, exercised=(COUNTED,)))["report.html"].decode()
    assert "bridged never opens the async driver aiosqlite on SQLite: &lt;so&gt;" in page


def test_a_change_that_was_tried_stands_with_its_first_line(small: Results):
    (row,) = exercised.attempt_table(altered(small, attempts=(TRIED,))).rows
    assert [entry.mark.sign for entry in row if entry.mark] == ["✕"]
    assert [entry.words for entry in row] == [
        *("without savepoints", "async", "SQLite", "failed", "300", "2", "no such <row>"),
    ]


def test_nothing_counted_and_nothing_tried_make_no_table(small: Results):
    empty = altered(small, exercised=(), attempts=(), factors=())
    assert (exercised.exercised_table(empty), exercised.attempt_table(empty), factors(empty)) == (None, None, None)
    page = render(empty)["report.html"].decode()
    assert "Nothing was counted" in page
    assert "nox -s bench -- factors" in page


@pytest.mark.parametrize(("low", "high", "shown"), [(0.1, 0.4, True), (-0.1, 0.4, False), (None, None, False)])
def test_the_title_names_a_change_only_if_its_interval_shows_one(small: Results, low, high, shown):
    chart = factors(altered(small, factors=(factor(small, low=low, high=high),)))
    assert chart is not None
    assert ("async-session takes 1.25x its wall time with a loop per test (SQLite)" in chart.title) is shown
    assert ("No one factor is shown" in chart.title) is not shown


def test_the_factors_are_drawn_beside_the_noise_floor(small: Results):
    found = altered(small, factors=(factor(small, low=0.1, high=0.4),))
    chart = factors(found)
    assert chart is not None
    floor = [comparison for comparison in small.comparisons if comparison.is_noise_floor]
    assert len(chart.table.rows) == 1 + len(floor)
    assert factors in CHARTS
    assert "charts/factors.svg" in render(found)
