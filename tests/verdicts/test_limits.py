"""Claims "takes less than the limit": the whole interval decides."""

import pytest

from bench.claims.weighed import Verdict
from bench.statistics import Interval

MS = 10**6


@pytest.fixture
def suite_found(weigh, claim, cell):
    """Weigh "the suite takes less than 2 s" by the interval of its median in milliseconds."""

    def suite_found(low, high):
        interval = Interval(low=low * MS, high=high * MS, confidence=0.95, method="")
        limited = claim("suite-limit", limit_seconds=2.0)
        return weigh(limited, cells=(cell(wall_interval=interval),))

    return suite_found


@pytest.fixture
def layer_found(weigh, claim, layer):
    """Weigh "each unit test takes less than 100 ms" by the interval of the slowest test's median."""
    limited = claim("layer-limit", metric="test", layer="unit", limit_seconds=0.1)
    return lambda low, high: weigh(limited, layers=(layer(low * MS, high * MS),))


@pytest.mark.parametrize(
    ("low", "high", "verdict", "flip"),
    [
        (1000, 1600, Verdict.SUPPORTED, "a slowdown by more than 1.25x"),
        (1000, 2000, Verdict.INCONCLUSIVE, "more trials"),
        (1900, 2100, Verdict.INCONCLUSIVE, "more trials"),
        (2000, 2100, Verdict.REFUTED, "a speed-up by more than 1.00x"),
        (3000, 4000, Verdict.REFUTED, "a speed-up by more than 1.50x"),
    ],
)
def test_a_suite_is_judged_by_the_whole_interval(suite_found, low, high, verdict, flip):
    found = suite_found(low, high)
    assert (found.verdict, found.would_flip) == (verdict, flip)


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(10, 99, Verdict.SUPPORTED), (90, 110, Verdict.INCONCLUSIVE), (100, 110, Verdict.REFUTED)],
)
def test_a_layer_is_judged_by_its_slowest_test(layer_found, low, high, verdict):
    assert layer_found(low, high).verdict is verdict


def test_words_name_the_slowest_test_its_interval_and_the_limit(layer_found):
    numbers = layer_found(80, 95).numbers
    assert "the slowest of 40 tests (unit/test_sums.py::test_sum) takes a median of 90.0 ms" in numbers
    assert "95 % interval 80.0-95.0 ms; limit 100 ms" in numbers


def test_too_few_trials_for_an_interval_are_inconclusive(weigh, claim, layer, cell):
    limited = [claim("layer-limit", layer="unit", limit_seconds=0.1), claim("suite-limit", limit_seconds=30.0)]
    found = [weigh(each, layers=(layer(None, None),), cells=(cell(),)) for each in limited]
    assert [(each.verdict, each.would_flip) for each in found] == [(Verdict.INCONCLUSIVE, "six or more trials")] * 2


def test_another_layer_is_not_measured(weigh, claim, layer):
    found = weigh(claim("layer-limit", layer="api", limit_seconds=1.0), layers=(layer(1, 2),))
    assert (found.verdict, found.reason) == (Verdict.NOT_MEASURED, "sync ran no api test that passed")


def test_a_suite_that_never_passed_is_not_measured(weigh, claim, cell):
    found = weigh(claim("suite-limit", limit_seconds=30.0), cells=(cell(median_wall_ns=None),))
    assert found.verdict is Verdict.NOT_MEASURED
