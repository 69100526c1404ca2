"""Attempts and factor studies answer claims."""

import pytest

from bench.claims.file import Claim
from bench.experiments import attempts, factors
from bench.findings import Verdict
from bench.model import Outcome
from bench.statistics import Looks
from bench.verdicts import Evidence, weigh
from tests.conftest import a_contender, a_plan, a_trial
from tests.contenders.conftest import a_variation
from tests.verdicts.conftest import a_failure

TRYING = a_plan(a_contender("sync"), attempts=(a_variation("shared"),))


def weighed(kind, *, subject="sync", rival=None, metric="", **found):
    claim = Claim(
        id="claim", section="s", statement="s", goal="requirements", kind=kind, subject=subject, rival=rival,
        weight="informs", backends=("sqlite",), metric=metric,
    )  # fmt: skip
    nothing = dict.fromkeys(("comparisons", "cells", "layers", "failures", "unfit_because"), ())
    evidence = {"backends": ("sqlite",), "suites": {}, "suite_intervals": {}, "looks": Looks(blocks=(6,))}
    return weigh([claim], Evidence(**nothing | evidence | found))[0]


def attempt(outcome):
    (spec,) = attempts.next_block(TRYING, ())
    return {"attempts": attempts.findings(TRYING, [a_trial(spec, outcome=outcome)]), "failures": (a_failure(),)}


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
    plan = a_plan(a_contender("sync"), factors=(a_variation("scope"),))

    def execute(spec):
        slower = 1.5 + 0.01 * spec.block if spec.cell.perturbation == "scope" else 1
        return a_trial(spec, wall_ns=round(10**9 * slower))

    found = weighed("factor", rival="scope", metric="wall", factors=factors.findings(plan, measure(plan, execute)))
    assert found.verdict is Verdict.SUPPORTED
    assert "sync+scope" in found.numbers
