"""Claims about what really runs under a contender: counted, not timed."""

from bench.claims.claim import Claim
from bench.claims.weighed import Verdict, Weighed, not_measured
from bench.experiments.counting.finding import CountingFinding, ExercisedFinding
from bench.findings import Findings


def loop_per_request(claim: Claim, backend: str, findings: Findings) -> Weighed:
    """Weigh "each request runs in an event loop made for it": fewer loops than requests refute it."""
    found = _cell(findings, claim.subject, backend)
    if found is None or not found.requests:
        return not_measured(f"no loops and requests of {claim.subject} were counted")
    enough = found.event_loops >= found.requests
    return Weighed(
        verdict=Verdict.SUPPORTED if enough else Verdict.REFUTED,
        numbers=f"{found.event_loops} event loops were made for {found.requests} requests of {claim.subject}",
        reason="there were loops enough to give each request its own"
        if enough
        else "with fewer loops than requests, requests share them",
        would_flip="fewer loops than requests" if enough else "as many loops as requests",
    )


def same_drivers(claim: Claim, backend: str, findings: Findings) -> Weighed:
    """Weigh "the application runs on the same database drivers in subject as in rival"."""
    own, other = _cell(findings, claim.subject, backend), _cell(findings, claim.rival, backend)
    if own is None or other is None:
        return not_measured(f"the connections of {claim.subject} and {claim.rival} were not counted")
    missing = sorted(other.connections.keys() - own.connections.keys())
    return Weighed(
        verdict=Verdict.REFUTED if missing else Verdict.SUPPORTED,
        numbers=f"{_opened(own)}; {_opened(other)}",
        reason=f"{claim.subject} never opens {' or '.join(missing)}"
        if missing
        else "each driver that is opened there is opened here",
        would_flip="a connection of that driver" if missing else "a driver that is never opened",
    )


def _cell(findings: Findings, contender: str | None, backend: str) -> ExercisedFinding | None:
    found = findings.of(CountingFinding)
    return found.cell(contender, backend) if found else None


def _opened(found: ExercisedFinding) -> str:
    opened = [f"{number} of {driver}" for driver, number in sorted(found.connections.items())]
    return f"connections of {found.contender}: {', '.join(opened) or 'none'}"
