"""Claims about failing under conditions: one flake refutes "never", and only equal trials are compared."""

import pytest

from bench.claims.weighed import Verdict
from tests.flaking import TEST, a_cell, a_hunt

SYNC, ASYNC = a_cell("sync"), a_cell("async")


@pytest.fixture
def never(weigh, claim, failure):
    """Weigh "never fails, whatever the conditions" by flaked trials and trials, after 60 good timing trials."""

    def never(failures, trials, *, earlier=(0, 0), under="conditions"):
        hunt = a_hunt({SYNC: {"clock": (failures, trials)}}, earlier=earlier)
        plain = (failure(failed=0, trials=60),)
        return weigh(claim("never-fails", at_most=0.05, under=under), failures=plain, flakiness=hunt)

    return never


@pytest.mark.parametrize(
    ("failures", "trials", "earlier", "verdict"),
    [
        (0, 59, (0, 0), Verdict.SUPPORTED),
        (0, 30, (0, 0), Verdict.INCONCLUSIVE),
        (0, 30, (0, 29), Verdict.SUPPORTED),
        (0, 59, (1, 500), Verdict.REFUTED),
        (1, 59, (0, 0), Verdict.REFUTED),
    ],
)
def test_never_counts_trials_under_conditions_and_earlier_ones(never, failures, trials, earlier, verdict):
    assert never(failures, trials, earlier=earlier).verdict is verdict


def test_the_flake_that_refutes_never_is_named_with_its_condition(never):
    reason = never(1, 59).reason
    assert TEST in reason
    assert "clock" in reason


def test_a_claim_that_does_not_ask_for_conditions_rests_on_timing_trials(never):
    assert never(1, 59, under=None).verdict is Verdict.SUPPORTED


def test_without_a_hunt_timing_trials_have_to_do(weigh, claim, failure):
    found = weigh(claim("never-fails", at_most=0.05, under="conditions"), failures=(failure(failed=0, trials=60),))
    assert found.numbers == "0/60 trials failed, at most 4.9 % (95 %)"


@pytest.mark.parametrize(
    ("own", "other", "verdict"),
    [(0, 20, Verdict.SUPPORTED), (20, 0, Verdict.REFUTED), (0, 0, Verdict.EQUIVALENT), (0, 3, Verdict.INCONCLUSIVE)],
)
def test_contenders_are_compared_under_the_same_conditions(weigh, claim, failure, own, other, verdict):
    provoked = (failure("sync", own, 60), failure("async", other, 60))
    plain = (failure("sync", 0, 400), failure("async", 0, 400))
    stated = claim("fails-less", weight="informs", at_most=0.05, under="conditions")
    assert weigh(stated, failures=plain, provoked=provoked).verdict is verdict


def test_loop_errors_under_conditions_count(weigh, claim, failure):
    provoked = (failure("sync", 0, 60), failure("async", 2, 60, loop_errors=2))
    plain = (failure("sync", 0, 60), failure("async", 0, 60))
    stated = claim("spared-errors", at_most=0.05, under="conditions")
    assert weigh(stated, failures=plain, provoked=provoked).verdict is Verdict.SUPPORTED
