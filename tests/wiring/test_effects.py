"""Effects of choices from balanced wirings, and what those wirings cannot tell apart."""

import numpy as np
import pytest

from bench.experiments.wiring.effects import aliases, contrast, signs, two_level_choices

HALF = [
    {"isolation": "rollback", "overrides": "on", "lifetime": "module"},
    {"isolation": "rollback", "overrides": "off", "lifetime": "session"},
    {"isolation": "deletion", "overrides": "on", "lifetime": "session"},
    {"isolation": "deletion", "overrides": "off", "lifetime": "module"},
]
FULL = [
    {"isolation": isolation, "overrides": overrides, "lifetime": lifetime}
    for isolation in ("rollback", "deletion")
    for overrides in ("on", "off")
    for lifetime in ("module", "session")
]


def test_each_choice_of_a_half_cannot_be_told_from_the_product_of_the_other_two():
    assert aliases(HALF, "isolation") == ("overrides x lifetime",)
    assert aliases(HALF, "lifetime") == ("isolation x overrides",)


def test_all_combinations_have_no_alias():
    assert [aliases(FULL, choice) for choice in FULL[0]] == [(), (), ()]


def test_a_choice_that_is_not_balanced_or_has_one_level_has_no_effect():
    assert two_level_choices(HALF) == ("isolation", "overrides", "lifetime")
    assert two_level_choices(HALF[:3]) == ()
    assert two_level_choices([{"isolation": "rollback"}]) == ()


@pytest.mark.parametrize("wirings", [HALF, FULL])
def test_a_contrast_gives_back_additive_effects_whatever_the_block(wirings):
    true = {"isolation": 0.3, "overrides": -0.1, "lifetime": 0.05}
    times = np.array(
        [
            [block + sum(true[c] * (signs(wirings, c)[i] + 1) / 2 for c in true) for i in range(len(wirings))]
            for block in (0.0, 5.0, -2.0)
        ]
    )
    for choice, size in true.items():
        assert contrast(times, signs(wirings, choice)) == pytest.approx([size] * 3)
