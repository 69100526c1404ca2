"""A wiring study runs both styles in the same wirings and says what the style does in each."""

from dataclasses import replace

import msgspec
import pytest

from bench.claims.claim import Claim
from bench.claims.weighed import Verdict
from bench.configuration.rows import LevelRow, WiringRow
from bench.errors import ConfigurationError
from bench.experiments.contract import Request
from bench.experiments.wiring import page
from bench.experiments.wiring.claims import faster_in_every_wiring
from bench.experiments.wiring.study import plan as plan_study
from bench.model import Outcome
from tests.made_up import finding_of, findings_of_run

LEVELS = {
    "rollback": LevelRow(choice="isolation", environment={"ISOLATION": "rollback"}),
    "deletion": LevelRow(choice="isolation", environment={"ISOLATION": "deletion"}, plugins=("deleting",)),
    "on": LevelRow(choice="overrides"),
    "off": LevelRow(choice="overrides"),
    "module": LevelRow(choice="lifetime"),
    "session": LevelRow(choice="lifetime", pytest_args_of={"async": ("--one-loop",)}),
    "psycopg": LevelRow(choice="driver", backends=("postgresql",)),
}
ROW = WiringRow(
    contenders=("sync", "async"),
    levels=LEVELS,
    crossed=("rollback on module", "rollback off session", "deletion on session", "deletion off module"),
    beside=("rollback on session", "rollback off session psycopg"),
    only={"sync": ("deletion on module",)},
    plugins=("wired",),
)


CLAIM = Claim(
    id="claim",
    section="Overview",
    statement="a statement",
    goal="speed",
    kind="faster-in-every-wiring",
    subject="sync",
    rival="async",
    weight="decides",
    backends=("sqlite",),
    metric="wall",
)


@pytest.fixture
def make_study_plan(make_plan, make_contender):
    def make(row=ROW, **changes):
        contenders = (make_contender("sync"), make_contender("async"))
        plan = make_plan(*contenders, **changes)
        config = type("Config", (), {"wiring": row})
        study = plan_study(Request(config=config, frame=plan.frame, size="full", claims=(), alone=True))
        return replace(plan, studies={"wiring": study})

    return make


@pytest.fixture
def plan(make_study_plan):
    return make_study_plan()


@pytest.fixture
def timing(make_trial):
    """Give an executor whose times are a product: a ratio for each (contender, part of a wiring) that is named."""

    def timing(ratios):
        def execute(spec):
            ratio = 1 + 0.001 * (spec.block % 3) + 0.0007 * spec.position
            for (contender, part), factor in ratios.items():
                if spec.cell.contender == contender and part in spec.cell.variant:
                    ratio *= factor
            return make_trial(spec, wall_ns=round(10**9 * (1 + 0.01 * spec.block) * ratio))

        return execute

    return timing


def test_a_block_holds_both_styles_in_every_wiring_twice_and_one_copy(plan, measure):
    order = [trial.cell.id for trial in measure(plan) if trial.block == 1]
    assert order == order[::-1]
    assert len(set(order)) == 2 * 5 + 1 + 1
    assert "sync@sqlite/own+rollback-on-module#copy" in order
    assert not any("psycopg" in cell for cell in order)


def test_a_trial_carries_the_arguments_and_environment_of_its_wiring(plan, measure):
    by_cell = {trial.cell.id: trial.spec for trial in measure(plan)}
    wired = by_cell["async@sqlite/own+deletion-on-session"]
    assert wired.arguments == ("-p", "wired", "-p", "deleting", "--one-loop")
    assert wired.environment == {"ISOLATION": "deletion"}
    assert by_cell["sync@sqlite/own+deletion-on-session"].arguments == ("-p", "wired", "-p", "deleting")


def test_a_study_means_the_same_when_it_is_read_from_a_manifest(plan):
    study = plan.studies["wiring"]
    read = msgspec.json.decode(msgspec.json.encode(study, order="sorted"), type=type(study))
    assert [cell.id for cell in read.cells(plan.frame, "sqlite")] == [
        cell.id for cell in study.cells(plan.frame, "sqlite")
    ]


def test_a_study_without_wirings_is_refused(make_study_plan):
    with pytest.raises(ConfigurationError, match="no wiring to study"):
        make_study_plan(row=None)


def test_a_style_that_is_slower_everywhere_is_told_from_a_wiring_that_costs(plan, measure, timing):
    found = finding_of(plan, "wiring", measure(plan, timing({("async", ""): 1.2, ("sync", "deletion"): 1.5})))
    style, *rest = [e for e in found.effects if e.metric == "wall"]
    isolation = {e.contender: e for e in rest if e.choice == "isolation"}
    assert style.comparison.estimate.ratio == pytest.approx(1.2 / 1.5**0.5, rel=0.01)
    assert isolation["sync"].comparison.estimate.ratio == pytest.approx(1.5, rel=0.01)
    assert isolation["async"].comparison.estimate.ratio == pytest.approx(1.0, rel=0.01)
    assert isolation[""].comparison.estimate.ratio == pytest.approx(1 / 1.5, rel=0.01)
    assert isolation["sync"].aliased_with == ("overrides x lifetime",)


def test_the_page_says_that_the_wiring_decides_where_the_sign_turns(plan, measure, timing):
    found = finding_of(plan, "wiring", measure(plan, timing({("async", ""): 1.2, ("sync", "deletion"): 1.5})))
    assert page.headline(found).endswith("over 5 wirings; the wiring decides which one is faster.")
    section = page.section(found)
    assert section.charts[0].sheet() is not None
    assert "of the time of sync (rollback " in " ".join(section.paragraphs)


@pytest.mark.parametrize(
    ("ratios", "verdict"),
    [
        ({("async", ""): 1.2}, Verdict.SUPPORTED),
        ({("async", ""): 0.8}, Verdict.REFUTED),
        ({}, Verdict.EQUIVALENT),
        ({("async", "rollback"): 0.8, ("async", "deletion"): 1.2}, Verdict.DEPENDS),
    ],
)
def test_a_claim_about_style_has_to_hold_in_every_wiring(plan, measure, timing, make_manifest, ratios, verdict):
    findings = findings_of_run(make_manifest(plan), measure(plan, timing(ratios))).findings
    weighed = faster_in_every_wiring(CLAIM, "sqlite", findings)
    assert weighed.verdict is verdict
    if verdict is Verdict.DEPENDS:
        assert "refuted by rollback" in weighed.reason
        assert "supported by deletion" in weighed.reason


def test_a_wiring_that_fails_has_no_number_and_settles_nothing(plan, measure, make_trial, make_manifest):
    def execute(spec):
        bad = spec.cell.contender == "async" and "deletion-off" in spec.cell.variant
        slower = 2 if spec.cell.contender == "async" else 1
        noise = 1 + 0.001 * spec.position
        return make_trial(
            spec, outcome=Outcome.FAILED if bad else Outcome.PASSED, wall_ns=round(10**9 * slower * noise)
        )

    trials = measure(plan, execute)
    found = finding_of(plan, "wiring", trials)
    failing = next(pair for pair in found.pairs if pair.wiring == "deletion-off-module")
    assert "failed" in failing.comparison.words
    assert any("deletion off module" in line for line in page.section(found).left_out)
    findings = findings_of_run(make_manifest(plan), trials).findings
    assert faster_in_every_wiring(CLAIM, "sqlite", findings).verdict is Verdict.INVALID
