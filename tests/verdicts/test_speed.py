"""Claims "faster": the paired comparison under the claim's own margin, alpha and number of blocks."""

import pytest

from bench.claims.weighed import Verdict
from bench.experiments.speed.study import strictest

TWENTY_SLOWER, TWO_SLOWER, SAME, TWENTY_FASTER = 0.182, 0.02, 0.0, -0.223


@pytest.fixture
def found(weigh, claim, comparison):
    """Weigh "sync is faster than async" by block log-ratios of async over sync."""
    return lambda ratios, **changes: weigh(claim(**changes), comparisons=(comparison(ratios),))


def test_a_slower_rival_supports(found, log_ratios):
    assert found(log_ratios(TWENTY_SLOWER)).verdict is Verdict.SUPPORTED


def test_a_faster_rival_refutes(found, log_ratios):
    assert found(log_ratios(TWENTY_FASTER)).verdict is Verdict.REFUTED


def test_a_rival_within_the_margin_is_equivalent(found, log_ratios):
    assert found(log_ratios(SAME)).verdict is Verdict.EQUIVALENT


def test_a_wide_interval_around_nothing_is_inconclusive(found, log_ratios):
    assert found(log_ratios(SAME, noise=20)).verdict is Verdict.INCONCLUSIVE


def test_a_difference_of_unresolved_size_leans_and_decides_nothing(found, log_ratios):
    slower, faster = (found(log_ratios(shift, times=4, noise=2)) for shift in (0.05, -0.05))
    assert {slower.verdict, faster.verdict} == {Verdict.INCONCLUSIVE}
    assert "size unresolved" in slower.reason
    assert ("towards the claim" in slower.would_flip, "against the claim" in faster.would_flip) == (True, True)


def test_unequal_work_is_invalid_and_shows_no_number(weigh, claim, comparison, log_ratios):
    unequal = comparison(log_ratios(TWENTY_SLOWER), invalid_because=("only sync executed test_a",))
    found = weigh(claim(), comparisons=(unequal,))
    assert (found.verdict, found.reason) == (Verdict.INVALID, "only sync executed test_a")
    assert not any(character.isdigit() for character in found.numbers)


@pytest.mark.parametrize(
    "changes",
    [{"rival": "other"}, {"subject": "other"}, {"metric": "cpu"}],
    ids=["another rival", "another subject", "another metric"],
)
def test_what_was_not_compared_is_not_measured(found, log_ratios, changes):
    assert found(log_ratios(TWENTY_SLOWER), **changes).verdict is Verdict.NOT_MEASURED


def test_no_whole_block_is_not_measured(found):
    assert found(()).verdict is Verdict.NOT_MEASURED


def test_the_copy_of_the_baseline_is_no_rival(weigh, claim, comparison, log_ratios):
    copy = comparison(log_ratios(TWENTY_SLOWER), is_noise_floor=True, rival_contender="sync")
    assert weigh(claim(rival="sync"), comparisons=(copy,)).verdict is Verdict.NOT_MEASURED


def test_the_claims_own_margin_decides(found, log_ratios):
    verdicts = [found(log_ratios(TWENTY_SLOWER), margin=margin).verdict for margin in (0.1, 0.3)]
    assert verdicts == [Verdict.SUPPORTED, Verdict.EQUIVALENT]


def test_without_its_own_margin_that_of_the_plan_holds(found, log_ratios):
    assert found(log_ratios(TWO_SLOWER)).margin == 0.05


def test_the_claims_own_alpha_decides(found, log_ratios):
    # 8 blocks reach p = 0.0078, three looks make that 0.023: enough for 5 %, too little for 1 %.
    verdicts = [found(log_ratios(TWENTY_SLOWER), alpha=alpha).verdict for alpha in (0.05, 0.01)]
    assert verdicts == [Verdict.SUPPORTED, Verdict.INCONCLUSIVE]


def test_the_looks_of_a_campaign_keep_the_strictest_alpha_of_its_deciding_claims(claim):
    claims = [
        claim(alpha=alpha, weight=weight)
        for alpha, weight in ((None, "decides"), (0.01, "decides"), (0.001, "informs"))
    ]
    assert strictest(claims, otherwise=0.05) == 0.01
    assert strictest([], otherwise=0.05) == 0.05


def test_minimum_blocks_hold_a_verdict_back_and_say_what_is_missing(found, log_ratios):
    waiting = found(log_ratios(TWENTY_SLOWER), minimum_blocks=12)
    assert (waiting.verdict, waiting.would_flip) == (Verdict.INCONCLUSIVE, "4 more blocks: the claim asks for 12")


def test_minimum_blocks_that_were_run_let_it_go(found, log_ratios):
    assert found(log_ratios(TWENTY_SLOWER), minimum_blocks=8).verdict is Verdict.SUPPORTED


def test_words_carry_the_ratio_its_interval_and_the_margin(found, log_ratios):
    slower = found(log_ratios(TWENTY_SLOWER))
    assert slower.numbers.startswith("async takes 1.20x the time of sync (98.3 % interval 1.19")
    assert slower.reason.startswith("async is materially slower")
    assert slower.would_flip == "a rival less than 5 % slower"


def test_an_inconclusive_verdict_says_how_many_blocks_would_tell(found, log_ratios):
    waiting = found(log_ratios(SAME, noise=20))
    assert waiting.reason.startswith("the comparison is inconclusive: about ")
    assert waiting.would_flip.startswith("a narrower interval; about ")
    assert waiting.would_flip.endswith(" more blocks would tell")


def test_where_wall_time_cannot_tell_the_words_say_what_cpu_time_tells(weigh, claim, comparison, log_ratios):
    wall = comparison(log_ratios(SAME, noise=20))
    cpu = comparison(log_ratios(TWENTY_SLOWER), metric="cpu")
    words = weigh(claim(), comparisons=(wall, cpu)).reason
    assert "in wall time; in CPU time it is materially slower (1.20x" in words


def test_a_claim_on_a_backend_that_was_not_run_is_not_weighed(weigh_all, claim):
    assert weigh_all(claim(backends=("postgresql",))) == ()


def test_a_claim_is_weighed_once_on_each_backend(weigh_all, claim):
    found = weigh_all(claim(backends=("sqlite", "postgresql")), backends=("sqlite", "postgresql"))
    assert [each.id for each in found] == ["claim@sqlite", "claim@postgresql"]
