"""Every claim is judged twice and compared with itself; a broken set is a finding and refutes nothing."""

import pytest

from bench.claims.weighed import Verdict
from bench.judgement.finding import Decision
from bench.model import FailedPhase, Outcome
from bench.revalidation.findings import Stage, Transition
from bench.revalidation.transitions import transition
from bench.storage.history import History
from bench.storage.run_folder import RevalidationRecord, SetFailure
from tests.revalidate.conftest import a_set

SLOWER = {"async@old": 1.3, "async@new": 1.3}
TURNED = {"async@old": 1.3, "async@new": 0.8}
DECISIVE = (Verdict.SUPPORTED, Verdict.REFUTED, Verdict.EQUIVALENT)
UNWEIGHED = (Verdict.INVALID, Verdict.NOT_MEASURED)


def failing(message, *, path="/env/lib/python3.11/site-packages/pluggy/_hooks.py"):
    failure = FailedPhase("api/test_users.py::test_login", "call", path, 7, message)
    return {
        "outcome": Outcome.FAILED,
        "message": f"api/test_users.py::test_login\nE   {message}",
        "failures": (failure,),
    }


def became(found):
    return {claim.id: claim.transition for claim in found.claims}


@pytest.mark.parametrize("verdict", DECISIVE)
def test_an_answer_that_stays_is_held(verdict):
    assert transition(verdict, verdict) is Transition.HELD


@pytest.mark.parametrize(("before", "after"), [(a, b) for a in DECISIVE for b in DECISIVE if a is not b])
def test_only_from_an_answer_to_another_one_is_a_flip(before, after):
    assert transition(before, after) is Transition.FLIPPED


@pytest.mark.parametrize("before", DECISIVE)
def test_an_answer_that_is_lost_is_inconclusive_or_broken(before):
    assert transition(before, Verdict.INCONCLUSIVE) is Transition.NEWLY_INCONCLUSIVE
    assert {transition(before, after) for after in UNWEIGHED} == {Transition.NEWLY_BROKEN}


@pytest.mark.parametrize("before", [Verdict.INCONCLUSIVE, *UNWEIGHED])
def test_without_an_answer_before_there_is_none_to_flip(before):
    assert {transition(before, after) for after in DECISIVE} == {Transition.NEWLY_MEASURED}
    assert transition(before, before) is Transition.OPEN


def test_what_could_be_weighed_and_cannot_any_more_is_broken():
    assert {transition(Verdict.INCONCLUSIVE, after) for after in UNWEIGHED} == {Transition.NEWLY_BROKEN}


def test_an_upgrade_that_changes_nothing_holds_every_claim(two_sets):
    found = two_sets(SLOWER)
    assert became(found) == {"faster@sqlite": Transition.HELD, "never@sqlite": Transition.HELD}
    assert found.sentence == "The upgrade leaves the decision as it was, stands."
    assert [change.words for change in found.changes if change.metric == "wall"] == ["unchanged within ±5 %"]


def test_a_planted_change_flips_the_claim_and_the_decision(two_sets):
    found = two_sets(TURNED)
    assert became(found)["faster@sqlite"] is Transition.FLIPPED
    assert found.sentence == "The upgrade moves the decision from stands to challenged: faster@sqlite flipped."
    (wall,) = [change for change in found.changes if change.metric == "wall"]
    assert wall.estimate.low < 0.8 / 1.3 < wall.estimate.high


@pytest.mark.parametrize("profile", ["smoke", "quick"])
def test_a_small_profile_warns_of_a_flip_and_does_not_make_it(two_sets, profile):
    found = two_sets(TURNED, profile=profile)
    assert became(found)["faster@sqlite"] is Transition.FLIPPED
    assert found.after.decision.decision is Decision.UNDETERMINED
    assert "never flips a decision alone" in found.after.decision.sentence


def test_a_small_profile_leaves_a_decision_that_was_challenged_before(two_sets):
    found = two_sets({"async@old": 0.8, "async@new": 0.8}, profile="quick")
    assert found.after.decision.decision is Decision.CHALLENGED


def test_claims_about_contenders_that_are_left_out_do_not_keep_the_decision_open(two_sets):
    found = two_sets(SLOWER)
    assert "about-another@sqlite" not in {claim.id for claim in found.after.claims}
    assert found.after.decision.decision is Decision.STANDS


def test_a_suite_that_never_passes_under_a_set_is_broken_and_refutes_nothing(two_sets):
    found = two_sets(SLOWER, {"sync@new": failing("AttributeError: gone")})
    assert set(became(found).values()) == {Transition.NEWLY_BROKEN}
    assert Verdict.REFUTED not in {claim.verdict for claim in found.after.claims}
    assert found.after.decision.decision is Decision.UNDETERMINED
    assert found.before.decision.decision is Decision.STANDS
    assert found.unfit_because == ()


