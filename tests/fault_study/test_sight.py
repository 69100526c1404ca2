"""What a suite makes of a fault: states, layers, pairs with an exact test, predictions, and nothing that is noise."""

import json
from pathlib import Path

import pytest

from bench.experiments.faults import runs as ran
from bench.experiments.faults.arm import Arm
from bench.experiments.faults.explaining import explain
from bench.experiments.faults.fault import Layer
from bench.experiments.faults.predictions import Match, checked_predictions, false_alarms
from bench.experiments.faults.reading import read_faults
from bench.experiments.faults.runs import (
    CLEAN,
    Ending,
    FaultRun,
    OracleFinding,
    Reason,
    layer_by_folder,
    reason_of,
)
from bench.experiments.faults.sight import best_states, only_ones, pairing, share
from bench.experiments.faults.states import State, kill_matrix, noise_of, sightings, without_noise
from bench.experiments.faults.stryker import stryker_report
from bench.experiments.faults.witnessing import Proof
from bench.statistics import mcnemar_p

SHOP = read_faults(Path(__file__).parent / "shop")
LATE, DOUBLED = (SHOP.fault(name) for name in ("discount-comes-late", "discount-is-doubled"))
TWIN, FLOW = "api/test_prices.py::test_ten", "flows/test_order.py::test_order"


def a_run(fault=LATE.id, *, arm="sync", fails=(), ending=Ending.FINISHED, block=None, **changes):
    failures = tuple(ran.TestFailure(test=test, message="assert 200 == 180") for test in fails)
    return FaultRun(
        fault=fault,
        arm=arm,
        backend="none",
        block=block,
        ending=ending,
        tests=(TWIN, FLOW),
        failures=failures,
        **changes,
    )


def states(*runs, layer=Layer.ORACLES):
    return [found.state for found in sightings(runs) if found.layer is layer]


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("assert 200 == 180", Reason.ASSERTION),
        ("AssertionError: no", Reason.ASSERTION),
        ("Failed: DID NOT RAISE ValueError", Reason.ASSERTION),
        ("RuntimeWarning: coroutine 'x' was never awaited", Reason.WARNING),
        ("pytest.PytestUnraisableExceptionWarning: ResourceWarning: unclosed", Reason.RESOURCE),
        ("TimeoutError", Reason.TIMEOUT),
        ("sqlalchemy.exc.PoolTimeout: QueuePool limit", Reason.TIMEOUT),
        ("KeyError: 'id'", Reason.ERROR),
        ("", Reason.ERROR),
    ],
)
def test_a_message_says_by_what_a_fault_was_noticed(message, reason):
    assert reason_of(message) is reason


def test_a_fault_is_killed_survives_or_is_killed_sometimes():
    assert states(a_run(fails=[TWIN]), a_run(fails=[TWIN], block=1)) == [State.KILLED]
    assert states(a_run(), a_run(block=1)) == [State.SURVIVED]
    assert states(a_run(), a_run(fails=[TWIN], block=1)) == [State.SOMETIMES]


def test_hangs_and_broken_collection_are_states_and_what_was_not_run_is_none():
    assert states(a_run(ending=Ending.TIMED_OUT, unfinished=TWIN)) == [State.TIMED_OUT]
    assert states(a_run(ending=Ending.BROKE_COLLECTION)) == [State.BROKE_COLLECTION]
    assert states(a_run(ending=Ending.DIED, unfinished=TWIN)) == [State.KILLED]
    assert states(a_run(ending=Ending.NOT_RUN)) == [State.NOT_RUN]


def test_a_layer_sees_what_the_layers_before_it_see():
    flow = a_run(fails=[FLOW])
    assert [found.state for found in sightings([flow])] == [State.SURVIVED, *[State.KILLED] * 3]
    assert [layer_by_folder(test) for test in (TWIN, FLOW)] == [Layer.TWINS, Layer.FLOWS]


def test_an_oracles_finding_is_a_layer_of_its_own():
    found = OracleFinding(test=TWIN, oracle="open transaction", message="1")
    assert [s.state for s in sightings([a_run(findings=(found,))])] == [*[State.SURVIVED] * 3, State.KILLED]


def test_what_fails_on_the_clean_application_says_nothing_of_a_fault():
    runs = [a_run(CLEAN, fails=[TWIN]), a_run(fails=[TWIN])]
    assert states(*without_noise(runs, noise_of(runs))) == [State.SURVIVED]


