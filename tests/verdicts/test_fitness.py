"""An unfit run invalidates what rests on time, and nothing that is counted."""

import re

import pytest

from bench.claims.weighed import Verdict
from bench.judgement import fitness
from bench.statistics import Interval

UNFIT = ("the A/A check failed",)


@pytest.fixture
def evidence(comparison, log_ratios, cell, layer, failure, suite):
    """Evidence on which every claim of this module is supported on a fit machine."""
    low, high = 10**9, 3 * 10**9
    return {
        "comparisons": (comparison(log_ratios(0.2)),),
        "cells": (cell(wall_interval=Interval(low=low, high=high, confidence=0.95, method="")), cell("async")),
        "layers": (layer(1, 2),),
        "failures": (failure(), failure("async", failed=30)),
        "suites": {"sync": suite(), "async": suite(fixtures=9)},
    }


TIMED = {
    "faster": {},
    "suite-limit": {"limit_seconds": 30.0},
    "layer-limit": {"limit_seconds": 0.1, "layer": "unit"},
}
COUNTED = {
    "fewer": {"metric": "fixtures"},
    "absent": {"metric": "plumbing_names"},
    "at-least-tests": {"at_least": 200},
    "never-fails": {"at_most": 0.05},
    "fails-less": {},
    "equal-work": {},
}


@pytest.mark.parametrize(("kind", "changes"), (TIMED | COUNTED).items(), ids=TIMED | COUNTED)
def test_a_fit_run_supports_them_all(weigh, claim, evidence, kind, changes):
    assert weigh(claim(kind, **changes), **evidence).verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(("kind", "changes"), TIMED.items(), ids=TIMED)
def test_an_unfit_run_invalidates_what_rests_on_time(weigh, claim, evidence, kind, changes):
    found = weigh(claim(kind, **changes), **evidence, unfit=UNFIT)
    assert (found.verdict, found.reason) == (Verdict.INVALID, "the run is unfit: the A/A check failed")
    assert found.would_flip == "a run on a quiet machine"


@pytest.mark.parametrize(("kind", "changes"), COUNTED.items(), ids=COUNTED)
def test_an_unfit_run_leaves_counts_alone(weigh, claim, evidence, kind, changes):
    assert weigh(claim(kind, **changes), **evidence, unfit=UNFIT).verdict is Verdict.SUPPORTED


def test_a_timing_is_invalid_whatever_goal_the_claim_calls_it(weigh, claim, evidence):
    found = weigh(claim(goal="developer happiness"), **evidence, unfit=UNFIT)
    assert found.verdict is Verdict.INVALID


def test_what_was_not_measured_stays_so(weigh, claim):
    assert weigh(claim(), unfit=UNFIT).verdict is Verdict.NOT_MEASURED


def test_a_wide_noise_floor_is_one_caveat_per_backend_with_every_metric_that_is_wide(comparison, log_ratios):
    wide = {"is_noise_floor": True, "rival_contender": "sync"}
    found = fitness.wide_noise_floors(
        (
            comparison(log_ratios(0.0, noise=12), **wide),
            comparison(log_ratios(0.0, noise=16), metric="cpu", **wide),
            comparison(log_ratios(0.0), metric="setup", **wide),
            comparison(log_ratios(0.0, noise=12), backend="postgresql", **wide),
            comparison(log_ratios(0.5)),
        ),
    )
    places = [(words.partition(" reaches ")[0], re.findall(r"\((\w+) time\)", words)) for words in found]
    assert places == [("the noise floor on SQLite", ["wall", "cpu"]), ("the noise floor on PostgreSQL", ["wall"])]
