"""A hunt in a campaign becomes findings, claims and a report, from manifest and journal alone."""

from dataclasses import replace

import pytest

from bench.flakiness.ledger import EarlierTrials
from bench.report.document import analysis_json
from bench.statistics import upper_bound
from tests.made_up import cells_of, results_of


@pytest.fixture
def plan(make_plan):
    """Plan a run that only hunts flakes."""
    return make_plan(flakiness_seconds=60.0, budget_seconds=60.0)


def test_where_the_whole_budget_is_for_flakes_nothing_is_timed(plan, measure):
    assert {trial.experiment for trial in measure(plan)} == {"flakiness"}
    assert cells_of(plan, "sqlite") == ()


def test_a_run_without_a_hunt_has_no_findings_of_one(make_plan, make_manifest, measure):
    found = results_of(make_manifest(make_plan()), measure(make_plan()))
    assert (found.flakiness, found.provoked) == (None, ())


def test_contenders_are_counted_in_the_same_blocks(plan, make_manifest, measure):
    trials = measure(plan)
    found = results_of(make_manifest(plan), trials[:-1])
    whole = len({trial.block for trial in trials}) - 1
    assert [(each.contender, each.trials) for each in found.provoked] == [("sync", whole), ("async", whole)]


def test_timing_trials_are_not_run_again_as_they_are(make_plan, measure):
    timed = make_plan(flakiness_seconds=60.0)
    first = [trial for trial in measure(timed) if trial.experiment != "speed" and trial.block == 0]
    assert {trial.cell.variant for trial in first} == {"watched+reverse-order"}


def test_earlier_trials_of_the_manifest_tighten_the_bound(plan, make_manifest, measure):
    earlier = EarlierTrials(code="abc", counts={"sync@sqlite/own": (0, 500)}, damaged=2)
    found = results_of(replace(make_manifest(plan), earlier_trials=earlier), measure(plan))
    assert found.flakiness is not None
    cell = found.flakiness.cells[0]
    assert cell.upper == upper_bound(0, 500 + cell.trials)
    assert any("2 damaged lines" in warning for warning in found.warnings)


def test_the_same_files_give_the_same_analysis(plan, make_manifest, measure):
    trials = measure(plan)
    one, other = (analysis_json(results_of(make_manifest(plan), trials)) for _ in range(2))
    assert one == other
    assert b'"flakiness": {' in one
