"""Claims about what works at all, and whether two contenders do the same."""

import pytest

from bench.claims.weighed import Verdict
from bench.experiments.attempts.finding import AttemptFinding


@pytest.fixture
def tried(weigh, claim, failure):
    """Weigh a claim on whether async works, by failed trials and trials, beside a sync that passes."""

    def tried(kind, failed, trials, *, other=(0, 10)):
        failures = (failure("sync", *other), failure("async", failed, trials))
        return weigh(claim(kind, subject="async", rival=None), failures=failures).verdict

    return tried


@pytest.fixture
def attempted(weigh, claim, failure):
    """Weigh a claim on an attempt of which so many tests failed."""

    def attempted(kind, *failed_tests):
        attempt = AttemptFinding(
            attempt="without-pool",
            title="no pool",
            contender="async",
            backend="sqlite",
            outcome="failed" if failed_tests else "passed",
            passed=not failed_tests,
            tests=300,
            failed_tests=failed_tests,
            first_message="",
        )
        without = claim(kind, subject="without-pool", rival=None)
        return weigh(without, attempts=(attempt,), failures=(failure(),))

    return attempted


@pytest.mark.parametrize(
    ("kind", "failed", "trials", "verdict"),
    [
        ("cannot-do-without", 0, 10, Verdict.REFUTED),
        ("cannot-do-without", 10, 10, Verdict.SUPPORTED),
        ("cannot-do-without", 3, 10, Verdict.INCONCLUSIVE),
        ("works", 0, 10, Verdict.SUPPORTED),
        ("works", 10, 10, Verdict.REFUTED),
        ("works", 3, 10, Verdict.INCONCLUSIVE),
    ],
)
def test_what_always_or_never_passes_tells_whether_it_works(tried, kind, failed, trials, verdict):
    assert tried(kind, failed, trials) is verdict


@pytest.mark.parametrize("kind", ["cannot-do-without", "works"])
def test_where_nothing_passes_a_failure_tells_nothing(tried, kind):
    assert tried(kind, 10, 10, other=(10, 10)) is Verdict.INVALID


@pytest.mark.parametrize("kind", ["cannot-do-without", "works"])
def test_what_was_not_run_is_not_measured(weigh, claim, kind):
    assert weigh(claim(kind, rival=None)).verdict is Verdict.NOT_MEASURED


def test_an_attempt_tells_as_well(attempted):
    verdicts = [attempted("works").verdict, attempted("works", "test_a").verdict]
    assert verdicts == [Verdict.SUPPORTED, Verdict.REFUTED]


def test_a_failed_attempt_names_a_test(attempted):
    assert attempted("works", "test_a", "test_b").numbers.endswith("2 of 300 tests failed, test_a first")


@pytest.fixture
def same(weigh, claim, comparison, log_ratios, failure, cell):
    """Weigh "both do the same work" by why they are unequal, and both suites' failed trials."""

    def same(*unequal, own=0, other=0, **changes):
        evidence = {
            "comparisons": (comparison(log_ratios(0.0), invalid_because=unequal),),
            "failures": (failure("sync", own, 10), failure("async", other, 10)),
            "cells": (
                cell(trials=10 - own, failed_trials=own),
                cell("async", trials=10 - other, failed_trials=other),
            ),
        }
        return weigh(claim("equal-work"), **{**evidence, **changes})

    return same


def test_equal_work_supports_and_says_how_much(same):
    assert same().verdict is Verdict.SUPPORTED
    assert same().numbers.startswith("300 tests and 7 requests, the same in both")


def test_a_difference_refutes(same):
    found = same("only sync executed test_a")
    assert (found.verdict, found.numbers) == (Verdict.REFUTED, "only sync executed test_a")


@pytest.mark.parametrize(
    ("own", "other", "verdict"),
    [
        (0, 10, Verdict.REFUTED),
        (0, 3, Verdict.INCONCLUSIVE),
        (3, 10, Verdict.INCONCLUSIVE),
        (10, 0, Verdict.INVALID),
        (10, 10, Verdict.INVALID),
    ],
)
def test_a_suite_that_fails_now_and_then_tells_nothing_of_functionality(same, own, other, verdict):
    assert same("async failed", own=own, other=other).verdict is verdict


@pytest.mark.parametrize(
    "changes",
    [{"cells": ()}, {"comparisons": ()}],
    ids=["no cell", "no comparison"],
)
def test_work_that_was_not_done_is_not_measured(same, changes):
    assert same(**changes).verdict is Verdict.NOT_MEASURED


@pytest.mark.parametrize("changes", [{"trials": 0}, {"facts": {}}], ids=["no block", "no request counted"])
def test_a_rival_of_which_the_work_was_not_counted_is_not_measured(same, cell, changes):
    assert same(cells=(cell(), cell("async", **changes))).verdict is Verdict.NOT_MEASURED
