"""Laws of the adjusted p-values."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.statistics import benjamini_hochberg, holm

FAMILIES = st.lists(st.floats(0, 1), min_size=1, max_size=20)


def test_holm_agrees_with_the_vectors(multiple_vector: dict[str, Any]) -> None:
    assert holm(multiple_vector["p"]) == pytest.approx(tuple(multiple_vector["holm"]), abs=1e-9)


def test_benjamini_hochberg_agrees_with_the_vectors(multiple_vector: dict[str, Any]) -> None:
    adjusted = benjamini_hochberg(multiple_vector["p"])
    assert adjusted == pytest.approx(tuple(multiple_vector["benjamini_hochberg"]), abs=1e-9)


@given(FAMILIES)
def test_adjustment_never_makes_a_claim_more_significant(family: list[float]) -> None:
    pairs = zip(family, benjamini_hochberg(family), holm(family), strict=True)
    assert all(p <= discovery + 1e-12 <= familywise + 2e-12 <= 1 + 2e-12 for p, discovery, familywise in pairs)


@given(FAMILIES)
def test_adjustment_keeps_the_order_of_the_claims(family: list[float]) -> None:
    assert holm(family[::-1]) == holm(family)[::-1]


def test_empty_family_has_nothing_to_adjust() -> None:
    assert holm([]) == benjamini_hochberg([]) == ()


@pytest.mark.parametrize("broken", [-0.1, 1.1, math.nan])
def test_number_that_is_no_p_value_is_refused(broken: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm([0.5, broken])