def test_a_newly_failing_test_is_told_with_its_line_and_the_package(two_sets):
    (problem,) = two_sets(SLOWER, {"async@new": failing("AttributeError: gone")}).problems
    assert (problem.stage, problem.standing, problem.dependency_set) == (Stage.TEST, "new", "new")
    assert (problem.line, problem.package) == ("AttributeError: gone", "pluggy")
    assert (problem.tests, problem.contenders) == (1, ("async",))


def test_a_warning_turned_error_is_told_as_one(two_sets):
    (problem,) = two_sets(SLOWER, {"async@new": failing("DeprecationWarning: use the other one")}).problems
    assert problem.stage is Stage.WARNING


def test_what_fails_under_both_sets_is_told_once_and_is_not_new(two_sets):
    broken = failing("AttributeError: gone")
    (problem,) = two_sets(SLOWER, {"async@new": broken, "async@old": broken}).problems
    assert problem.standing == "under both"


def test_what_the_upgrade_mends_is_told_as_gone(two_sets):
    (problem,) = two_sets(SLOWER, {"async@old": failing("AttributeError: gone")}).problems
    assert (problem.standing, problem.dependency_set) == ("gone", "old")


def test_equal_errors_of_many_contenders_are_one_problem(two_sets):
    broken = {f"{name}@new": failing(f"OSError: port {number}") for number, name in enumerate(("sync", "async"))}
    (problem,) = two_sets(SLOWER, broken).problems
    assert set(problem.contenders) == {"sync", "async"}


@pytest.mark.parametrize(
    ("message", "stage"),
    [
        ("conftest.py:1: in <module>\nE   ModuleNotFoundError: No module named 'pluggy'", Stage.IMPORT),
        ("ImportError while loading conftest\nE   starlette.errors.OldWarning: use httpx2", Stage.WARNING),
        ("ERROR collecting\nE   ValueError: duplicate parametrization", Stage.COLLECT),
        ("usage: pytest\n  inifile: x\nerror: unrecognized arguments: --new", Stage.COLLECT),
    ],
)
def test_suites_that_do_not_import_or_collect_are_problems(two_sets, message, stage):
    (problem,) = two_sets(SLOWER, {"async@new": {"outcome": Outcome.COLLECTION_ERROR, "message": message}}).problems
    assert problem.stage is stage
    assert problem.line == message.rpartition("\n")[2].removeprefix("E   ").removeprefix("error: ")


@pytest.mark.parametrize(("stage", "told"), [("resolve", Stage.RESOLVE), ("install", Stage.INSTALL)])
def test_a_set_that_cannot_be_measured_breaks_every_claim_that_was_answered(two_sets, stage, told):
    failures = {"new": SetFailure(stage=stage, message="Because pluggy==9 does not exist")}
    record = RevalidationRecord(before="old", after="new", failures=failures, history=History())
    found = two_sets(SLOWER, measured=("old",), packages={"old": {"pluggy": "1.5"}}, manifest={"revalidation": record})
    assert set(became(found).values()) == {Transition.NEWLY_BROKEN}
    assert [(problem.stage, problem.line) for problem in found.problems] == [(told, "Because pluggy==9 does not exist")]
    assert found.packages == ()


def test_new_deprecations_that_the_suite_lets_pass_are_told(two_sets):
    warning = {"category": "DeprecationWarning", "message": "old API", "path": "/e/site-packages/pluggy/_hooks.py"}
    facts = {"facts": {"requests": {}, "warnings": [warning]}}
    (problem,) = two_sets(SLOWER, {"async@new": facts}).problems
    assert (problem.stage, problem.line, problem.package) == (
        Stage.DEPRECATION,
        "DeprecationWarning: old API",
        "pluggy",
    )


def test_a_pin_that_did_not_land_is_told(two_sets):
    sets = {"old": a_set({"pluggy": "1.5"}), "new": a_set({"pluggy": "1.6"}, locked={"pluggy": "1.7"})}
    (problem,) = two_sets(SLOWER, manifest={"dependency_sets": sets}).problems
    assert problem.line == "pluggy is locked as 1.7, installed is 1.6"


def test_a_machine_that_was_unfit_is_asked_of_the_whole_run(two_sets, make_trial):
    busy = {"before": make_trial().before.__class__(load_1min=99.0, steal_ticks=0)}
    found = two_sets(SLOWER, {"async@new": busy, "sync@new": busy, "sync@old": busy})
    assert len(found.unfit_because) == 1
    assert found.sentence.startswith("The upgrade cannot be judged: the median load was 99.0")
    assert found.before.invalid_because == found.after.invalid_because


def test_flakes_are_hunted_under_both_sets(two_sets):
    found = two_sets(SLOWER, flakiness_seconds=100.0, budget_seconds=400.0)
    hunted = [{cell.cell for cell in analysis.flakiness.cells} for analysis in (found.before, found.after)]
    assert hunted == [{"sync@sqlite/old", "async@sqlite/old"}, {"sync@sqlite/new", "async@sqlite/new"}]
