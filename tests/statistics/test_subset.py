"""Laws of the subset means and of the sign-flip test read from them."""

from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.statistics import sign_flip_p, subset_means

BLOCKS = st.lists(st.floats(-1, 1), min_size=1, max_size=10)
MANY_BLOCKS = st.lists(st.floats(-1, 1), min_size=17, max_size=40)


def test_sign_flip_p_agrees_with_the_vectors(block_vector: dict[str, Any]) -> None:
    p_value = sign_flip_p(block_vector["block_log_ratios"])
    assert p_value == pytest.approx(block_vector["sign_flip_p_two_sided"], abs=1e-9)


def test_subset_means_are_those_of_every_non_empty_subset() -> None:
    blocks = [0.3, -0.1, 0.25, 0.9]
    expected = sorted(np.mean(subset) for size in (1, 2, 3, 4) for subset in combinations(blocks, size))
    assert subset_means(blocks) == pytest.approx(expected)


@pytest.mark.parametrize(("blocks", "subsets"), [(1, 1), (8, 255), (9, 511), (12, 4095), (16, 65_535)])
def test_subset_means_are_complete_up_to_sixteen_blocks(blocks: int, subsets: int) -> None:
    assert subset_means(np.linspace(0, 1, blocks)).size == subsets


@pytest.mark.parametrize("blocks", [17, 32, 61])
def test_subset_means_are_a_sample_of_65536_beyond(blocks: int) -> None:
    assert subset_means(np.linspace(0, 1, blocks)).size == pytest.approx(65_536, abs=4)


def test_subset_means_of_a_stack_are_those_of_its_rows() -> None:
    stack = np.random.default_rng(4).normal(size=(3, 20))
    assert np.allclose(subset_means(stack)[1], subset_means(stack[1]), rtol=0, atol=1e-12)


@given(BLOCKS | MANY_BLOCKS)
def test_subset_means_mirror_when_the_arms_are_swapped(blocks: list[float]) -> None:
    assert np.allclose(subset_means(-np.array(blocks)), -subset_means(blocks)[::-1], rtol=0, atol=1e-11)


@given(MANY_BLOCKS.flatmap(lambda blocks: st.tuples(st.just(blocks), st.permutations(blocks))))
def test_subset_means_do_not_depend_on_block_order(orders: tuple[list[float], list[float]]) -> None:
    assert np.array_equal(subset_means(orders[0]), subset_means(orders[1]))


@given(BLOCKS | MANY_BLOCKS)
def test_subset_means_stay_within_the_blocks(blocks: list[float]) -> None:
    means = subset_means(blocks)
    assert min(0, *blocks) <= means[0] <= means[-1] <= max(0, *blocks)


def test_sign_flip_p_counts_sign_assignments() -> None:
    blocks = np.array([0.4, -0.1, 0.3, 0.05, 0.2])
    sums = [abs(np.dot(signs, blocks)) for signs in product([-1, 1], repeat=5)]
    assert sign_flip_p(blocks) == np.mean(np.array(sums) >= abs(blocks.sum()) - 1e-12)


def test_sign_flip_p_is_not_fooled_by_rounding() -> None:
    assert sign_flip_p([0.1, 0.2, -0.3]) == 1.0


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=20))
def test_sign_flip_p_is_a_probability_above_zero(blocks: list[float]) -> None:
    assert 0 < sign_flip_p(blocks) <= 1


@given(BLOCKS)
def test_sign_flip_p_does_not_depend_on_which_arm_is_the_baseline(blocks: list[float]) -> None:
    assert sign_flip_p(blocks) == sign_flip_p([-ratio for ratio in blocks])
