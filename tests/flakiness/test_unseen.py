"""How much was not seen is estimated from what was seen only once or twice."""

import pytest

from bench.flakiness import unseen
from bench.flakiness.conditions import Circumstances, only, under


@pytest.fixture
def seen(make_suite):
    """Survey ten tests for `trials` trials in which test n fails in `failures[n]` of them."""

    def seen(failures, trials=10):
        counts = dict.fromkeys(failures, 0)

        def fails_at_first(number):
            def behaviour(*_):
                counts[number] += 1
                return counts[number] > failures[number]

            return behaviour

        suite = make_suite({number: fails_at_first(number) for number in failures}, size=10)
        return suite.survey(*(Circumstances(hash_seed=place) for place in range(trials)))

    return seen


def test_chao_s_estimate_is_the_published_one(seen):
    found = unseen.estimate(seen({0: 1, 1: 1, 2: 1, 3: 2, 4: 5}))
    assert (found.seen, found.once, found.twice) == (5, 3, 1)
    assert found.unseen == pytest.approx(0.9 * 3**2 / (2 * 1))
    assert found.next_run == pytest.approx(3 / 10)


def test_without_doubletons_the_bias_corrected_form_is_used(seen):
    assert unseen.estimate(seen({0: 1, 1: 1, 2: 1})).unseen == pytest.approx(0.9 * 3 * 2 / 2)


def test_what_seldom_passes_counts_as_what_seldom_fails(seen):
    assert unseen.estimate(seen({0: 9})).once == 1


def test_of_no_flake_nothing_is_estimated(seen):
    found = unseen.estimate(seen({}))
    assert (found.seen, found.unseen, found.next_run) == (0, 0, 0)
    assert "nothing can be estimated" in found.words


def test_runs_of_a_few_tests_are_no_sample_of_the_suite(make_suite):
    suite = make_suite(size=3)
    assert unseen.estimate(suite.survey(under("schedule", order=only(suite.tests[0])))) is None


@pytest.mark.parametrize(("failures", "is_exhausted"), [({0: 3, 1: 4}, True), ({0: 3, 1: 1}, False), ({}, False)])
def test_a_survey_is_exhausted_when_everything_was_seen_more_than_twice(seen, failures, is_exhausted):
    assert unseen.is_exhausted(seen(failures)) is is_exhausted
