"""Claims that something takes less than a stated time."""

from bench.claims.evidence import Evidence, Weighed, not_measured
from bench.claims.file import Claim
from bench.findings import CellFinding, Verdict
from bench.text import duration, duration_range, ratio


def suite(claim: Claim, backend: str, evidence: Evidence) -> Weighed:
    """Weigh "the whole suite takes less than the limit" by the interval of the median wall time."""
    cell = evidence.cell(claim.subject, backend)
    if cell is None or cell.median_wall_ns is None:
        return not_measured(f"{claim.subject} has no timed trial that passed")
    if cell.failed_trials:
        return _survivors_only(claim, cell)
    interval = evidence.suite_intervals.get(cell.cell)
    return _weigh(
        _limit_ns(claim),
        typical_ns=cell.median_wall_ns,
        interval_ns=None if interval is None else (interval.low, interval.high),
        what=f"the suite of {cell.tests} tests takes a median of",
    )


def layer(claim: Claim, backend: str, evidence: Evidence) -> Weighed:
    """Weigh "each test of the layer takes less than the limit" by the slowest test's median."""
    wanted = (claim.subject, backend, claim.layer)
    found = next((f for f in evidence.layers if (f.contender, f.backend, f.layer) == wanted), None)
    if found is None:
        return not_measured(f"{claim.subject} ran no {claim.layer} test that passed")
    cell = evidence.cell(claim.subject, backend)
    if cell is not None and cell.failed_trials:
        return _survivors_only(claim, cell)
    low, high = found.slowest_low_ns, found.slowest_high_ns
    return _weigh(
        _limit_ns(claim),
        typical_ns=found.slowest_ns,
        interval_ns=None if low is None or high is None else (low, high),
        what=f"the slowest of {found.tests} tests ({found.slowest_test}) takes a median of",
    )


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
