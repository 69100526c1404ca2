"""The method keeps its promises on simulated noise; at full size: `python -m bench.calibration`.

Sizes: 250 campaigns under each of six noises with fixed seeds. Where all noises share one truth they are pooled to
1,500 campaigns. Every limit is the promise moved by the binomial error that a method just keeping it would exceed in
one simulation of 1,000 (`Rate.promise`). With 1,500 campaigns that is 2.0 points at 94 % and 1.8 points at 5 %: an
interval that covers 90 % instead, or false alarms of 8 %, fails with a probability above 95 %.
"""

import json
import math

import numpy as np
import pytest

from bench.calibration import rivals
from bench.calibration.__main__ import main
from bench.calibration.campaign import BLOCK_SD, simulate
from bench.calibration.judged import Judged, judge_all
from bench.calibration.noise import NOISES, Noise, autocorrelated, gaussian, spiky, step
from bench.calibration.rate import Promise, Rate, Table
from bench.calibration.tables import coverage, false_differences, false_equivalences, power, promises
from bench.statistics import judge, sign_flip_p

RUNS = 250
FINITE = [noise.has_sd for noise in NOISES]


@pytest.fixture(scope="module")
def batches() -> list[Judged]:
    seeded = [(noise, np.random.default_rng([11, index])) for index, noise in enumerate(NOISES)]
    return [judge_all(simulate(noise, runs=RUNS, rng=rng)) for noise, rng in seeded]


def column(table: Table, name: str) -> list[Rate]:
    return [rates[table.columns.index(name)] for _, rates in table.rows]


def pooled(rates: list[Rate], **promised: float) -> Rate:
    return Rate(hits=sum(rate.hits for rate in rates), runs=sum(rate.runs for rate in rates), **promised)


@pytest.mark.parametrize("blocks", [6, 8, 12, 16, 32])
def test_interval_covers_the_truth_under_every_noise(batches: list[Judged], blocks: int) -> None:
    rates = column(coverage(batches), f"{blocks} blocks")
    assert pooled(rates, at_least=0.94).promise is not Promise.BROKEN
    assert Promise.BROKEN not in {rate.promise for rate in rates}


@pytest.mark.parametrize("case", ["any look", "any look, sd 15 %"])
def test_equal_cells_are_rarely_called_different_over_all_looks(batches: list[Judged], case: str) -> None:
    rates = column(false_differences(batches), case)
    assert pooled(rates, at_most=0.05).promise is not Promise.BROKEN
    assert Promise.BROKEN not in {rate.promise for rate in rates}


@pytest.mark.parametrize(
    "case", ["8, sd 6 %", "16, sd 6 %", "32, sd 6 %", "any look, sd 6 %", "32, sd 2 %", "any look, sd 2 %"]
)
def test_cells_apart_by_the_margin_are_rarely_called_equivalent(batches: list[Judged], case: str) -> None:
    rates = column(false_equivalences(batches), case)
    assert pooled(rates, at_most=0.05).promise is not Promise.BROKEN
    assert Promise.BROKEN not in {rate.promise for rate in rates}


def test_difference_of_ten_per_cent_is_found_in_sixteen_blocks(batches: list[Judged]) -> None:
    # Spiky noise is the hardest with 98.7 % at full size; 250 campaigns below 95 % are then one chance in 10,000.
    rates = column(power(batches), "16 blocks")
    assert [rate.share >= 0.95 for rate in rates if rate.at_least] == [True] * sum(FINITE)


def test_difference_said_to_be_detectable_is_detected(batches: list[Judged]) -> None:
    # The promise is 80 % power for Gaussian blocks; four standard errors of 250 campaigns are 10 points.
    assert column(promises(batches[:1]), "16 blocks")[0].share == pytest.approx(0.80, abs=0.10)


def test_blocks_asked_for_resolve_the_comparison(batches: list[Judged]) -> None:
    # At full size 98 % of Gaussian campaigns are resolved; below 90 % the advice would not be worth following.
    assert column(promises(batches[:1]), "asked, no difference")[0].share > 0.9


def test_same_noise_in_sequential_order_raises_false_alarms(batches: list[Judged]) -> None:
    # What protects is the order, not the test: the same sign flips on "all of A, then all of B" find a difference in a
    # fifth to a half of autocorrelated campaigns; 15 % is three times the promise and 7 standard errors above it.
    campaigns = batches[1].campaigns
    p_values = [sign_flip_p(difference) for difference in (campaigns.arm_b - campaigns.arm_a)[:100, :16]]
    assert np.mean(np.array(p_values) <= 0.05) > 0.15


def test_campaigns_are_judged_as_real_ones_are(batches: list[Judged]) -> None:
    batch, shift = batches[3], math.log(1.05)
    verdicts = batch.verdicts(16, difference=1.05)
    directly = [judge(blocks[:16] + shift, margin=0.05).verdict for blocks in batch.campaigns.block_log_ratios]
    assert verdicts == directly


@pytest.mark.parametrize("noise", [noise for noise in NOISES if noise.has_sd], ids=lambda noise: noise.name)
def test_block_log_ratios_have_the_stated_sd(noise: Noise) -> None:
    campaigns = simulate(noise, runs=200, rng=np.random.default_rng(3))
    assert campaigns.block_log_ratios.std() == pytest.approx(BLOCK_SD, rel=1e-3)


