"""Polluters are named by the fewest runs, cleaners and pairs included."""

import math

import pytest

from bench.flakiness.bisection import minimal_cause


@pytest.fixture
def search():
    """Search `n` candidates for what makes `shows` true; gives the causes and the number of runs."""

    def search(n, shows, **options):
        candidates = [f"t{number}" for number in range(n)]
        runs = 0

        def ask(first, then):
            nonlocal runs
            runs += 1
            return shows([*candidates[:first], *then])
            yield

        steps = minimal_cause(candidates, ask, **options)
        with pytest.raises(StopIteration) as ended:
            next(steps)
        return ended.value.value, runs

    return search


@pytest.mark.parametrize("n", [1, 2, 3, 7, 64, 295, 1000])
@pytest.mark.parametrize("place", [0.0, 0.4, 0.99])
def test_one_polluter_costs_the_logarithm_and_one(search, n, place):
    polluter = f"t{int(place * n)}"
    causes, runs = search(n, lambda ran: polluter in ran)
    assert causes == (polluter,)
    assert runs <= math.ceil(math.log2(n)) + 1


@pytest.mark.parametrize("pair", [("t0", "t1"), ("t3", "t200"), ("t198", "t299")])
def test_two_polluters_together_are_named_in_running_order(search, pair):
    causes, runs = search(300, lambda ran: set(pair) <= set(ran))
    assert causes == pair
    assert runs <= 2 * math.log2(300) + 10


def test_a_cleaner_in_between_does_not_hide_the_polluter(search):
    def shows(ran):
        state = False
        for test in ran:
            state = True if test in ("t10", "t80") else False if test == "t40" else state
        return state

    assert search(100, shows)[0] == ("t80",)


def test_causes_that_are_known_already_are_kept_and_not_searched_again(search):
    causes, runs = search(100, lambda ran: {"t20", "t999"} <= set(ran), found=("t999",))
    assert causes == ("t20", "t999")
    assert runs <= math.ceil(math.log2(100)) + 1


def test_six_tests_that_are_needed_together_are_all_named(search):
    needed = ("t1", "t5", "t8", "t20", "t33", "t49")
    assert search(50, lambda ran: set(needed) <= set(ran))[0] == needed


def test_an_outcome_that_needs_too_many_is_given_up(search):
    assert search(50, lambda ran: len(ran) > 20)[0] == ()
