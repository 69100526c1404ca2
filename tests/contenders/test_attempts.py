"""An attempt is made once on each backend, and whether it passes is its answer."""

import pytest

from bench.model import ExecutedTest, Outcome
from tests.made_up import finding_of, next_block, results_of

FAILED = ExecutedTest("suites/sync/unit/test_sums.py::test_sum", "failed", 1, 1, 1)
FAILING = {"outcome": Outcome.FAILED, "tests": (FAILED,)}


@pytest.fixture
def plan(make_plan, make_contender, make_variant):
    both = make_contender("sync", backends=("sqlite", "postgresql"))
    tries = (make_variant("shared"), make_variant("bare"))
    return make_plan(both, backends=("sqlite", "postgresql"), attempts=tries)


@pytest.fixture
def trials(plan, measure, make_executor):
    return measure(plan, make_executor())


def test_each_attempt_is_made_once_on_each_backend(trials):
    made = [(t.cell.variant, t.cell.backend) for t in trials if t.experiment == "attempts"]
    backends = ("sqlite", "postgresql")
    assert sorted(made) == sorted((name, backend) for name in ("shared", "bare") for backend in backends)


def test_an_attempt_adds_its_change_to_its_contender(plan):
    (first, *_) = next_block(plan, "attempts", ())
    assert (first.cell.contender, first.arguments, first.environment) == ("sync", ("-x",), {"SCOPE": "f"})


def test_an_attempt_is_counted_and_never_timed(plan):
    assert all(spec.counting and spec.warmup for spec in next_block(plan, "attempts", ()))


def test_a_plan_without_attempts_makes_none(make_plan):
    assert next_block(make_plan(), "attempts") == ()


def test_a_failing_attempt_names_its_tests(plan, make_trial):
    (first, *_) = next_block(plan, "attempts", ())
    (finding,) = finding_of(plan, "attempts", [make_trial(first, **FAILING)]).attempts
    assert (finding.attempt, finding.passed, finding.failed_tests) == (
        "shared",
        False,
        ("unit/test_sums.py::test_sum",),
    )


def test_a_failing_attempt_makes_no_run_unfit_and_warns_of_nothing(plan, make_trial, make_manifest, trials):
    (first, *_) = next_block(plan, "attempts", ())
    rest = [trial for trial in trials if trial.experiment != "attempts"]
    found = results_of(make_manifest(plan), [make_trial(first, **FAILING), *rest])
    assert found.invalid_because == ()
    assert not [warning for warning in found.warnings if "did not pass" in warning]
    assert not [point for point in found.trials if point.outcome != "passed" and not point.may_fail]
