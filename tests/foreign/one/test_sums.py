import time

import pytest


@pytest.mark.parametrize("size", [10, 100])
def test_sum_of_a_range(size):
    assert sum(range(size)) == size * (size - 1) // 2


def test_a_short_wait():
    time.sleep(0.01)
