"""Claims that something takes less than a stated time."""

from bench.claims import Claim
from bench.findings import Verdict
from bench.verdicts.evidence import Evidence, Weighed, not_measured, seconds


def suite(claim: Claim, backend: str, evidence: Evidence) -> Weighed:
    """Weigh "the whole suite takes less than the limit" by the interval of the median wall time."""
    cell = evidence.cell(claim.subject, backend)
    if cell is None or cell.median_wall_ns is None:
        return not_measured(backend, f"{claim.subject} has no trial that passed")
    interval = evidence.suite_intervals.get(cell.cell)
    return _weigh(
        claim.limit_seconds or 0.0,
        typical=cell.median_wall_ns / 1e9,
        interval=None if interval is None else (interval.low / 1e9, interval.high / 1e9),
        what=f"the suite of {cell.tests} tests takes a median of",
    )


def layer(claim: Claim, backend: str, evidence: Evidence) -> Weighed:
    """Weigh "each test of the layer takes less than the limit" by the slowest test's median."""
    wanted = (claim.subject, backend, claim.layer)
    found = next((f for f in evidence.layers if (f.contender, f.backend, f.layer) == wanted), None)
    if found is None:
        return not_measured(backend, f"{claim.subject} ran no {claim.layer} test that passed")
    low, high = found.slowest_low_ns, found.slowest_high_ns
    return _weigh(
        claim.limit_seconds or 0.0,
        typical=found.slowest_ns / 1e9,
        interval=None if low is None or high is None else (low / 1e9, high / 1e9),
        what=f"the slowest of {found.tests} tests ({found.slowest_test}) takes a median of",
    )


def _weigh(limit: float, *, typical: float, interval: tuple[float, float] | None, what: str) -> Weighed:
    numbers = f"{what} {seconds(typical)} (limit {seconds(limit)})"
    if interval is None:
        return Weighed(
            verdict=Verdict.INCONCLUSIVE,
            numbers=numbers,
            reason="fewer than 6 trials give no 95 % interval",
            would_flip="six or more trials",
        )
    low, high = interval
    numbers = f"{what} {seconds(typical)} (95 % interval {seconds(low)} to {seconds(high)}; limit {seconds(limit)})"
    if high < limit:
        return Weighed(
            verdict=Verdict.SUPPORTED,
            numbers=numbers,
            reason="the whole interval lies under the limit",
            would_flip=f"a slowdown by more than {limit / high:.1f}x" if high > 0 else "any measurable time",
        )
    refuted = low >= limit
    return Weighed(
        verdict=Verdict.REFUTED if refuted else Verdict.INCONCLUSIVE,
        numbers=numbers,
        reason="the whole interval lies at or over the limit" if refuted else "the interval holds the limit",
        would_flip=f"a speed-up by more than {low / limit:.1f}x" if refuted else "more trials",
    )
