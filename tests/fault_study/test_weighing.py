"""What follows from a study for claims, and what one run, a sample or a part of it cannot say."""

from dataclasses import replace

import pytest

from bench.claims.weighed import Verdict
from bench.experiments.faults import page
from bench.experiments.faults.blocks import REPEATS, WHOLE
from bench.experiments.faults.claims import enters_as_much, few_missed, sees_as_much
from bench.experiments.faults.fault import SUITE, Layer
from tests.fault_study.conftest import DOUBLED, LATE, TEST, a_claim, sample_of
from tests.made_up import finding_of, findings_of_run


def test_what_an_oracle_alone_finds_is_a_layer_of_its_own_and_moves_no_claim(
    make_study_plan, measure, seeing, make_manifest
):
    plan, execute = make_study_plan(), seeing()

    def noting(spec):
        is_found = spec.answers.get("arm") == "async" and spec.answers["fault"] == LATE and spec.block != WHOLE
        return replace(execute(spec), facts={"oracle": [[TEST, "pending-task", "work is pending"]]} if is_found else {})

    trials = measure(plan, noting)
    found = finding_of(plan, "faults", trials)
    shares = {share.layer: share.seen for share in found.shares if (share.arm, share.kind) == ("async", "all")}
    assert (shares[SUITE], shares[Layer.ORACLES]) == (0, 1)
    findings = findings_of_run(make_manifest(plan), trials).findings
    weighed = sees_as_much(a_claim("sees-as-much", terms={"classes": ["one-request"]}), "none", findings)
    assert weighed.verdict is Verdict.SUPPORTED


def test_a_difference_that_did_not_run_again_is_not_named(make_study_plan, measure, seeing, make_manifest):
    plan = make_study_plan()
    every = measure(plan, seeing(seen={("async", LATE)}))
    early = [trial for trial in every if trial.block < REPEATS]
    found = {len(trials): finding_of(plan, "faults", trials) for trials in (every, early)}
    assert [len(each.only_ones) for each in found.values()] == [2, 0]
    assert any("not run again" in line and LATE in line for line in page.section(found[len(early)]).left_out)
    findings = findings_of_run(make_manifest(plan), early).findings
    weighed = sees_as_much(a_claim("sees-as-much", terms={"classes": ["one-request"]}), "none", findings)
    assert (weighed.verdict, LATE in weighed.reason) == (Verdict.INCONCLUSIVE, True)


def test_an_arm_that_never_ran_keeps_no_difference_from_being_named(make_study_plan, measure, seeing):
    plan = make_study_plan()
    every = measure(plan, seeing(seen={("async", LATE)}))
    found = finding_of(plan, "faults", [trial for trial in every if trial.spec.answers.get("arm") != "sync rollback"])
    assert [(one.seer, one.misser) for one in found.only_ones] == [("async", "sync")]


def test_faults_that_were_not_reached_leave_it_open_whether_all_are_seen(
    make_study_plan, measure, seeing, make_manifest
):
    plan = make_study_plan()
    trials = [trial for trial in measure(plan, seeing()) if trial.spec.answers["fault"] != DOUBLED or trial.block == 0]
    findings = findings_of_run(make_manifest(plan), trials).findings
    weighed = sees_as_much(a_claim("sees-as-much", terms={"classes": ["one-request"]}), "none", findings)
    assert (weighed.verdict, weighed.reason) == (Verdict.INCONCLUSIVE, "1 proved fault not reached")
    assert weighed.would_flip == "the rest of the faults: nox -s bench -- faults"


@pytest.mark.parametrize(
    ("seen", "at_most", "verdict"),
    [
        ((), 0.95, Verdict.SUPPORTED),
        ((), 0.1, Verdict.INCONCLUSIVE),
        (("async",), 0.1, Verdict.REFUTED),
    ],
)
def test_few_are_missed_where_the_whole_interval_says_so(
    make_study_plan, measure, seeing, make_manifest, seen, at_most, verdict
):
    plan = make_study_plan()
    trials = measure(plan, seeing(seen={(arm, fault) for arm in seen for fault in (LATE, DOUBLED)}))
    findings = findings_of_run(make_manifest(plan), trials).findings
    assert few_missed(a_claim("few-missed", at_most=at_most), "none", findings).verdict is verdict


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        ({("sync", LATE), ("async", LATE)}, Verdict.SUPPORTED),
        ({("sync", LATE), ("async", DOUBLED)}, Verdict.REFUTED),
    ],
)
def test_one_fault_that_only_the_rival_sees_refutes_that_the_subject_sees_as_much(
    make_study_plan, measure, seeing, make_manifest, seen, verdict
):
    plan = make_study_plan()
    findings = findings_of_run(make_manifest(plan), measure(plan, seeing(seen=seen))).findings
    weighed = sees_as_much(a_claim("sees-as-much", terms={"classes": ["one-request"]}), "none", findings)
    assert weighed.verdict is verdict
    assert (DOUBLED in weighed.reason) == (verdict is Verdict.REFUTED)


@pytest.mark.parametrize(
    ("own", "verdict"), [({"shop:4": "1", "shop:9": "1"}, Verdict.SUPPORTED), ({"shop:4": "1"}, Verdict.REFUTED)]
)
def test_the_functions_that_only_the_rival_enters_are_named(
    make_study_plan, measure, seeing, make_manifest, own, verdict
):
    plan, execute = make_study_plan(), seeing()

    def noting(spec):
        calls = own if spec.answers.get("arm", "").startswith("sync") else {"shop:9": "1"}
        return replace(execute(spec), facts={"entered": {"tests": [TEST], "calls": calls, "always": ["shop:1"]}})

    findings = findings_of_run(make_manifest(plan), measure(plan, noting)).findings
    weighed = enters_as_much(a_claim("enters-as-much"), "none", findings)
    assert (weighed.verdict, "shop:9" in weighed.reason) == (verdict, verdict is Verdict.REFUTED)


def test_claims_without_a_study_are_not_measured(make_plan, make_contender, make_manifest):
    findings = findings_of_run(make_manifest(make_plan(make_contender("sync"))), []).findings
    for weigh in (few_missed, sees_as_much, enters_as_much):
        assert weigh(a_claim("few-missed", at_most=0.1), "none", findings).verdict is Verdict.NOT_MEASURED


def test_what_one_wiring_sees_is_not_missed_by_its_contender(make_study_plan, measure, seeing, make_manifest):
    plan = make_study_plan()
    seen = {("sync rollback", LATE), ("async", LATE), ("async", DOUBLED)}
    findings = findings_of_run(make_manifest(plan), measure(plan, seeing(seen=seen))).findings
    weighed = sees_as_much(a_claim("sees-as-much", terms={"classes": ["one-request"]}), "none", findings)
    assert (LATE in weighed.reason, DOUBLED in weighed.reason) == (False, True)
    assert "of 2 faults in one-request, in any wiring, sync sees 1, async 2" in weighed.numbers


def test_a_sample_that_shows_no_difference_supports_nothing(make_study_plan, measure, seeing, make_manifest):
    plan = sample_of(make_study_plan())
    findings = findings_of_run(make_manifest(plan), measure(plan, seeing())).findings
    for weigh, terms in ((few_missed, {"at_most": 0.95}), (sees_as_much, {"terms": {"classes": ["one-request"]}})):
        weighed = weigh(a_claim("claim", **terms), "none", findings)
        assert (weighed.verdict, weighed.would_flip) == (
            Verdict.INCONCLUSIVE,
            "the rest of the faults: nox -s bench -- faults",
        )
