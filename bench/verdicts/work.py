"""Claims about what a contender can do at all, and whether two of them do the same."""

from collections.abc import Sequence

from bench.claims.evidence import Evidence, Weighed, not_measured
from bench.claims.file import Claim
from bench.findings import FailureFinding, Verdict


def cannot_do_without(claim: Claim, backend: str, evidence: Evidence) -> Weighed:
    """Weigh "testing that way requires X" by a contender or an attempt that goes without X.

    That it fails says something only where another contender passes: else the database may be to blame.
    """
    return _tried(claim, backend, evidence, passing=Verdict.REFUTED, failing=Verdict.SUPPORTED)


def works(claim: Claim, backend: str, evidence: Evidence) -> Weighed:
    """Weigh "testing that way works" by a contender or an attempt that does it that way."""
    return _tried(claim, backend, evidence, passing=Verdict.SUPPORTED, failing=Verdict.REFUTED)


def _tried(claim: Claim, backend: str, evidence: Evidence, *, passing: Verdict, failing: Verdict) -> Weighed:
    trials, failed, tests = _outcomes(claim.subject, backend, evidence)
    if not trials:
        return not_measured(f"{claim.subject} was not run")
    numbers = f"{claim.subject} passed in {trials - failed} of {trials} trials"
    if 0 < failed < trials:
        return Weighed(
            verdict=Verdict.INCONCLUSIVE,
            numbers=numbers,
            reason="it works sometimes",
            would_flip="the same outcome in every trial",
        )
    others = [f for f in evidence.failures if f.backend == backend and f.contender != claim.subject]
    if failed and not any(other.failed < other.trials for other in others):
        return Weighed(
            verdict=Verdict.INVALID,
            numbers=numbers,
            reason="no other contender passes here either",
            would_flip="a contender that passes beside it",
        )
    return Weighed(
        verdict=failing if failed else passing,
        numbers=numbers + tests,
        reason="the suite that does it that way fails" if failed else "the suite that does it that way passes",
        would_flip="a passing trial" if failed else "a failing trial",
    )


def _outcomes(subject: str, backend: str, evidence: Evidence) -> tuple[int, int, str]:
    """Give the trials of a contender or an attempt, how many failed, and in words which tests did."""
    attempt = evidence.attempt(subject, backend)
    if attempt is not None:
        tests = attempt.failed_tests
        words = f"; {len(tests)} of {attempt.tests} tests failed, {tests[0]} first" if tests else ""
        return 1, int(not attempt.passed), words
    found = evidence.failure(subject, backend)
    return (0, 0, "") if found is None else (found.trials, found.failed, "")


def equal(claim: Claim, backend: str, evidence: Evidence) -> Weighed:
    """Weigh "they test the same functionality" by the tests, outcomes and requests of both."""
    compared = evidence.comparison(claim.subject, claim.rival, backend, "wall")
    own, other = evidence.failure(claim.subject, backend), evidence.failure(claim.rival, backend)
    if compared is None or own is None or other is None:
        return not_measured(f"{claim.subject} and {claim.rival} were not both run")
    if compared.invalid_because:
        return _unequal(compared.invalid_because, own, other)
    cells = [evidence.cell(finding.contender, backend) for finding in (own, other)]
    timed = [cell for cell in cells if cell is not None and cell.trials and cell.facts.get("requests")]
    if len(timed) < len(cells):
        return not_measured(f"the requests of {claim.subject} and {claim.rival} were not counted, or no block was run")
    requests = sum(timed[0].facts["requests"].values())
    return Weighed(
        verdict=Verdict.SUPPORTED,
        numbers=f"{timed[0].tests} tests and {requests} requests, the same in both, "
        "with the same outcomes and statuses",
        reason="every executed test, its outcome, and each route's requests by status were compared",
        would_flip="one test or request that differs",
    )


def _unequal(reasons: Sequence[str], own: FailureFinding, other: FailureFinding) -> Weighed:
    """Tell a difference from a suite that failed now and then, and from one that never passed."""
    if own.failed == own.trials:
        verdict, reason = Verdict.INVALID, f"{own.contender} itself does not pass here"
    elif own.failed or 0 < other.failed < other.trials:
        verdict, reason = Verdict.INCONCLUSIVE, "a suite that fails now and then tells nothing of functionality"
    else:
        verdict, reason = Verdict.REFUTED, "tests, outcomes or requests differ"
    return Weighed(
        verdict=verdict, numbers="; ".join(reasons), reason=reason, would_flip="equal tests, outcomes and requests"
    )
