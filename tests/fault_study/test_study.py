"""A fault study: witnesses first, then every arm on what is proved; and what follows from what they saw."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from bench.claims.claim import Claim
from bench.claims.weighed import Verdict
from bench.configuration.rows import FaultsRow, LevelRow, WiringRow
from bench.drawing.sheet import draw
from bench.errors import ConfigurationError
from bench.experiments.contract import Request
from bench.experiments.faults import page
from bench.experiments.faults.blocks import CLEAN_RUNS, REPEATS, SUITES, WHOLE
from bench.experiments.faults.choosing import changed_functions, chosen
from bench.experiments.faults.claims import enters_as_much, few_missed, sees_as_much
from bench.experiments.faults.fault import SUITE, Layer
from bench.experiments.faults.study import plan as plan_study
from bench.model import ExecutedTest, FailedPhase, Outcome
from tests.made_up import finding_of, findings_of_run

HERE = Path(__file__).parent
LATE, DOUBLED, CONTROL = "discount-comes-late", "discount-is-doubled", "control-product-turned-round"
ARMS = ("sync", "async", "sync rollback")
WIRING = WiringRow(
    contenders=("sync", "async"),
    levels={"rollback": LevelRow(choice="isolation", environment={"ISOLATION": "rollback"})},
    crossed=(),
)
TEST = "tests/test_prices.py::test_ten"


@pytest.fixture
def make_study_plan(make_plan, make_contender):
    def make(arms=ARMS, *, folder="shop", root=HERE):
        contenders = [make_contender(name, backends=("none",)) for name in ("sync", "async")]
        plan = make_plan(*contenders, backends=("none",))
        row = None if folder is None else FaultsRow(folder=folder, arms=arms)
        config = type("Config", (), {"root": root, "faults": row, "wiring": WIRING, "contenders": contenders})
        study = plan_study(Request(config=config, frame=plan.frame, size="full", claims=(), alone=True))
        return replace(plan, studies={"faults": study})

    return make


@pytest.fixture
def seeing(make_trial):
    """Give an executor: witnesses see faults but those `unproved`, arms those in `seen`, and `noise` always fails."""

    def seeing(seen=(), *, unproved=(), noise=(), broken=()):
        def execute(spec):
            fault = spec.answers["fault"]
            if "witness" in spec.answers:
                damaged = fault and fault != CONTROL and fault not in unproved
                return make_trial(spec, result={"outcome": "failed" if damaged else "passed", "message": "too dear"})
            arm = spec.answers["arm"]
            if (arm, fault) in broken:
                return make_trial(spec, outcome=Outcome.HUNG, unfinished=TEST)
            fails = (arm, fault) in seen or arm in noise
            return make_trial(
                spec,
                outcome=Outcome.FAILED if fails else Outcome.PASSED,
                tests=(ExecutedTest(TEST, "failed" if fails else "passed", 1, 1, 1),),
                failures=(FailedPhase(TEST, "call", "test_prices.py", 3, "assert 200 == 180"),) if fails else (),
            )

        return execute

    return seeing


def a_claim(kind, **terms):
    return Claim(
        id="claim",
        section="",
        statement="",
        goal="fault detection",
        kind=kind,
        subject="sync",
        rival="async",
        weight="informs",
        **terms,
    )


def test_witnesses_look_first_once_at_the_clean_application_and_at_each_fault(make_study_plan, measure, seeing):
    trials = measure(make_study_plan(), seeing())
    looked = [trial.spec.answers["fault"] for trial in trials if "witness" in trial.spec.answers]
    assert looked == ["", CONTROL, LATE, DOUBLED]
    assert not any("witness" in trial.spec.answers for trial in trials[4:])


def test_every_arm_runs_on_the_clean_application_and_on_every_fault(make_study_plan, measure, seeing):
    trials = [trial for trial in measure(make_study_plan(), seeing()) if trial.block in (CLEAN_RUNS, SUITES)]
    assert [(t.spec.answers["arm"], t.spec.answers["fault"]) for t in trials] == [
        (arm, fault) for fault in ("", CONTROL, LATE, DOUBLED) for arm in ARMS
    ]
    wired = trials[-1].spec
    assert wired.environment == {
        "ISOLATION": "rollback",
        "TWINBENCH_INSTEAD": "shop={scratch}/fault-0.py",
        "TWINBENCH_ORACLES": "note",
    }
    assert "total // 5" in wired.files["fault-0.py"]


ENTERED = {"tests": ["a", "b", "c"], "calls": {"shop:4": "1", "shop:9": "6"}, "always": []}


def test_a_fault_is_put_before_the_tests_that_enter_what_it_changes_and_some_before_all(
    make_study_plan, measure, seeing
):
    plan = make_study_plan(arms=("sync",))
    (function,) = plan.studies["faults"].patches[LATE].functions
    entered = {**ENTERED, "calls": {function: "2"}}
    execute = seeing()
    trials = measure(plan, lambda spec: replace(execute(spec), facts={"entered": entered}))
    ran = [trial.spec for trial in trials if trial.spec.answers["fault"] == LATE and "arm" in trial.spec.answers]
    orders = {spec.block: spec.environment.get("TWINBENCH_ORDER") for spec in ran}
    assert orders == {SUITES: '{"without": ["a", "c"]}', WHOLE: None}
    assert trials[4].spec.environment["TWINBENCH_CALLS"] == "shop"


@pytest.mark.parametrize(
    ("functions", "tests"),
    [
        (["shop:4"], ("a",)),
        (["shop:9"], ("b", "c")),
        (["shop:4", "shop:9"], None),
        (["shop:1"], None),
    ],
    ids=["one", "two of three", "nearly all", "none"],
)
def test_the_tests_that_enter_a_function_are_chosen_where_that_is_worth_it(functions, tests):
    assert chosen(ENTERED, functions) == tests


def test_all_tests_are_meant_where_a_function_is_entered_outside_of_a_test_or_nothing_was_noted():
    assert chosen({**ENTERED, "always": ["shop:4"]}, ["shop:4"]) is None
    assert chosen({}, ["shop:4"]) is None


MODULE = """import os

