"""Blame keeps its promise on simulated noise; at full size: `python -m bench.calibration`."""

import numpy as np
import pytest

from bench.calibration import blame
from bench.calibration.noise import NOISES
from bench.calibration.rate import Promise, Rate
from bench.experiments.blame.rules import Rules

RUNS = 240
INVESTIGATIONS = 120


@pytest.fixture(scope="module")
def table():
    return blame.from_end_to_end(runs=INVESTIGATIONS, seed=5)


def column(table, name):
    return {row: rates[table.columns.index(name)] for row, rates in table.rows}


def test_innocent_packages_are_rarely_named_whatever_the_truth(table):
    assert Promise.BROKEN not in {rate.promise for rate in column(table, "innocent named").values()}


def test_the_guilty_are_mostly_named(table):
    shares = {name: rate.share for name, rate in column(table, "a guilty named").items()}
    assert shares["one: +10 %"] > 0.75
    assert shares["two: +10 % and +8 %"] > 0.75
    assert shares["a pair: +10 % only together"] > 0.65


def test_the_budget_is_never_exceeded(table):
    assert {rate.share for rate in column(table, f"within {blame.BUDGET_TRIALS} trials").values()} == {1.0}


def test_the_confirmation_names_three_innocents_in_at_most_alpha_of_campaigns():
    found = blame.whatever_was_searched(runs=RUNS, seed=5)
    for name in found.columns:
        rates = column(found, name).values()
        pooled = Rate(hits=sum(r.hits for r in rates), runs=sum(r.runs for r in rates), at_most=blame.FALSE_BLAME)
        assert pooled.promise is not Promise.BROKEN


def test_a_confirmation_without_holm_would_break_the_promise(monkeypatch):
    """The simulation can fail: six contrasts at 5 % each name an innocent far more often."""
    monkeypatch.setattr("bench.experiments.blame.confirmation.holm", tuple)
    found = blame.whatever_was_searched(runs=RUNS, seed=5)
    assert Promise.BROKEN in {rate.promise for rate in column(found, "nothing changed").values()}


def test_simulated_series_have_the_spread_they_claim():
    drawn = blame.series(NOISES[0], np.random.default_rng(1), runs=500, trials=400)
    quads = drawn.reshape(-1, 4)
    assert ((quads[:, 1] + quads[:, 2] - quads[:, 0] - quads[:, 3]) / 2).std() == pytest.approx(0.06, rel=0.01)


def test_a_quiet_machine_finds_the_culprit_every_time():
    truth = blame.Truth(name="one", units={9: blame.TEN})
    rng = np.random.default_rng(2)
    series = 0.1 * blame.series(NOISES[0], rng, runs=40, trials=2 * blame.BUDGET_TRIALS)
    ends = [blame.investigated(truth, row, rng, Rules(budget_seconds=blame.BUDGET_TRIALS)) for row in series]
    assert [end.verdict.named for end in ends] == [(frozenset({9}),)] * 40
