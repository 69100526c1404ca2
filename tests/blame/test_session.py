"""The session asks for trials, reads them back from a journal, and its analysis names what was planted."""

import random
from dataclasses import replace

import msgspec
import pytest

from bench.campaign import plan as plans
from bench.campaign.plan import Plan
from bench.dependency_sets.locked import LockedSet
from bench.experiments.blame.analysis import analyse
from bench.experiments.blame.chain import Stage
from bench.experiments.blame.reading import level, stage_of
from bench.experiments.blame.rules import Rules
from bench.experiments.blame.session import Session
from bench.experiments.blame.sets import locked
from bench.experiments.blame.study import study_of
from bench.experiments.blame.target import COLLECTION, Target
from bench.experiments.contract import Background
from bench.model import ExecutedTest, Outcome
from tests.blame.conftest import a_chain, unit
from tests.conftest import a_plan, a_trial

WALL = Target(measure="wall", contender="sync", backend="sqlite")
RATIO = Target(measure="wall", contender="async", over="sync", backend="sqlite")
BREAKS = Target(measure="failure", contender="sync", backend="sqlite", name="api/test_users.py::test_login")
STARTS = replace(BREAKS, name=COLLECTION)
SECOND = 10**9


@pytest.fixture
def frame():
    return a_plan().frame


def a_study(*targets, size=6, **rules):
    return study_of(a_chain(size, {4: {1}}), before="old", after="new", targets=targets, rules=Rules(**rules))


def ran(spec, seconds=1.0, **changes):
    """Make the trial of a specification, with a wobble so that there is an interval."""
    wobble = 1 + random.Random(spec.key).gauss(0, 0.003)
    return replace(a_trial(), spec=spec, wall_ns=round(seconds * wobble * SECOND), overhead_ns=0, **changes)


def executed(outcome):
    return (ExecutedTest("unit/test_sums.py::test_sum", "passed", 1, 1, 1), ExecutedTest(BREAKS.name, outcome, 1, 1, 1))


def finished(frame, study, run):
    """Run a whole campaign; return its trials."""
    trials = []
    session = Session(frame, study, [])
    while block := session.next_block():
        for spec in block:
            trials.append(run(spec))
            session.took(trials[-1])
    return trials


def found(frame, study, trials):
    return analyse(frame, study, trials, Background()).questions


def slow(culprit, by=1.1, contender=None):
    def run(spec):
        moved = spec.answers["units"]
        applies = set(culprit) <= set(moved) and contender in {None, spec.cell.contender}
        return ran(spec, by if applies else 1.0)

    return run


def test_the_culprit_of_a_time_is_named(frame):
    study = a_study(WALL)
    (finding,) = found(frame, study, finished(frame, study, slow({3})))
    assert finding.sentence.startswith("p3 alone changed the wall time of sync on sqlite (1.10")


def test_the_culprit_of_a_ratio_slows_one_side_only(frame):
    study = a_study(RATIO)
    (finding,) = found(frame, study, finished(frame, study, slow({3}, contender="async")))
    assert finding.named == ("p3",)
    (finding,) = found(frame, study, finished(frame, study, slow({3})))
    assert finding.blame == "nothing to attribute"


def test_a_test_that_newly_fails_is_blamed_without_timing(frame):
    def run(spec):
        fails = 2 in spec.answers["units"]
        outcome = Outcome.FAILED if fails else Outcome.PASSED
        return ran(spec, outcome=outcome, tests=executed("failed" if fails else "passed"))

    study = a_study(BREAKS)
    trials = finished(frame, study, run)
    (finding,) = found(frame, study, trials)
    assert finding.sentence.startswith(f"p2 alone changed the outcome of {BREAKS.name} in sync on sqlite")
    assert not [trial for trial in trials if trial.warmup]


def test_a_suite_that_does_not_start_is_blamed(frame):
    def run(spec):
        fails = {2, 5} <= set(spec.answers["units"])
        return ran(spec, outcome=Outcome.COLLECTION_ERROR, tests=()) if fails else ran(spec)

    study = a_study(STARTS)
    (finding,) = found(frame, study, finished(frame, study, run))
    assert set(finding.named) == {"p2", "p5"}


def test_several_questions_are_answered_one_after_the_other_and_share_the_budget(frame):
    study = a_study(WALL, RATIO, budget_seconds=4000)
    assert study.share.budget_seconds == 2000
    trials = finished(frame, study, slow({3}))
    assert [finding.blame for finding in found(frame, study, trials)] == ["alone", "nothing to attribute"]
    assert [trial.block for trial in trials] == sorted(trial.block for trial in trials)
    assert len({trial.key for trial in trials}) == len(trials)