LIMIT = 3

@cached(
    LIMIT)
def outer(given=1):
    total = 0

    def inner():
        return given

    return inner()


async def last():
    pass
"""


@pytest.mark.parametrize(
    ("lines", "functions"),
    [
        ([8], {"shop:7"}),
        ([11], {"shop:10"}),
        ([8, 17], {"shop:7", "shop:16"}),
        ([13, 14], {"shop:7"}),
        ([3], None),
        ([6], None),
        ([7], None),
        ([10], None),
        ([14, 15], None),
    ],
)
def test_a_change_belongs_to_the_innermost_function_and_outside_of_bodies_to_all(lines, functions):
    assert changed_functions("shop", MODULE, lines) == functions


def test_a_test_that_was_not_chosen_and_sees_the_fault_is_named(make_study_plan, measure, seeing):
    plan = make_study_plan(arms=("sync",))
    blind, sharp = seeing(), seeing(seen={("sync", LATE)})

    def execute(spec):
        trial = (sharp if spec.block == WHOLE else blind)(spec)
        return replace(trial, tests=()) if spec.block == SUITES else trial

    found = finding_of(plan, "faults", measure(plan, execute))
    assert (found.choice.run, found.choice.checked) == (0, 3)
    assert [(each.fault, each.test) for each in found.choice.missed] == [(LATE, TEST)]
    assert any(f"further tests saw a fault: {TEST} ({LATE})" in words for words in page.section(found).paragraphs)


def test_what_arms_do_not_see_alike_is_run_three_times_more_and_so_is_the_clean_application(
    make_study_plan, measure, seeing
):
    trials = measure(make_study_plan(), seeing(seen={("sync", LATE), *((arm, DOUBLED) for arm in ARMS)}))
    again = [(t.spec.answers["arm"], t.spec.answers["fault"]) for t in trials if t.block >= REPEATS]
    assert again == [(arm, fault) for _ in range(3) for fault in ("", LATE) for arm in ARMS]


def test_what_is_red_in_one_run_of_four_is_seen_sometimes_and_counts_as_not_seen(make_study_plan, measure, seeing):
    plan = make_study_plan()
    always, never = seeing(seen={("sync", LATE)}), seeing()
    trials = measure(plan, lambda spec: (always if spec.block == SUITES else never)(spec))
    found = finding_of(plan, "faults", trials)
    whole = next(share for share in found.shares if (share.arm, share.kind, share.layer) == ("sync", "all", SUITE))
    assert (whole.seen, whole.sometimes) == (0, 1)
    assert not found.only_ones


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


def test_a_run_on_a_fault_may_take_six_times_as_long_as_the_first_one(make_study_plan, measure, seeing):
    execute = seeing()
    trials = measure(make_study_plan(arms=("sync",)), lambda spec: replace(execute(spec), wall_ns=20_000_000_000))
    assert {trial.block: trial.spec.timeout_seconds for trial in trials if "arm" in trial.spec.answers} == {
        CLEAN_RUNS: 0.0,
        SUITES: 120.0,
        WHOLE: 120.0,
    }


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


def test_a_study_ends_with_its_budget(make_study_plan, measure, seeing):
    plan = make_study_plan()
    short = replace(plan, frame=replace(plan.frame, budget_seconds=1e-6))
    assert len(measure(short, seeing())) == 4


def test_a_file_that_is_no_module_cannot_be_exchanged_and_is_left_out(make_study_plan, measure, seeing, tmp_path):
    (tmp_path / "shop").mkdir()
    for path in (HERE / "shop").glob("*.*"):
        (tmp_path / "shop" / path.name).write_text(path.read_text("utf-8"), "utf-8")
    (tmp_path / "shop" / "more.toml").write_text(
        'class = "mine"\n[[faults]]\nid = "words"\ntitle = "Words"\nfile = "words.txt"\nanchor = "a"\n'
        'replacement = "b"\nbackends = ["none"]\nwitness = "witnesses.py::none"\nprediction = { all = "twins" }\n',
        "utf-8",
    )
    study = make_study_plan(root=tmp_path).studies["faults"]
    assert study.patches["words"].why_not == "words.txt is no module, and only modules can be exchanged for a suite"


def test_a_module_that_came_before_its_fault_makes_no_run_of_it(make_study_plan, measure, seeing):
    plan = make_study_plan()
    execute = seeing(seen={("async", LATE)})

    def late(spec):
        is_late = spec.answers.get("arm") == "async" and spec.answers["fault"]
        return replace(execute(spec), facts={"not_exchanged": ["shop"]} if is_late else {})

    found = finding_of(plan, "faults", measure(plan, late))
    assert {share.faults for share in found.shares if share.arm == "async"} == {0}


def test_a_fault_that_is_not_proved_is_left_out_and_said(make_study_plan, measure, seeing):
    plan = make_study_plan()
    trials = measure(plan, seeing(unproved=(DOUBLED,)))
    assert DOUBLED not in {t.spec.answers["fault"] for t in trials if "arm" in t.spec.answers}
    found = finding_of(plan, "faults", trials)
    assert [fault.id for fault in found.proved] == [LATE]
    assert any(DOUBLED in line and "shows no damage" in line for line in page.section(found).left_out)


def test_code_that_has_moved_is_left_out_with_its_reason(make_study_plan, measure, seeing, tmp_path):
    (tmp_path / "shop").mkdir()
    for path in (HERE / "shop").glob("*.*"):
        text = path.read_text("utf-8").replace("total // 10", "total // 9") if path.suffix == ".py" else None
        (tmp_path / "shop" / path.name).write_text(text or path.read_text("utf-8"), "utf-8")
    plan = make_study_plan(root=tmp_path)
    found = finding_of(plan, "faults", measure(plan, seeing()))
    assert any(DOUBLED in line and "is not there any more" in line for line in page.section(found).left_out)


def test_what_fails_on_the_clean_application_sees_nothing(make_study_plan, measure, seeing):
    plan = make_study_plan()
    found = finding_of(plan, "faults", measure(plan, seeing(seen={("sync", LATE)}, noise=("async",))))
    assert [(share.arm, share.seen, share.faults) for share in found.shares if share.kind == "all"][::4] == [
        ("sync", 1, 2),
        ("async", 0, 2),
        ("sync rollback", 0, 2),
    ]
    assert any("async fails on the unchanged application" in line for line in page.section(found).left_out)


def test_an_arm_that_hangs_on_the_clean_application_says_nothing_of_any_fault(make_study_plan, measure, seeing):
    plan = make_study_plan()
    found = finding_of(plan, "faults", measure(plan, seeing(seen={("async", LATE)}, broken={("async", "")})))
    assert {share.faults for share in found.shares if share.arm == "async"} == {0}


def test_the_page_names_who_sees_what_and_what_alarms_falsely(make_study_plan, measure, seeing):
    plan = make_study_plan()
    found = finding_of(plan, "faults", measure(plan, seeing(seen={("sync", LATE), ("sync rollback", CONTROL)})))
    assert page.headline(found) == (
        "Of 2 proved faults the suites see: sync 1, async 0 and sync rollback 0. 1 correct change raised a false alarm."
    )
    section = page.section(found)
    assert {"table-faults-only", "table-faults-alarms"} <= {table.id for table in section.tables}


def test_a_study_means_the_same_when_it_is_read_from_a_manifest(make_study_plan):
    plan = make_study_plan()
    study = plan.studies["faults"]
    assert msgspec.json.decode(msgspec.json.encode(study, order="sorted"), type=type(study)) == study


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


def test_the_kill_matrix_says_what_all_some_and_none_see_and_draws(make_study_plan, measure, seeing):
    plan = make_study_plan()
    found = finding_of(plan, "faults", measure(plan, seeing(seen={("sync", LATE)})))
    (chart,) = page.section(found).charts
    assert chart.title == "Of 2 proved faults, 0 are seen by every suite, 1 by some, 1 by none"
    assert len(chart.table.rows) == 3
    assert draw(chart.name, chart.sheet).svg.count(b"twins") >= 1


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


def sample_of(plan, **changes):
    return replace(
        plan, studies={"faults": replace(plan.studies["faults"], faults_in_set=72, seconds=120.0, **changes)}
    )


def test_a_sample_that_shows_no_difference_supports_nothing(make_study_plan, measure, seeing, make_manifest):
    plan = sample_of(make_study_plan())
    findings = findings_of_run(make_manifest(plan), measure(plan, seeing())).findings
    for weigh, terms in ((few_missed, {"at_most": 0.95}), (sees_as_much, {"terms": {"classes": ["one-request"]}})):
        weighed = weigh(a_claim("claim", **terms), "none", findings)
        assert (weighed.verdict, weighed.would_flip) == (
            Verdict.INCONCLUSIVE,
            "the rest of the faults: nox -s bench -- faults",
        )


def test_a_sample_says_of_how_many_it_is_and_is_not_checked(make_study_plan, measure, seeing):
    plan = sample_of(make_study_plan())
    found = finding_of(plan, "faults", measure(plan, seeing()))
    assert page.headline(found).startswith("Of 2 proved faults of a sample of the 72 declared the suites see: ")
    assert found.choice.checked == 0


def test_a_sample_takes_no_longer_than_it_may(make_study_plan, measure, seeing):
    plan = sample_of(make_study_plan())
    slow = seeing()
    trials = measure(plan, lambda spec: replace(slow(spec), wall_ns=1_000_000_000_000))
    assert len(trials) < 20


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"folder": None}, "there are no faults to study"),
        ({"arms": ("nobody",)}, "of an unknown contender"),
        ({"arms": ("sync upside-down",)}, "cannot be wired as 'upside-down'"),
    ],
)
def test_a_study_that_cannot_be_made_is_refused_with_a_sentence(make_study_plan, changes, error):
    with pytest.raises(ConfigurationError, match=error):
        make_study_plan(**changes)
