"""A campaign that stops as soon as it is settled does not say false things more often than it promises.

Simulated are campaigns of one backend as they are run: a baseline and two rivals that take equally long, in mirrored
blocks of random order, on trials of five kinds of noise. Both comparisons decide; a look that settles one ends it.

The limit of each rate is 5 % moved by the binomial error that a method just keeping it would exceed in one simulation
of 1,000 (`Rate.promise`): 7.4 % for 1,000 campaigns, 11 % for 200. With these seeds the short looks give 1.7 %
(sign flips of few blocks attain less than they are allowed), 3.0 % without Holm's correction, and 7.5 % if each look
took the whole 5 % as well.
"""

import numpy as np
import pytest

from bench.calibration.noise import NOISES
from bench.calibration.rate import Promise, Rate
from bench.claims import file as claims
from bench.claims import weighing
from bench.claims.weighed import Verdict
from bench.paired.comparing import comparison_words
from bench.paired.finding import ComparisonFinding
from bench.statistics import ComparisonVerdict, Looks, is_settled, judge, judge_at_looks
from tests.made_up import findings_of

RIVALS = ("async", "mixed")
BLOCK_SD = 0.06
SHORT = Looks(blocks=(8, 10, 12), comparisons=2)
PLANNED = Looks(comparisons=2)
KINDS = [noise for noise in NOISES if noise.name in ("Gaussian", "autocorrelated", "step", "spiky", "Cauchy")]
CLAIM = """
[[claim]]
id = "faster-than-{0}"
section = "Overview"
statement = ""
goal = "speed"
kind = "faster"
metric = "wall"
subject = "sync"
rival = "{0}"
backends = ["sqlite"]
weight = "decides"
margin = 0.05
alpha = 0.05
"""
CLAIMS = claims.parse("".join(CLAIM.format(rival) for rival in RIVALS), source="")


def simulated(noise, *, runs, blocks, seed):
    """Return block log-ratios of both rivals over the baseline, shape (runs, 2, blocks), none of them different."""
    rng = np.random.default_rng([seed, KINDS.index(noise)])
    trials = noise.draw(rng, runs, 6 * blocks).reshape(runs, blocks, 6)
    cells = rng.permuted((trials[..., :3] + trials[..., :2:-1]) / 2, axis=-1)
    ratios = np.moveaxis(cells[..., 1:] - cells[..., :1], -1, 1)
    low, high = np.percentile(ratios, [15.865, 84.135])
    return np.clip(BLOCK_SD * ratios / ((high - low) / 2), -6, 6)


def compared(ratios, rival, looks):
    """Compare a rival of which only the blocks are known, as the campaign judges it."""
    judged = judge_at_looks(ratios, looks=looks, margin=0.05)
    return ComparisonFinding(
        id=rival,
        backend="sqlite",
        baseline="sync@sqlite/own",
        baseline_contender="sync",
        rival=rival,
        rival_contender=rival,
        rival_title=rival,
        rival_style="other",
        metric="wall",
        is_noise_floor=False,
        margin=0.05,
        alpha=looks.alpha_per_look,
        looks=len(looks.blocks),
        comparison=judged,
        words=comparison_words(judged),
        invalid_because=(),
        blocks=len(ratios),
        block_log_ratios=tuple(ratios.tolist()),
    )


def weighed(campaign, looks):
    """Weigh both deciding claims on one campaign, given all the blocks it could have run."""
    comparisons = tuple(compared(ratios, rival, looks) for ratios, rival in zip(campaign, RIVALS, strict=True))
    findings = findings_of(comparisons=comparisons, looks=looks)
    return [found.verdict for found in weighing.weigh(CLAIMS, findings, unfit={}, broken={})]


def false_alarms(looks, *, runs, seed):
    """Count campaigns in which any of the two claims is called supported or refuted."""
    alarms = [
        bool({Verdict.SUPPORTED, Verdict.REFUTED}.intersection(weighed(campaign, looks)))
        for noise in KINDS
        for campaign in simulated(noise, runs=runs, blocks=looks.last, seed=seed)
    ]
    return Rate(hits=sum(alarms), runs=len(alarms), at_most=0.05)


@pytest.mark.parametrize(("looks", "runs"), [(SHORT, 200), (PLANNED, 40)], ids=["short looks", "planned looks"])
def test_a_family_of_equal_rivals_is_rarely_called_different(looks, runs):
    assert false_alarms(looks, runs=runs, seed=17).promise is not Promise.BROKEN


