"""Claims about failing: one failure refutes "never", and what never failed gets a bound, not a promise."""

import pytest

from bench.claims.weighed import Verdict


@pytest.fixture
def never(weigh, claim, failure):
    """Weigh "never fails", read as at most 5 %, by failed trials and trials."""
    return lambda failed, trials: weigh(
        claim("never-fails", at_most=0.05), failures=(failure(failed=failed, trials=trials),)
    )


@pytest.fixture
def less(weigh, claim, failure):
    """Weigh "async fails more often than sync" by pairs of failed trials and trials."""

    def less(own, other, **changes):
        failures = (failure("sync", *own), failure("async", *other))
        return weigh(claim("fails-less", weight="informs", **changes), failures=failures)

    return less


@pytest.fixture
def spared(weigh, claim, failure):
    """Weigh "sync is spared the loop errors of async" by pairs of such errors and trials."""

    def spared(own, other):
        failures = [
            failure(name, loop_errors=errors, failed=errors, trials=trials)
            for name, (errors, trials) in (("sync", own), ("async", other))
        ]
        return weigh(claim("spared-errors", at_most=0.05), failures=tuple(failures))

    return spared


@pytest.mark.parametrize(
    ("failed", "trials", "verdict"),
    [(0, 59, Verdict.SUPPORTED), (0, 58, Verdict.INCONCLUSIVE), (1, 1000, Verdict.REFUTED), (1, 1, Verdict.REFUTED)],
)
def test_never_is_refuted_by_one_failure_and_supported_by_a_bound(never, failed, trials, verdict):
    assert never(failed, trials).verdict is verdict


def test_never_is_said_with_its_bound(never):
    assert never(0, 59).numbers == "0/59 trials failed, at most 5 % (95 %)"
    assert never(0, 300).numbers == "0/300 trials failed, at most 0.99 % (95 %)"


def test_never_says_how_many_trials_are_missing(never):
    assert never(0, 29).would_flip == "about 30 more trials without a failure"


def test_never_shows_the_failure_that_refutes_it(never):
    assert never(1, 59).reason == "one failure refutes 'never'; it broke"


def test_never_of_what_was_not_run_is_not_measured(weigh, claim):
    assert weigh(claim("never-fails", at_most=0.05)).verdict is Verdict.NOT_MEASURED


@pytest.mark.parametrize(
    ("own", "other", "verdict"),
    [
        ((0, 60), (30, 60), Verdict.SUPPORTED),
        ((30, 60), (0, 60), Verdict.REFUTED),
        ((0, 60), (1, 60), Verdict.INCONCLUSIVE),
        ((0, 60), (0, 60), Verdict.INCONCLUSIVE),
        ((0, 1), (1, 1), Verdict.INCONCLUSIVE),
        ((1, 2), (1, 2), Verdict.INCONCLUSIVE),
    ],
)
def test_less_is_judged_by_the_trials_of_both(less, own, other, verdict):
    assert less(own, other).verdict is verdict


def test_less_is_two_sided_as_its_words_say(less):
    # With 300 trials each, 5 failures against none have p = 0.031 on one side, but 0.061 on two.
    assert "could have told 0 against 6 failures apart" in less((0, 300), (0, 300)).reason
    verdicts = [less((0, 300), (failed, 300)).verdict for failed in (5, 6)]
    assert verdicts == [Verdict.INCONCLUSIVE, Verdict.SUPPORTED]


def test_less_holds_to_the_claims_own_alpha(less):
    verdicts = [less((0, 300), (6, 300), alpha=alpha).verdict for alpha in (0.05, 0.01)]
    assert verdicts == [Verdict.SUPPORTED, Verdict.INCONCLUSIVE]


def test_so_few_trials_tell_nothing_apart(less):
    assert less((0, 2), (0, 2)).reason == "so many trials tell nothing apart"


@pytest.mark.parametrize(
    ("trials", "verdict", "flip"),
    [
        (59, Verdict.EQUIVALENT, "one failed trial"),
        (
            58,
            Verdict.INCONCLUSIVE,
            "a difference in failures that large, or about 1 more trials of each without a failure",
        ),
    ],
)
def test_suites_that_both_fail_in_no_more_than_the_bound_are_equivalent(less, trials, verdict, flip):
    found = less((0, 100), (0, trials), at_most=0.05)
    assert (found.verdict, found.would_flip) == (verdict, flip)


def test_less_shows_both_suites_and_the_p_value(less):
    numbers = less((0, 59), (0, 59)).numbers
    assert numbers.startswith("sync 0/59 trials failed, at most 5 % (95 %); async 0/59 trials failed")
    assert numbers.endswith("Fisher's exact p = 1")


def test_less_of_what_was_not_run_is_not_measured(weigh, claim, failure):
    assert weigh(claim("fails-less"), failures=(failure(),)).verdict is Verdict.NOT_MEASURED


@pytest.mark.parametrize(
    ("own", "other", "verdict", "flip"),
    [
        ((1, 60), (30, 60), Verdict.REFUTED, "a run without them"),
        ((0, 60), (1, 60), Verdict.SUPPORTED, "such an error in the subject"),
        ((0, 29), (1, 60), Verdict.INCONCLUSIVE, "about 30 more trials of the subject without one"),
        ((0, 60), (0, 60), Verdict.REFUTED, "such an error in the rival"),
        ((0, 60), (0, 29), Verdict.INCONCLUSIVE, "such an error in the rival, or about 30 more trials without one"),
    ],
)
def test_errors_are_spared_only_if_one_has_them_and_the_other_provably_not(spared, own, other, verdict, flip):
    found = spared(own, other)
    assert (found.verdict, found.would_flip) == (verdict, flip)


def test_spared_errors_are_shown_for_both(spared):
    numbers = "errors of loops and greenlets in 0 of 60 trials of sync, in 2 of 70 of async"
    assert spared((0, 60), (2, 70)).numbers == numbers


def test_spared_errors_of_what_was_not_run_are_not_measured(weigh, claim, failure):
    assert weigh(claim("spared-errors", at_most=0.05), failures=(failure(),)).verdict is Verdict.NOT_MEASURED