def test_a_cell_runs_once_unanalysed_before_it_is_compared(frame):
    study = a_study(WALL)
    trials = finished(frame, study, slow({3}))
    for cell in {trial.cell for trial in trials}:
        runs = [trial for trial in trials if trial.cell == cell]
        assert runs[0].warmup
        assert not any(trial.warmup for trial in runs[1:])


def test_a_block_is_a_random_order_and_its_mirror(frame):
    study = a_study(WALL)
    block = [spec for spec in finished(frame, study, slow({3})) if spec.block == 1]
    cells = [trial.cell for trial in block]
    assert cells == cells[::-1]
    assert len(set(cells)) == 3


def test_a_resumed_campaign_goes_on_where_it_was_whichever_trial_was_the_last(frame):
    study = a_study(WALL)
    trials = finished(frame, study, slow({1, 3}))
    for cut in range(0, len(trials), 17):
        session = Session(frame, study, trials[:cut])
        assert trials[cut].spec in session.next_block()
    assert Session(frame, study, trials).next_block() == ()


def test_an_unfinished_campaign_names_nobody(frame):
    study = a_study(WALL)
    (finding,) = found(frame, study, finished(frame, study, slow({3}))[:60])
    assert (finding.blame, finding.named) == ("unfinished", ())


def test_a_set_that_does_not_run_is_gone_around(frame):
    def run(spec):
        in_between = spec.answers["units"] == [0, 1, 2]
        return ran(spec, outcome=Outcome.CRASHED) if in_between else slow({3})(spec)

    study = a_study(WALL)
    (finding,) = found(frame, study, finished(frame, study, run))
    assert any("p3" in name for name in finding.named)


def test_a_set_under_which_the_suite_does_other_work_is_not_compared(frame):
    def run(spec):
        return ran(spec, tests=executed("skipped" if len(spec.answers["units"]) == 6 else "passed"))

    study = a_study(WALL)
    (finding,) = found(frame, study, finished(frame, study, run))
    assert finding.blame == "invalid"


def test_the_budget_counts_what_trials_cost(frame):
    study = a_study(WALL, budget_seconds=100)
    trials = finished(frame, study, slow({3}))
    assert sum(trial.cost_ns for trial in trials) / 1e9 <= 115  # the last block may be a warm one


def test_a_micro_cost_is_read_from_the_benchmark_of_its_name():
    target = Target(measure="micro", contender="micro", backend="sqlite", name="a request")
    trial = ran(
        a_trial().spec,
        benchmarks=({"name": "test_request", "extra": {"title": "a request"}, "stats": {"median": 1.0}},),
    )
    trial = replace(trial, spec=replace(trial.spec, cell=replace(trial.cell, contender="micro")))
    assert level(target, [trial], usual={}) == 0.0
    assert level(replace(target, name="test_request"), [trial], usual={}) == 0.0
    assert level(replace(target, name="another"), [trial], usual={}) is None


def test_a_study_comes_back_from_its_manifest_with_the_same_hash(frame):
    planned = Plan(frame=frame, studies={"blame": a_study(WALL, BREAKS)})
    written = msgspec.json.decode(msgspec.json.encode(plans.encode(planned)))
    assert plans.decode(written) == planned
    assert plans.decode(written).hash == planned.hash


OLD = LockedSet(name="adr", text="".join(f"p{n}==1 \\\n    --hash=sha256:a\n" for n in range(6)))
NEW = LockedSet(name="current", text="".join(f"p{n}==2 \\\n    --hash=sha256:b\n" for n in range(6)))


@pytest.mark.parametrize(
    ("stage", "name", "moved"),
    [
        (Stage(), "old", set()),
        (Stage(copy=1), "old-again", set()),
        (Stage(unit(*range(6))), "new", {f"p{n}" for n in range(6)}),
    ],
)
def test_the_ends_are_the_two_sets_and_the_placebo_is_the_earlier_one_again(stage, name, moved):
    study = a_study(WALL)
    pins = locked(study, study.chain, stage, before=OLD, after=NEW)
    assert pins.name == name
    assert {package for package, version in pins.versions.items() if version == "2"} == moved


def test_a_set_on_the_way_is_named_by_what_moved():
    study = a_study(WALL)
    first, again, other = (study.set_name(Stage(units)) for units in (unit(0, 2), unit(2, 0), unit(0, 3)))
    assert first == again != other
    pins = locked(study, study.chain, Stage(unit(0, 2)), before=OLD, after=NEW)
    assert {package for package, version in pins.versions.items() if version == "2"} == {"p0", "p2"}


def test_a_trial_says_for_which_stage_it_answers(frame):
    spec = Session(frame, a_study(WALL), []).next_block()[0]
    assert stage_of(spec) in {Stage(), Stage(copy=1), Stage(unit(*range(6)))}
