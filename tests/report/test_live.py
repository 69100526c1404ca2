"""While a run goes on its page says what is measured, and never how fast."""

import re

import pytest

from bench.model import Outcome
from bench.report.live import live_page
from tests.conftest import a_contender, a_plan, a_spec, a_trial

HOSTILE = '20260101"><script>alert(1)</script>'


def page(trials=(), **changes):
    options = {"run_id": "run", "at": "noon", "resume": "nox -s bench -- --resume run", "due": "soon"} | changes
    return live_page(a_plan(a_contender("sync"), a_contender("async")), trials, **options).decode()


def test_a_page_is_there_before_the_first_trial():
    assert "Getting ready" in page()
    assert "nothing yet" in page()


def test_blocks_trials_failures_and_load_are_counted():
    trials = [a_trial(a_spec(block=block, position=at)) for block in (1, 2) for at in range(4)]
    trials.append(a_trial(a_spec(block=3), outcome=Outcome.FAILED))
    shown = page(trials)
    assert re.search(r"speed on SQLite</th><td>3</td><td>9</td><td>1</td>", shown)
    assert "0.5" in shown
    assert "--resume run" in shown


def test_no_ratio_and_no_time_of_a_suite_is_shown():
    trials = [
        a_trial(a_spec(name, block=1, position=at), wall_ns=3_210_000_000) for at, name in enumerate(("sync", "async"))
    ]
    shown = re.sub(r"<style>.*?</style>", "", page(trials), flags=re.DOTALL)
    assert "3.21" not in shown
    assert not re.search(r"\d\.\d+x", shown)


@pytest.mark.parametrize("field", ["run_id", "resume", "due"])
def test_foreign_text_is_escaped_and_nothing_is_loaded(field):
    shown = page(**{field: HOSTILE})
    assert "<script" not in shown
    assert "http" not in re.sub(r'http-equiv="[^"]*"', "", shown)
