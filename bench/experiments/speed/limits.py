"""Claims that something takes less than a stated time, and that enough tests pass."""

from bench.claims.claim import Claim
from bench.claims.weighed import Verdict, Weighed, not_measured
from bench.experiments.speed.finding import CellFinding, SpeedFinding
from bench.findings import Findings
from bench.text import duration, duration_range, ratio


def suite(claim: Claim, backend: str, findings: Findings) -> Weighed:
    """Weigh "the whole suite takes less than the limit" by the interval of the median wall time."""
    cell = _cell(claim, backend, findings)
    if cell is None or cell.median_wall_ns is None:
        return not_measured(f"{claim.subject} has no timed trial that passed")
    if cell.failed_trials:
        return _survivors_only(claim, cell)
    interval = cell.wall_interval
    return _weigh(
        _limit_ns(claim),
        typical_ns=cell.median_wall_ns,
        interval_ns=None if interval is None else (interval.low, interval.high),
        what=f"the suite of {cell.tests} tests takes a median of",
    )


def layer(claim: Claim, backend: str, findings: Findings) -> Weighed:
    """Weigh "each test of the layer takes less than the limit" by the slowest test's median."""
    speed = findings.of(SpeedFinding)
    wanted = (claim.subject, backend, claim.layer)
    layers = speed.layers if speed else ()
    found = next((f for f in layers if (f.contender, f.backend, f.layer) == wanted), None)
    if found is None:
        return not_measured(f"{claim.subject} ran no {claim.layer} test that passed")
    cell = _cell(claim, backend, findings)
    if cell is not None and cell.failed_trials:
        return _survivors_only(claim, cell)
    low, high = found.slowest_low_ns, found.slowest_high_ns
    return _weigh(
        _limit_ns(claim),
        typical_ns=found.slowest_ns,
        interval_ns=None if low is None or high is None else (low, high),
        what=f"the slowest of {found.tests} tests ({found.slowest_test}) takes a median of",
    )


def at_least_tests(claim: Claim, backend: str, findings: Findings) -> Weighed:
    """Weigh "at least N tests pass consistently": the number of tests, and no trial that failed."""
    cell = _cell(claim, backend, findings)
    if cell is None or not cell.trials:
        return not_measured(f"{claim.subject} has no timed trial that passed")
    wanted = claim.at_least or 0
    enough = cell.tests >= wanted and not cell.failed_trials
    return Weighed(
        verdict=Verdict.SUPPORTED if enough else Verdict.REFUTED,
        numbers=f"{cell.tests} tests, {cell.failed_trials} failed trials beside {cell.trials} that passed",
        reason=f"the claim asks for {wanted} or more, and for no failure",
        would_flip="one failed trial" if enough else "more tests, or no failure",
    )


def _cell(claim: Claim, backend: str, findings: Findings) -> CellFinding | None:
    found = findings.of(SpeedFinding)
    return found.cell(claim.subject, backend) if found else None


def _survivors_only(claim: Claim, cell: CellFinding) -> Weighed:
    """Refuse a limit where trials failed: what hung or broke took no time that could be held against it."""
    return Weighed(
        verdict=Verdict.INVALID,
        numbers=f"{cell.failed_trials} failed trials of {claim.subject} beside {cell.trials} that passed",
        reason="only trials that passed have a time",
        would_flip="a run in which every trial passes",
    )


def _limit_ns(claim: Claim) -> float:
    assert claim.limit_seconds is not None, "claims.parse demands it"
    return claim.limit_seconds * 1e9


def _weigh(limit_ns: float, *, typical_ns: float, interval_ns: tuple[float, float] | None, what: str) -> Weighed:
    typical, limit = duration(typical_ns), duration(limit_ns)
    if interval_ns is None:
        return Weighed(
            verdict=Verdict.INCONCLUSIVE,
            numbers=f"{what} {typical} (limit {limit})",
            reason="fewer than 6 trials give no 95 % interval",
            would_flip="six or more trials",
        )
    low_ns, high_ns = interval_ns
    numbers = f"{what} {typical} (95 % interval {duration_range(low_ns, high_ns)}; limit {limit})"
    if high_ns < limit_ns:
        return Weighed(
            verdict=Verdict.SUPPORTED,
            numbers=numbers,
            reason="the whole interval lies under the limit",
            would_flip=f"a slowdown by more than {ratio(limit_ns / high_ns)}" if high_ns > 0 else "any measurable time",
        )
    refuted = low_ns >= limit_ns
    return Weighed(
        verdict=Verdict.REFUTED if refuted else Verdict.INCONCLUSIVE,
        numbers=numbers,
        reason="the whole interval lies at or over the limit" if refuted else "the interval holds the limit",
        would_flip=f"a speed-up by more than {ratio(low_ns / limit_ns)}" if refuted else "more trials",
    )
