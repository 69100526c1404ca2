"""What two counting trials noted becomes a list of differences, and a proposal where one could explain a gap."""

from dataclasses import replace

import pytest

from bench.experiments import differences
from bench.experiments.contract import Background
from bench.experiments.differences import analysis, page
from tests.conftest import SECOND, a_contender, a_plan, a_spec, a_trial

PLAIN = {
    "loops": {"run": 4, "debug": 0},
    "loop_kinds": {"asyncio": 4},
    "dev_mode": False,
    "traced_by": [],
    "gc_threshold": [700, 10, 10],
    "plugins": {"anyio": "4.9"},
    "variables": {"LANG": "digest a", "PYTHONPATH": "x"},
    "spent": {"sleep": [0, 0], "hashing": [0, 0], "process": [0, 0]},
    "fixtures": {"client (function)": [4, SECOND // 10]},
    "fixture_setups": 8,
    "engines": {},
}


def trials(changed, *, seconds=2.0):
    found = []
    for at, (name, noted, wall) in enumerate((("sync", PLAIN, 1.0), ("async", PLAIN | changed, seconds))):
        facts = {"surroundings": noted, "exercised": {}, "requests": {}}
        found.append(a_trial(a_spec(name, block=0, position=at, warmup=True, counting=True), facts=facts))
        found += [
            a_trial(a_spec(name, block=block, position=at), wall_ns=round(wall * SECOND)) for block in range(1, 4)
        ]
    return found


def pair(changed, **options):
    frame = a_plan(a_contender("sync"), a_contender("async")).frame
    found = analysis.analyse(frame, differences.Study(), trials(changed, **options), Background())
    return found.pairs[0]


def test_suites_that_run_alike_have_no_differences():
    found = pair({})
    assert found.differences == found.may_explain == ()
    assert not found.sentence


def test_debug_mode_is_proposed_with_the_way_to_test_it():
    found = pair({"loops": {"run": 64, "debug": 64}})
    (difference,) = found.may_explain
    assert (difference.baseline, difference.candidate, difference.without) == ("0 of 4", "64 of 64", "loop-debug")
    assert "64 of 64" in found.sentence
    assert "--without loop-debug" in found.sentence


@pytest.mark.parametrize(("slept", "explains"), [(0.9, True), (0.1, False)])
def test_time_in_a_sink_explains_a_gap_of_its_size_only(slept, explains):
    found = pair({"spent": {**PLAIN["spent"], "sleep": [9, round(slept * SECOND)]}})
    assert [each.what for each in found.differences] == ["sleeping"]
    assert bool(found.may_explain) is explains


def test_a_sink_of_the_faster_suite_explains_nothing():
    found = pair({"spent": {**PLAIN["spent"], "sleep": [9, SECOND]}}, seconds=0.5)
    assert not found.may_explain


def test_without_a_gap_beyond_the_margin_nothing_is_proposed():
    found = pair({"loops": {"run": 64, "debug": 64}}, seconds=1.02)
    assert found.differences
    assert not found.may_explain
    assert not found.sentence


def test_a_fixture_that_takes_the_gap_is_named():
    found = pair({"fixtures": {"engine (function)": [370, SECOND]}})
    assert found.may_explain[0].what == "set-up of the fixture engine (function)"
    assert found.may_explain[0].candidate == "1.00 s in 370 calls"


def test_plugins_variables_and_modes_are_listed():
    changed = {
        "plugins": {"cov": "5"},
        "variables": {"LANG": "digest b", "PYTHONPATH": "y"},
        "dev_mode": True,
        "gc_threshold": [1, 1, 1],
        "traced_by": ["trace of coverage"],
    }
    found = {each.what: (each.baseline, each.candidate) for each in pair(changed).differences}
    assert found["plugin cov"] == ("not loaded", "5")
    assert found["variable PYTHONPATH"] == ("x", "y")
    assert found["variable LANG"] == ("one value", "another")
    assert found["Python's development mode"] == ("off", "on")
    assert "what traces the interpreter" in found


def test_what_a_contender_sets_is_shown_but_for_secrets():
    rows = (a_contender("sync"), a_contender("async", environment={"MODE": "fast", "API_TOKEN": "hunter2"}))
    found = analysis.analyse(a_plan(*rows).frame, differences.Study(), trials({}), Background())
    shown = {each.what: each.candidate for each in found.pairs[0].differences}
    assert shown == {"variable MODE": "fast", "variable API_TOKEN": "set"}


def test_a_variable_that_each_trial_fills_in_is_no_difference():
    template = {"URL": "{database_url}"}
    frame = a_plan(a_contender("sync", environment=template), a_contender("async", environment=template)).frame
    changed = {"variables": {**PLAIN["variables"], "URL": "digest c"}}
    found = analysis.analyse(frame, differences.Study(), trials(changed), Background())
    assert not found.pairs[0].differences


def test_code_from_another_checkout_is_said_first():
    found = pair({"imported_elsewhere": ["work"], "loops": {"run": 64, "debug": 64}})
    assert found.invalid_because == found.sentence
    assert "same code" in found.sentence


def test_trials_of_before_have_no_pair():
    old = [replace(trial, facts={}) for trial in trials({})]
    frame = a_plan(a_contender("sync"), a_contender("async")).frame
    found = analysis.analyse(frame, differences.Study(), old, Background())
    assert found.pairs == ()
    assert page.section(found) is None


def test_the_page_leads_with_the_proposal_and_folds_the_rest():
    frame = a_plan(a_contender("sync"), a_contender("async")).frame
    found = analysis.analyse(frame, differences.Study(), trials({"loops": {"run": 9, "debug": 9}}), Background())
    shown = page.section(found)
    assert "9 of 9" in shown.headline
    assert len(shown.folded) == 1


@pytest.mark.parametrize(("left", "explains"), [(1.0, True), (2.0, None), (3.0, False)])
def test_what_was_left_out_is_judged_by_the_change_of_the_gap_in_the_blocks(left, explains):
    names = ("sync", "async", "sync-without-sleep", "async-without-sleep")
    seconds = dict(zip(names, (1.0, 2.0, 1.0, left), strict=True))
    rows = [
        a_contender(name, environment={"TWINBENCH_WITHOUT": "sleep"} if "without" in name else {}) for name in names
    ]
    found = []
    for block in range(1, 9):
        noise = 1 + 0.001 * (-1) ** block
        found += [
            a_trial(a_spec(name, block=block, position=at), wall_ns=round(seconds[name] * noise ** (at % 4) * SECOND))
            for at, name in enumerate((*names, *reversed(names)))
        ]
    (tested,) = analysis.analyse(a_plan(*rows).frame, differences.Study(), found, Background()).tested
    assert tested.explains is explains
    assert (tested.before, tested.after) == (pytest.approx(2, rel=0.02), pytest.approx(left, rel=0.02))
    assert "without sleep" in tested.sentence


def test_what_goes_without_something_is_no_pair_of_its_own():
    row = a_contender("sync-without-sleep", environment={"TWINBENCH_WITHOUT": "sleep"})
    assert analysis.left_out_of(row) == "sleep"
    assert not analysis.left_out_of(a_contender("sync"))
