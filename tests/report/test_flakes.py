"""Laws of the section on flakes: every count is printed, what never failed has its bound, what flaked its replay."""

import dataclasses
import json
from collections.abc import Callable, Mapping

import pytest

from bench.report import render
from bench.report.charts.flakes import conditions_of
from bench.report.flaking import sentences
from bench.results import Results
from tests.flaking import COMMAND, Counts, a_cell, a_hunt
from tests.made_up import altered
from tests.report.reader import PageReader
from tests.report.synthetic import CALM

SYNC, ASYNC = a_cell("sync"), a_cell("async-session")
Draw = Callable[[Counts, Counts], Mapping[str, bytes]]


@pytest.fixture
def drawn(small: Results) -> Draw:
    """Draw the small run with a hunt in which the two contenders showed these counts."""

    def drawn(own: Counts, other: Counts) -> Mapping[str, bytes]:
        return render(altered(small, flakiness=a_hunt({SYNC: own, ASYNC: other})))

    return drawn


def test_where_nothing_flaked_the_finding_is_a_bound(drawn: Draw) -> None:
    files = drawn(CALM, CALM)
    assert "Nothing flaked in 144 trials under 5 conditions; at most" in files["report.html"].decode()
    assert "sync on SQLite: 0/72, at most 4.1 % of runs flake" in files["summary.md"].decode()
    assert "charts/modes.svg" not in files


def test_earlier_trials_are_counted_and_said() -> None:
    found = sentences(a_hunt({SYNC: CALM}, earlier=(0, 500)))
    assert found == [
        "sync on SQLite: 0/572, at most 0.52 % of runs flake (95 %), 500 of them in earlier runs of the same code."
    ]


def test_every_count_is_printed_and_what_was_not_run_is_hatched(drawn: Draw) -> None:
    svg = drawn(CALM, {**CALM, "clock": (5, 8), "loop-debug": (0, 1)})["charts/flakes.svg"].decode()
    assert [svg.count(f">{count}<") for count in ("0/48", "5/8", "0/1")] == [3, 2, 2]
    assert "<pattern" in svg


def test_nothing_is_hatched_where_all_ran(drawn: Draw) -> None:
    assert b"<pattern" not in drawn(CALM, {**CALM, "clock": (5, 8)})["charts/flakes.svg"]


def test_a_flake_has_its_cause_and_its_replay_on_the_page(drawn: Draw) -> None:
    page = PageReader(drawn(CALM, {**CALM, "clock": (5, 8)})["report.html"])
    assert COMMAND in page.by_id("flakes").text
    assert "time" in page.by_id("table-clusters").text
    assert "1 test of async-session flaked, most often under clock" in page.by_id("chart-flakes").text


def test_a_hang_keeps_its_stacks_on_the_page(small: Results) -> None:
    hunt = a_hunt({SYNC: CALM})
    cells = (dataclasses.replace(hunt.cells[0], hangs=("pressure: last test begun: test_it\nin wait_for",)),)
    files = render(altered(small, flakiness=dataclasses.replace(hunt, cells=cells)))
    assert "in wait_for" in PageReader(files["report.html"]).by_id("flakes").text


def test_a_run_without_a_hunt_says_so(small: Results) -> None:
    files = render(altered(small, flakiness=None))
    assert "No flakes were hunted" in PageReader(files["report.html"]).by_id("flakes").text
    assert "charts/flakes.svg" not in files
    assert "flakiness" not in json.loads(files["analysis.json"])["findings"]["by_experiment"]


def test_conditions_stand_in_the_order_of_their_declaration() -> None:
    assert conditions_of(a_hunt({SYNC: dict(reversed(CALM.items()))})) == tuple(CALM)
