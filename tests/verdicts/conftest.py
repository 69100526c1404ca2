"""Factories for evidence: a test states the numbers that matter to it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from bench.claims import weighing
from bench.claims.claim import Claim
from bench.claims.weighing import ClaimFinding
from bench.experiments.reliability.finding import FailureFinding
from bench.experiments.simplicity.counting import SuiteCount
from bench.experiments.speed.finding import CellFinding, LayerFinding
from bench.paired.comparing import comparison_words
from bench.paired.finding import ComparisonFinding
from bench.statistics import judge_at_looks, upper_bound
from tests.made_up import LOOKS, a_frame, findings_of

SPREAD = (-0.010, 0.010, -0.006, 0.006, -0.002, 0.002, -0.004, 0.004)  # 8 blocks of a quiet machine around 0


def a_claim(kind: str = "faster", **changes: Any) -> Claim:
    """Make a deciding claim on SQLite: "sync is better than async"; `changes` fit the kind."""
    plain = Claim(
        id="claim",
        section="Overview",
        statement="a statement",
        goal="speed",
        kind=kind,
        subject="sync",
        rival="async",
        weight="decides",
        backends=("sqlite",),
        metric="wall",
    )
    return replace(plain, **changes)


def blocks(shift: float, *, times: int = 1, noise: float = 1.0) -> tuple[float, ...]:
    """Make block log-ratios around `shift`: 8 of them, or `times` as many."""
    return tuple(shift + noise * step for step in SPREAD * times)


def a_comparison(block_log_ratios: tuple[float, ...], **changes: Any) -> ComparisonFinding:
    """Compare async with sync in wall time, as the speed experiment would from these blocks."""
    judged = judge_at_looks(block_log_ratios, looks=LOOKS, margin=0.05) if block_log_ratios else None
    plain = ComparisonFinding(
        id="async@sqlite/own:wall",
        backend="sqlite",
        baseline="sync@sqlite/own",
        baseline_contender="sync",
        rival="async@sqlite/own",
        rival_contender="async",
        rival_title="async",
        rival_style="async",
        metric="wall",
        is_noise_floor=False,
        margin=0.05,
        alpha=LOOKS.alpha_per_look,
        looks=3,
        comparison=judged,
        words=comparison_words(judged) if judged else "not measured",
        invalid_because=(),
        blocks=len(block_log_ratios),
        block_log_ratios=block_log_ratios,
    )
    return replace(plain, **changes)


def a_failure(contender: str = "sync", failed: int = 0, trials: int = 60, **changes: Any) -> FailureFinding:
    plain = FailureFinding(
        contender=contender,
        backend="sqlite",
        trials=trials,
        failed=failed,
        upper_bound=upper_bound(failed, trials),
        loop_errors=0,
        first_message="it broke" if failed else "",
    )
    return replace(plain, **changes)


def a_cell(contender: str = "sync", **changes: Any) -> CellFinding:
    plain = CellFinding(
        cell=f"{contender}@sqlite/own",
        contender=contender,
        title=contender,
        style="other",
        backend="sqlite",
        dependency_set="own",
        is_copy=False,
        trials=16,
        failed_trials=0,
        tests=300,
        median_wall_ns=2 * 10**9,
        wall_interval=None,
        median_cpu_ns=10**9,
        median_peak_rss_bytes=10**8,
        startup_ns=1,
        collection_ns=1,
        setup_ns=1,
        call_ns=1,
        teardown_ns=1,
        exit_ns=1,
        facts={"requests": {"GET /users 200": 3, "POST /users 201": 4}},
    )
    return replace(plain, **changes)


def a_layer(low_ns: int | None, high_ns: int | None, **changes: Any) -> LayerFinding:
    plain = LayerFinding(
        cell="sync@sqlite/own",
        contender="sync",
        backend="sqlite",
        layer="unit",
        tests=40,
        median_ns=10**6,
        slowest_test="unit/test_sums.py::test_sum",
        slowest_ns=90 * 10**6,
        slowest_low_ns=low_ns,
        slowest_high_ns=high_ns,
    )
    return replace(plain, **changes)


def a_count(**changes: Any) -> SuiteCount:
    plain = SuiteCount(
        files=1,
        tests=1,
        logical_lines=100,
        async_tokens=0,
        fixtures=5,
        configuration_keys=4,
        plumbing_names=0,
        cyclomatic_complexity=10,
        plumbing=(),
    )
    return replace(plain, **changes)


@pytest.fixture
def claim() -> Callable[..., Claim]:
    return a_claim


@pytest.fixture
def log_ratios() -> Callable[..., tuple[float, ...]]:
    return blocks


@pytest.fixture
def comparison() -> Callable[..., ComparisonFinding]:
    return a_comparison


@pytest.fixture
def failure() -> Callable[..., FailureFinding]:
    return a_failure


@pytest.fixture
def cell() -> Callable[..., CellFinding]:
    return a_cell


@pytest.fixture
def layer() -> Callable[..., LayerFinding]:
    return a_layer


@pytest.fixture
def suite() -> Callable[..., SuiteCount]:
    return a_count


@pytest.fixture
def weigh_all() -> Callable[..., tuple[ClaimFinding, ...]]:
    """Weigh claims against evidence of which all that is not stated is empty."""

    def weigh_all(*claims: Claim, unfit: Sequence[str] = (), **parts: Any) -> tuple[ClaimFinding, ...]:
        backends = parts.pop("backends", ("sqlite",))
        findings = findings_of(frame=a_frame(backends=backends), **parts)
        return weighing.weigh(claims, findings, unfit=dict.fromkeys(backends, unfit), broken={})

    return weigh_all


@pytest.fixture
def weigh(weigh_all: Callable[..., tuple[ClaimFinding, ...]]) -> Callable[..., ClaimFinding]:
    """Weigh one claim."""

    def weigh(claim: Claim, **changes: Any) -> ClaimFinding:
        (found,) = weigh_all(claim, **changes)
        return found

    return weigh
