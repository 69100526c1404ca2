"""A fault study of the shop: its plan, and an executor that says who sees which fault."""

from dataclasses import replace
from pathlib import Path

import pytest

from bench.claims.claim import Claim
from bench.configuration.rows import FaultsRow, LevelRow, WiringRow
from bench.experiments.contract import Request
from bench.experiments.faults.study import plan as plan_study
from bench.model import ExecutedTest, FailedPhase, Outcome

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


def sample_of(plan, **changes):
    return replace(
        plan, studies={"faults": replace(plan.studies["faults"], **{"faults_in_set": 72, "seconds": 120.0, **changes})}
    )