def test_the_simulated_campaigns_could_have_raised_alarms():
    # One look without any correction: sign flips of 12 blocks attain 5 % closely; 3 standard errors are 3.8 points.
    ratios = simulated(KINDS[0], runs=300, blocks=12, seed=3)[:, 0]
    different = [judge(campaign, margin=0.05, alpha=0.05).verdict.is_different for campaign in ratios]
    assert np.mean(different) == pytest.approx(0.05, abs=0.035)


def test_a_true_difference_of_both_rivals_beyond_the_margin_is_found():
    # 16 % is 10 points of log-ratio beyond the margin of 5 %, as 10 % is beyond 0: in 12 blocks of an sd of 6 % at a
    # third of 5 % it has a power of about 95 %; of both together 85 % is far below.
    campaigns = simulated(KINDS[0], runs=100, blocks=12, seed=5) + np.log(1.16)
    found = [weighed(campaign, SHORT) == [Verdict.SUPPORTED, Verdict.SUPPORTED] for campaign in campaigns]
    assert np.mean(found) > 0.85


def test_stopping_at_the_look_that_settles_gives_the_verdict_of_the_whole_campaign():
    ratios = simulated(KINDS[0], runs=40, blocks=12, seed=7)[:, 0] + 0.1
    whole = [judge_at_looks(campaign, looks=SHORT, margin=0.05) for campaign in ratios]
    stopped = [
        judge_at_looks(campaign[: judged.estimate.blocks], looks=SHORT, margin=0.05)
        for campaign, judged in zip(ratios, whole, strict=True)
    ]
    assert whole == stopped
    assert {judged.estimate.blocks for judged in whole} == {8, 10, 12}


# One block against the others: sign flips give p = 0.0156 for the first 8, which two rivals and three looks multiply.
ONE_AGAINST = (0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, -0.001)


def test_a_difference_that_would_not_survive_its_family_is_not_settled():
    judged = judge(ONE_AGAINST, margin=0.05, alpha=PLANNED.alpha_per_look)
    assert judged.verdict is ComparisonVerdict.MATERIALLY_SLOWER
    assert is_settled(judged, comparisons=1)
    assert not is_settled(judged, comparisons=2)


def test_what_is_not_settled_is_judged_again_with_more_blocks():
    ratios = (*ONE_AGAINST, *ONE_AGAINST, *ONE_AGAINST)
    assert judge_at_looks(ratios[:16], looks=Looks(comparisons=2), margin=0.05).estimate.blocks == 16
    assert judge_at_looks(ratios[:16], looks=Looks(comparisons=1), margin=0.05).estimate.blocks == 8


def test_equivalence_is_settled_whatever_the_family():
    assert is_settled(judge([0.001, -0.001] * 4, margin=0.05, alpha=0.0166), comparisons=99)


@pytest.mark.parametrize("verdict_blocks", [(0.02, -0.02) * 4, (0.3, -0.3) * 4, (0.2,) * 4])
def test_what_is_open_is_not_settled(verdict_blocks):
    assert not is_settled(judge(verdict_blocks, margin=0.01, alpha=0.0166), comparisons=1)


def test_a_campaign_goes_on_until_its_family_is_settled(make_plan, make_contender, make_executor, measure):
    class OneAgainst(type(make_executor())):
        def __call__(self, spec):
            self.seconds = {"sync": 1.0, "async": 0.999 if spec.block == 8 else 1.2}
            return super().__call__(spec)

    last = [
        max(trial.block for trial in measure(make_plan(looks=(8, 16, 32), comparisons=n), OneAgainst(), run=str(n)))
        for n in (1, 2)
    ]
    assert last == [8, 16]


def test_a_baseline_alone_stops_when_it_equals_its_copy(make_plan, make_contender, measure):
    trials = measure(make_plan(make_contender(), looks=(8, 16, 32)))
    assert {trial.cell.copy for trial in trials} == {0, 1}
    assert max(trial.block for trial in trials) == 8


def test_a_baseline_alone_goes_on_while_its_copy_is_unresolved(make_plan, make_contender, make_executor, measure):
    class Unsteady(type(make_executor())):
        def __call__(self, spec):
            self.seconds = {"sync": 1 + 0.3 * ((spec.block + spec.cell.copy) % 2)}
            return super().__call__(spec)

    trials = measure(make_plan(make_contender(), looks=(8, 10, 12)), Unsteady())
    assert max(trial.block for trial in trials) == 12
