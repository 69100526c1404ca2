"""A fault study: witnesses first, then every arm on what is proved; and what follows from what they saw."""

from dataclasses import replace

import msgspec
import pytest

from bench.drawing.sheet import draw
from bench.errors import ConfigurationError
from bench.experiments.faults import page
from bench.experiments.faults.blocks import CLEAN_RUNS, REPEATS, SUITES, WHOLE
from bench.experiments.faults.fault import SUITE
from bench.experiments.faults.session import BATCH_OF_A_SAMPLE, Session
from tests.conftest import a_trial
from tests.fault_study.conftest import ARMS, CONTROL, DOUBLED, HERE, LATE, sample_of
from tests.made_up import finding_of


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


def test_a_run_on_a_fault_may_take_six_times_as_long_as_the_first_one(make_study_plan, measure, seeing):
    execute = seeing()
    trials = measure(make_study_plan(arms=("sync",)), lambda spec: replace(execute(spec), wall_ns=20_000_000_000))
    assert {trial.block: trial.spec.timeout_seconds for trial in trials if "arm" in trial.spec.answers} == {
        CLEAN_RUNS: 0.0,
        SUITES: 120.0,
        WHOLE: 120.0,
    }


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


def test_the_kill_matrix_says_what_all_some_and_none_see_and_draws(make_study_plan, measure, seeing):
    plan = make_study_plan()
    found = finding_of(plan, "faults", measure(plan, seeing(seen={("sync", LATE)})))
    (chart,) = page.section(found).charts
    assert chart.title == "Of 2 proved faults, 0 are seen by every suite, 1 by some, 1 by none"
    assert len(chart.table.rows) == 3
    assert draw(chart.name, chart.sheet).svg.count(b"twins") >= 1


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


def test_a_sample_looks_at_its_time_after_a_few_trials(make_study_plan, measure, seeing):
    plan = sample_of(make_study_plan(), seconds=1.0)
    slow = seeing()
    trials = measure(plan, lambda spec: replace(slow(spec), wall_ns=10_000_000_000))
    assert len(trials) == BATCH_OF_A_SAMPLE


def test_a_sample_takes_nothing_where_the_campaign_has_nothing_left(make_study_plan):
    plan = sample_of(make_study_plan())
    spent = a_trial(wall_ns=round(plan.frame.budget_seconds * 1e9))
    study = plan.studies["faults"]
    assert Session(plan.frame, study, []).next_block()
    assert not Session(plan.frame, study, [spent]).next_block()


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
