"""A limit is kept or broken by the whole interval of the median, and only where every trial passed."""

import pytest

from bench.model import Outcome
from tests.made_up import results_of

SECOND = 10**9
CLAIM = """\
[[claim]]
id = "limit"
section = "s"
statement = "async stays under the limit"
goal = "speed"
kind = "{kind}"
metric = "{metric}"
{layer}
subject = "async"
backends = ["sqlite"]
limit_seconds = {limit}
weight = "decides"
"""
SUITE = {"kind": "suite-limit", "metric": "wall", "layer": ""}
LAYER = {"kind": "layer-limit", "metric": "test", "layer": 'layer = "unit"'}


@pytest.fixture
def verdict(make_plan, make_executor, make_manifest, measure):
    """Give the verdict on a limit for a suite that takes a second and a unit test that takes 6 microseconds."""

    def verdict(limit, *, claim=SUITE, blocks=6, **changes):
        planned = make_plan(looks=(6,))
        trials = measure(planned, make_executor({"async": 1.0}, {"async": changes}))
        manifest = make_manifest(planned, claims_text=CLAIM.format(limit=limit, **claim))
        (found,) = results_of(manifest, [trial for trial in trials if trial.block <= blocks]).claims
        return found.verdict

    return verdict


@pytest.mark.parametrize(("limit", "expected"), [(2, "supported"), (1.03, "inconclusive"), (0.5, "refuted")])
def test_a_suite_is_held_against_its_limit(verdict, limit, expected):
    assert verdict(limit) == expected


@pytest.mark.parametrize(("limit", "expected"), [(1, "supported"), (0.000_000_1, "refuted")])
def test_the_slowest_test_of_a_layer_is_held_against_its_limit(verdict, limit, expected):
    assert verdict(limit, claim=LAYER) == expected


@pytest.mark.parametrize("claim", [SUITE, LAYER])
def test_fewer_than_six_trials_keep_and_break_no_limit(verdict, claim):
    assert verdict(10, claim=claim, blocks=2) == "inconclusive"


@pytest.mark.parametrize("claim", [SUITE, LAYER])
def test_no_trial_that_passed_keeps_no_limit(verdict, claim):
    assert verdict(10, claim=claim, outcome=Outcome.HUNG) == "not measured"


@pytest.fixture
def survivors(make_plan, make_executor, make_manifest, measure):
    """Give the verdict when the last trial of the suite hung and all the others passed."""

    class HangsAtLast(type(make_executor())):
        def __call__(self, spec):
            last = spec.block == 6 and spec.cell.contender == "async"
            self.changes = {"async": {"outcome": Outcome.HUNG}} if last else {}
            return super().__call__(spec)

    def survivors(claim):
        planned = make_plan(looks=(6,))
        manifest = make_manifest(planned, claims_text=CLAIM.format(limit=10, **claim))
        (found,) = results_of(manifest, measure(planned, HangsAtLast())).claims
        return found

    return survivors


@pytest.mark.parametrize("claim", [SUITE, LAYER])
def test_the_trials_that_survived_keep_no_limit(survivors, claim):
    found = survivors(claim)
    assert found.verdict == "invalid"
    assert "failed trials of async" in found.numbers
