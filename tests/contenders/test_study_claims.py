"""Attempts and factor studies answer claims."""

import pytest

from bench.claims.claim import Claim
from bench.claims.weighed import Verdict
from bench.claims.weighing import weigh
from bench.model import Outcome
from bench.statistics import Looks
from tests.conftest import a_contender, a_plan, a_trial
from tests.contenders.conftest import a_variant
from tests.made_up import finding_of, findings_of, next_block
from tests.verdicts.conftest import a_failure

TRYING = a_plan(a_contender("sync"), attempts=(a_variant("shared"),))


def weighed(kind, *, subject="sync", rival=None, metric="", **found):
    claim = Claim(
        id="claim", section="s", statement="s", goal="requirements", kind=kind, subject=subject, rival=rival,
        weight="informs", backends=("sqlite",), metric=metric,
    )  # fmt: skip
    return weigh([claim], findings_of(looks=Looks(blocks=(6,)), **found), unfit={}, broken={})[0]


def attempt(outcome):
    (spec,) = next_block(TRYING, "attempts", ())
    return {
        "attempts": finding_of(TRYING, "attempts", [a_trial(spec, outcome=outcome)]).attempts,
        "failures": (a_failure(),),
    }


@pytest.mark.parametrize(
    ("kind", "outcome", "verdict"),
    [
        ("works", Outcome.PASSED, Verdict.SUPPORTED),
        ("works", Outcome.FAILED, Verdict.REFUTED),
        ("cannot-do-without", Outcome.PASSED, Verdict.REFUTED),
        ("cannot-do-without", Outcome.FAILED, Verdict.SUPPORTED),
    ],
)
def test_an_attempt_answers_by_its_outcome(kind, outcome, verdict):
    assert weighed(kind, subject="shared", **attempt(outcome)).verdict is verdict


def test_a_failing_attempt_answers_nothing_where_nobody_passes():
    found = attempt(Outcome.FAILED) | {"failures": (a_failure(failed=60),)}
    assert weighed("works", subject="shared", **found).verdict is Verdict.INVALID


def test_an_attempt_that_was_not_made_answers_nothing():
    assert weighed("works", subject="shared").verdict is Verdict.NOT_MEASURED


def test_a_factor_is_measured_by_a_factor_study_only():
    found = weighed("factor", rival="scope", metric="wall")
    assert found.verdict is Verdict.NOT_MEASURED
    assert "nox -s bench -- factors" in found.reason


def test_a_factor_that_slows_the_subject_down_supports_the_claim(measure):
    plan = a_plan(a_contender("sync"), factors=(a_variant("scope"),))

    def execute(spec):
        slower = 1.5 + 0.01 * spec.block if spec.cell.variant == "scope" else 1
        return a_trial(spec, wall_ns=round(10**9 * slower))

    found = weighed(
        "factor", rival="scope", metric="wall", factors=finding_of(plan, "factors", measure(plan, execute)).factors
    )
    assert found.verdict is Verdict.SUPPORTED
    assert "sync+scope" in found.numbers