@pytest.mark.parametrize("clean", [[], [a_run(CLEAN, ending=Ending.TIMED_OUT)]])
def test_an_arm_that_does_not_get_through_without_a_fault_is_not_run(clean):
    runs = [*clean, a_run(fails=[TWIN])]
    (heard,) = without_noise(runs, noise_of(runs))
    assert heard.ending is Ending.NOT_RUN
    assert "on the clean application" in heard.message


def test_the_kill_matrix_counts_the_runs_that_executed_a_test():
    (kill,) = kill_matrix([a_run(fails=[TWIN]), a_run(block=1)])
    assert (kill.test, kill.kills, kill.runs, kill.reason) == (TWIN, 1, 2, Reason.ASSERTION)


def test_arms_are_paired_by_fault_with_the_exact_test():
    runs = [a_run(fails=[TWIN]), a_run(arm="async"), a_run(DOUBLED.id, fails=[TWIN]), a_run(DOUBLED.id, arm="async")]
    best = best_states(sightings(runs))
    found = pairing(best, SHOP.bugs, "sync", "async", layer=Layer.TWINS)
    assert (found.both, found.only_first, found.only_second, found.neither) == (0, 2, 0, 0)
    assert found.p == mcnemar_p(2, 0)
    assert share(best, SHOP.bugs, "sync", layer=Layer.TWINS).seen == 2
    assert share(best, [], "sync", layer=Layer.TWINS).interval is None


@pytest.mark.parametrize(
    ("sees", "misses", "why"),
    [
        (["sync"], ["async"], "undetermined"),
        (["sync"], ["sync-bridged", "async"], "wiring"),
        (["sync", "sync-bridged"], ["async", "async-session"], "style"),
    ],
)
def test_a_difference_is_the_styles_only_if_all_arms_of_both_agree(sees, misses, why):
    arms = tuple(Arm(id=name, title="", style=name.partition("-")[0]) for name in (*sees, *misses))
    runs = [a_run(arm=name, fails=[TWIN]) for name in sees] + [a_run(arm=name) for name in misses]
    found = only_ones(best_states(sightings(runs)), [LATE], arms, layer=Layer.TWINS)
    assert {only.why for only in found if (only.seer, only.misser) == ("sync", "async")} == {why}


@pytest.mark.parametrize(
    ("fault", "fails", "match"),
    [
        (LATE, [TWIN], Match.AS_PREDICTED),
        (LATE, [FLOW], Match.LATER),
        (LATE, [], Match.MISSED),
        (DOUBLED, [TWIN], Match.UNEXPECTED),
        (DOUBLED, [], Match.AS_PREDICTED),
    ],
)
def test_predictions_are_compared_with_what_was_seen(fault, fails, match):
    best = best_states(sightings([a_run(fault.id, fails=fails)]))
    (checked,) = checked_predictions(best, [fault], [Arm(id="sync", title="", style="sync")])
    assert checked.match is match


def test_what_fails_on_a_correct_change_is_a_false_alarm():
    control = SHOP.controls[0]
    (alarm,) = false_alarms(kill_matrix([a_run(control.id, fails=[TWIN])]), SHOP.controls)
    assert (alarm.control, alarm.test, alarm.is_always) == (control.id, TWIN, True)


def test_the_mutation_report_holds_every_fault_with_its_status_and_who_killed_it():
    runs = [a_run(fails=[TWIN]), a_run(DOUBLED.id)]
    shown = [found for found in sightings(runs) if found.layer is Layer.ORACLES]
    covering = {fault.id: [TWIN] for fault in SHOP.bugs}
    report = stryker_report(SHOP.application, SHOP.bugs, shown, kill_matrix(runs), covering=covering)
    mutants = {mutant["id"]: mutant for mutant in report["files"]["shop.py"]["mutants"]}
    assert {name: mutant["status"] for name, mutant in mutants.items()} == {LATE.id: "Killed", DOUBLED.id: "Survived"}
    assert mutants[LATE.id]["killedBy"] == [TWIN]
    assert mutants[LATE.id]["location"]["start"]["line"] == 7
    json.dumps(report)


def test_a_fault_is_explained_by_its_change_its_witness_and_who_saw_it():
    runs = [a_run(fails=[TWIN])]
    proof = Proof(fault=LATE.id, backend="none", is_valid=True, damage="ten pieces of 20 cost 200")
    words = explain(
        SHOP,
        LATE,
        arms=[Arm(id="sync", title="", style="sync")],
        best=best_states(sightings(runs)),
        kills=kill_matrix(runs),
        proofs=[proof],
    )
    assert "+    return total - total // 10 if quantity > 10" in words
    assert "first by its twins" in words
    assert TWIN in words
    assert "ten pieces of 20 cost 200" in words
