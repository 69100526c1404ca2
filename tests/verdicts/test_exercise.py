"""Claims about what really ran, and about one factor of it: counted or paired, as for contenders."""

import pytest

from bench.claims.weighed import Verdict
from bench.experiments.counting.finding import ExercisedFinding
from bench.experiments.factors.finding import FactorFinding


def exercised(contender, *, loops=1, requests=10, drivers=("asyncpg",)):
    return ExercisedFinding(
        cell=f"{contender}@sqlite/own",
        contender=contender,
        title=contender,
        style="other",
        backend="sqlite",
        requests=requests,
        connections=dict.fromkeys(drivers, 2),
        event_loops=loops,
        threads={},
        portal_calls_per_request=None,
        handed_across_threads=0,
        application_ns=0,
        database_ns=0,
        outside_share=None,
        floor_ns=None,
        floor_ratio=None,
        sentences=(),
    )


@pytest.mark.parametrize(("loops", "verdict"), [(10, Verdict.SUPPORTED), (9, Verdict.REFUTED)])
def test_fewer_loops_than_requests_refute_a_loop_for_each(weigh, claim, loops, verdict):
    found = weigh(claim("loop-per-request", rival=None), exercised=(exercised("sync", loops=loops),))
    assert (found.verdict, found.numbers) == (verdict, f"{loops} event loops were made for 10 requests of sync")


def test_loops_without_requests_are_not_measured(weigh, claim):
    found = weigh(claim("loop-per-request", rival=None), exercised=(exercised("sync", requests=0),))
    assert found.verdict is Verdict.NOT_MEASURED


@pytest.mark.parametrize(
    ("own", "verdict"),
    [(("asyncpg",), Verdict.SUPPORTED), (("asyncpg", "psycopg"), Verdict.SUPPORTED), (("psycopg",), Verdict.REFUTED)],
)
def test_a_driver_that_is_never_opened_refutes_the_same_drivers(weigh, claim, own, verdict):
    both = (exercised("sync", drivers=own), exercised("async"))
    assert weigh(claim("same-drivers"), exercised=both).verdict is verdict


def test_drivers_of_one_contender_only_are_not_measured(weigh, claim):
    assert weigh(claim("same-drivers"), exercised=(exercised("sync"),)).verdict is Verdict.NOT_MEASURED


@pytest.fixture
def factor(weigh, claim, comparison, log_ratios):
    """Weigh "sync is faster as it is than with another pool" by the shift of its block log-ratios."""

    def factor(shift, **changes):
        compared = comparison(log_ratios(shift), rival_contender="sync+pool", **changes)
        varied = FactorFinding(
            factor="pool",
            title="another pool",
            contender="sync",
            backend="sqlite",
            metric="wall",
            change=None,
            change_low=None,
            change_high=None,
            comparison=compared,
        )
        return weigh(claim("factor", rival="pool"), factors=(varied,))

    return factor


@pytest.mark.parametrize(
    ("shift", "verdict"), [(0.2, Verdict.SUPPORTED), (0.0, Verdict.EQUIVALENT), (-0.2, Verdict.REFUTED)]
)
def test_a_factor_is_judged_like_a_rival(factor, shift, verdict):
    assert factor(shift).verdict is verdict


def test_a_factor_that_changes_the_work_is_invalid(factor):
    assert factor(0.2, invalid_because=("other tests",)).verdict is Verdict.INVALID


def test_a_factor_that_was_not_studied_is_not_measured(weigh, claim):
    assert weigh(claim("factor", rival="pool")).verdict is Verdict.NOT_MEASURED
