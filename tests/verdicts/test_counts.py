"""Claims about the source: exact counts, equivalent only within the claim's margin."""

import pytest

from bench.claims.weighed import Verdict

FEWER = {"kind": "fewer", "metric": "logical_lines", "backends": ()}


@pytest.fixture
def found(weigh, claim, suite):
    """Weigh "sync has fewer lines than async" by their lines."""
    return lambda own, other, **changes: weigh(
        claim(**FEWER, **changes), suites={"sync": suite(logical_lines=own), "async": suite(logical_lines=other)}
    )


@pytest.mark.parametrize(
    ("own", "other", "margin", "verdict", "flip"),
    [
        (100, 200, 0.05, Verdict.SUPPORTED, "190 or more logical lines in sync"),
        (200, 100, 0.05, Verdict.REFUTED, "105 or fewer logical lines in sync"),
        (100, 100, 0.05, Verdict.EQUIVALENT, "fewer than 95 or more than 105 logical lines in sync"),
        (95, 100, 0.05, Verdict.EQUIVALENT, "fewer than 95 or more than 105 logical lines in sync"),
        (94, 100, 0.05, Verdict.SUPPORTED, "95 or more logical lines in sync"),
        (57, 60, 0.05, Verdict.EQUIVALENT, "fewer than 57 or more than 63 logical lines in sync"),
        (105, 100, 0.05, Verdict.EQUIVALENT, "fewer than 95 or more than 105 logical lines in sync"),
        (106, 100, 0.05, Verdict.REFUTED, "105 or fewer logical lines in sync"),
        (99, 100, None, Verdict.SUPPORTED, "100 or more logical lines in sync"),
        (100, 100, None, Verdict.EQUIVALENT, "fewer than 100 or more than 100 logical lines in sync"),
        (0, 0, 0.05, Verdict.EQUIVALENT, "fewer than 0 or more than 0 logical lines in sync"),
        (0, 1, 0.05, Verdict.SUPPORTED, "1 or more logical lines in sync"),
    ],
)
def test_fewer_is_judged_exactly(found, own, other, margin, verdict, flip):
    weighed = found(own, other, margin=margin)
    assert (weighed.verdict, weighed.would_flip) == (verdict, flip)


@pytest.mark.parametrize(("own", "other"), [(94, 100), (106, 100), (100, 100), (57, 60)])
def test_what_would_flip_it_does_flip_it(found, own, other):
    weighed = found(own, other, margin=0.05)
    numbers = [int(word) for word in weighed.would_flip.split() if word.isdigit()]
    beyond = [numbers[0] - 1, numbers[-1] + 1] if len(numbers) == 2 else numbers
    assert weighed.verdict not in {found(number, other, margin=0.05).verdict for number in beyond}


def test_words_carry_both_counts(found):
    assert found(100, 200).numbers == "100 logical lines in sync, 200 in async"


def test_plumbing_is_listed_by_name(weigh, claim, suite):
    suites = {"sync": suite(), "async": suite(plumbing_names=2, plumbing=("NullPool", "asyncio"))}
    found = weigh(claim("fewer", metric="plumbing_names", backends=()), suites=suites)
    assert (found.verdict, found.reason) == (
        Verdict.SUPPORTED,
        "counted exactly from the source; sync: none; async: NullPool, asyncio",
    )


@pytest.mark.parametrize("missing", ["sync", "async"])
def test_a_suite_that_was_not_counted_is_not_measured(weigh, claim, suite, missing):
    suites = {name: suite() for name in ("sync", "async") if name != missing}
    assert weigh(claim(**FEWER), suites=suites).verdict is Verdict.NOT_MEASURED


@pytest.mark.parametrize(
    ("tokens", "verdict", "flip"),
    [(0, Verdict.SUPPORTED, "a single one"), (1, Verdict.REFUTED, "a suite without those 1")],
)
def test_a_single_one_refutes_absence(weigh, claim, suite, tokens, verdict, flip):
    found = weigh(claim("absent", metric="async_tokens", backends=()), suites={"sync": suite(async_tokens=tokens)})
    assert (found.verdict, found.would_flip) == (verdict, flip)
    assert found.numbers == f"{tokens} async and await tokens in sync"


def test_absence_in_a_suite_that_was_not_counted_is_not_measured(weigh, claim):
    assert weigh(claim("absent", metric="fixtures", backends=())).verdict is Verdict.NOT_MEASURED


@pytest.mark.parametrize(
    ("tests", "failed", "verdict"),
    [(295, 0, Verdict.SUPPORTED), (294, 0, Verdict.REFUTED), (300, 1, Verdict.REFUTED)],
)
def test_so_many_tests_pass_without_a_failed_trial(weigh, claim, cell, tests, failed, verdict):
    found = weigh(claim("at-least-tests", at_least=295), cells=(cell(tests=tests, failed_trials=failed),))
    assert found.verdict is verdict
    assert found.numbers == f"{tests} tests, {failed} failed trials beside 16 that passed"


def test_tests_that_never_passed_are_not_measured(weigh, claim, cell):
    found = weigh(claim("at-least-tests", at_least=295), cells=(cell(trials=0),))
    assert found.verdict is Verdict.NOT_MEASURED
