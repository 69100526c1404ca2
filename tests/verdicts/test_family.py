"""Holm's correction withdraws what does not survive it, and touches nothing else."""

import json
from pathlib import Path

import pytest

from bench.claims.family import after_holm
from bench.claims.weighed import Verdict, Weighed

VECTOR = json.loads((Path(__file__).parents[1] / "vectors" / "statistics.json").read_text())["multiple"]


def weighed(p_value, verdict=Verdict.SUPPORTED):
    return Weighed(verdict=verdict, numbers="", reason="it is slower", would_flip="", p_value=p_value, more_blocks=8)


@pytest.fixture
def corrected(claim):
    """Give the verdicts on deciding claims of one backend by their p-values."""

    def corrected(p_values, *, alpha=0.05):
        pairs = [(claim(), "sqlite") for _ in p_values]
        return after_holm(pairs, [weighed(p) for p in p_values], alpha=alpha)

    return corrected


@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.06, 0.2, 0.25, 0.5])
def test_exactly_what_the_vectors_reject_survives(corrected, alpha):
    survived = [found.verdict is Verdict.SUPPORTED for found in corrected(VECTOR["p"], alpha=alpha)]
    assert survived == [adjusted <= alpha for adjusted in VECTOR["holm"]]


@pytest.mark.parametrize(
    ("p_values", "survived"),
    [
        ((0.05,), (True,)),
        ((0.051,), (False,)),
        ((0.025, 0.05), (True, True)),
        ((0.026, 0.05), (False, False)),
        ((0.05, 0.001), (True, True)),
        ((0.001, 0.06), (True, False)),
        ((0.0234, 0.0234), (True, True)),  # two differences, each the most that 8 blocks and three looks can show
        ((0.0469, 0.0469), (False, False)),  # the second most
    ],
)
def test_a_family_is_corrected_step_by_step(corrected, p_values, survived):
    assert tuple(found.verdict is Verdict.SUPPORTED for found in corrected(p_values)) == survived


def test_a_withdrawn_verdict_says_why_and_how_many_blocks_are_needed(corrected):
    found = corrected([0.04, 0.04])[0]
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.reason == "it is slower; p = 0.08 after Holm and the planned looks, which is more than 0.05"
    assert found.would_flip == "about 8 more blocks"


def test_a_surviving_verdict_shows_its_corrected_p_value(corrected):
    assert corrected([0.01, 0.02])[0].reason == "it is slower; p = 0.02 after Holm and the planned looks"


def test_informing_claims_are_neither_corrected_nor_counted(claim):
    pairs = [(claim(), "sqlite"), (claim(weight="informs"), "sqlite")]
    found = after_holm(pairs, [weighed(0.04), weighed(0.9)], alpha=0.05)
    assert [each.verdict for each in found] == [Verdict.SUPPORTED, Verdict.SUPPORTED]


def test_each_backend_is_a_family_of_its_own(claim):
    pairs = [(claim(), "sqlite"), (claim(), "postgresql")]
    found = after_holm(pairs, [weighed(0.04), weighed(0.04)], alpha=0.05)
    assert [each.verdict for each in found] == [Verdict.SUPPORTED, Verdict.SUPPORTED]


def test_claims_without_a_test_are_neither_corrected_nor_counted(claim):
    pairs = [(claim(), "sqlite"), (claim("suite-limit"), "sqlite")]
    found = after_holm(pairs, [weighed(0.04), weighed(None)], alpha=0.05)
    assert [each.verdict for each in found] == [Verdict.SUPPORTED, Verdict.SUPPORTED]


@pytest.mark.parametrize("verdict", [Verdict.EQUIVALENT, Verdict.INCONCLUSIVE, Verdict.INVALID])
def test_only_a_direction_can_be_withdrawn(claim, verdict):
    given = [weighed(0.9, verdict)]
    assert list(after_holm([(claim(), "sqlite")], given, alpha=0.05)) == given


def test_a_claim_is_held_to_its_own_alpha(claim):
    pairs = [(claim(alpha=0.01), "sqlite")]
    assert after_holm(pairs, [weighed(0.04)], alpha=0.05)[0].verdict is Verdict.INCONCLUSIVE


def test_refutations_are_withdrawn_as_well(claim):
    found = after_holm([(claim(), "sqlite")], [weighed(0.2, Verdict.REFUTED)], alpha=0.05)
    assert found[0].verdict is Verdict.INCONCLUSIVE


def test_no_claim_is_no_family():
    assert after_holm([], [], alpha=0.05) == ()


def test_two_clear_differences_survive_at_the_first_look(weigh_all, claim, comparison, log_ratios):
    rivals = [claim(id=name, rival=name) for name in ("first", "second")]
    found = weigh_all(*rivals, comparisons=[comparison(log_ratios(0.2), rival_contender=c.rival) for c in rivals])
    assert [each.verdict for each in found] == [Verdict.SUPPORTED, Verdict.SUPPORTED]


def test_a_third_deciding_comparison_asks_for_more_blocks(weigh_all, claim, comparison, log_ratios):
    rivals = [claim(id=name, rival=name) for name in ("first", "second", "third")]
    found = weigh_all(*rivals, comparisons=[comparison(log_ratios(0.2), rival_contender=c.rival) for c in rivals])
    assert [(each.verdict, each.would_flip) for each in found] == [(Verdict.INCONCLUSIVE, "about 8 more blocks")] * 3


def test_a_look_that_would_not_survive_the_correction_does_not_end_the_comparison(weigh_all, claim, comparison):
    # The first 8 blocks resolve a difference at p = 0.0156, which is too much for two rivals; 16 settle it.
    ratios = (0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, -0.001, *[0.2] * 8)
    rivals = [claim(id=name, rival=name) for name in ("first", "second")]
    found = weigh_all(*rivals, comparisons=[comparison(ratios, rival_contender=c.rival) for c in rivals])
    assert [each.verdict for each in found] == [Verdict.SUPPORTED, Verdict.SUPPORTED]