def test_mirrored_blocks_cancel_a_steady_drift() -> None:
    level = Noise(name="level", draw=gaussian)
    slope = Noise(name="slope", draw=lambda rng, runs, trials: gaussian(rng, runs, trials) + np.arange(trials) / 2)
    on_level, on_slope = (simulate(noise, runs=50, rng=np.random.default_rng(3)) for noise in (level, slope))
    assert np.allclose(on_level.block_log_ratios, on_slope.block_log_ratios, rtol=0, atol=1e-12)


def test_both_orders_of_a_block_are_equally_likely() -> None:
    # The first half of every block is faster, so the sign tells the order; 6,400 coins have a standard error of 0.6 %.
    halves = Noise(name="halves", draw=lambda _, runs, trials: np.tile([0.0, 1.0, 1.0, 0.0], (runs, trials // 4)))
    campaigns = simulate(halves, runs=200, rng=np.random.default_rng(3))
    assert np.mean(campaigns.block_log_ratios > 0) == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("draw", [autocorrelated, step])
def test_correlated_noise_has_the_measured_correlation(draw: object) -> None:
    series = draw(np.random.default_rng(5), 400, 128)  # type: ignore[operator]
    assert np.corrcoef(series[:, 1:].ravel(), series[:, :-1].ravel())[0, 1] == pytest.approx(0.59, abs=0.03)


def test_spiky_noise_is_spiked_in_one_trial_of_twenty() -> None:
    # A Gaussian exceeds 4 once in 30,000; of the spikes (mean 8) about 0.61 do.
    series = spiky(np.random.default_rng(5), 400, 128)
    assert np.mean(series > 4) == pytest.approx(0.05 * 0.61, abs=0.004)


def test_simulation_is_fixed_by_its_seed() -> None:
    first, second = (simulate(NOISES[2], runs=3, rng=np.random.default_rng(9)) for _ in range(2))
    assert np.array_equal(first.block_log_ratios, second.block_log_ratios)


@pytest.mark.parametrize(
    ("hits", "promised", "promise"),
    [
        (950, {"at_least": 0.94}, Promise.KEPT),
        (930, {"at_least": 0.94}, Promise.BEYOND),
        (900, {"at_least": 0.94}, Promise.BROKEN),
        (40, {"at_most": 0.05}, Promise.KEPT),
        (60, {"at_most": 0.05}, Promise.BEYOND),
        (80, {"at_most": 0.05}, Promise.BROKEN),
        (80, {}, Promise.NONE),
    ],
)
def test_promise_is_broken_only_beyond_chance(hits: int, promised: dict[str, float], promise: Promise) -> None:
    assert Rate(hits=hits, runs=1000, **promised).promise is promise


def arms(*, shift: float = 0.0, sd: float = 0.05, campaigns: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(21)
    return np.exp(rng.normal(0, sd, (campaigns, 32))), np.exp(rng.normal(shift, sd, (campaigns, 32)))


@pytest.mark.parametrize("name", ["pyperf", "hyperfine"])
def test_rule_of_a_t_test_has_its_nominal_size_on_independent_runs(name: str) -> None:
    # 400 campaigns at 5 %: standard error 1.1 points, limits three away.
    assert rivals.RULES[name](*arms()).mean() == pytest.approx(0.05, abs=0.033)


@pytest.mark.parametrize("name", list(rivals.RULES))
def test_rule_of_every_tool_reports_a_contender_twice_as_slow(name: str) -> None:
    assert rivals.RULES[name](*arms(shift=math.log(2))).all()


@pytest.mark.parametrize("name", list(rivals.RULES))
def test_rule_of_every_tool_is_silent_on_runs_without_difference(name: str) -> None:
    times = np.tile(np.linspace(1.0, 1.1, 32), (3, 1))
    assert not rivals.RULES[name](times, times).any()


def test_rule_of_pytest_benchmark_looks_at_its_threshold_and_in_one_direction() -> None:
    even = np.ones((1, 4))
    assert rivals.pytest_benchmark_mean(even, 1.11 * even).all()
    assert not rivals.pytest_benchmark_mean(even, 1.09 * even).any()
    assert not rivals.pytest_benchmark_mean(even, 0.5 * even).any()
    assert rivals.pytest_benchmark_min(even, 1.06 * even).all()
    assert not rivals.pytest_benchmark_min(even, 1.04 * even).any()


def test_rule_of_asv_needs_both_significance_and_its_factor() -> None:
    assert not rivals.asv(*arms(shift=math.log(1.08), sd=0.01)).any()
    assert not rivals.asv(*arms(sd=1.0)).any()


def test_rule_of_criterion_ignores_a_change_within_its_noise_threshold() -> None:
    assert not rivals.criterion(*arms(shift=math.log(1.01), sd=0.001)).any()
    assert rivals.criterion(*arms(shift=math.log(1.03), sd=0.001)).all()


def test_calibration_prints_a_table_for_every_question(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--runs", "3", "--seed", "5"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("3 simulated campaigns per noise, seed 5")
    assert page.count("autocorrelated") == 9
    assert page.endswith("Every promise is kept.\n")


def test_calibration_gives_the_same_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--runs", "2", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert next(iter(document)) == "schema"
    assert document["tables"][0]["columns"] == ["6 blocks", "8 blocks", "12 blocks", "16 blocks", "32 blocks"]


def test_calibration_refuses_to_simulate_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--runs", "0"])
    assert "at least one campaign is needed" in capsys.readouterr().err
