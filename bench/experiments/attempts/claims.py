"""Claims about what a contender can do at all."""

from bench.claims.claim import Claim
from bench.claims.weighed import Verdict, Weighed, not_measured
from bench.experiments.attempts.finding import AttemptsFinding
from bench.experiments.reliability.finding import ReliabilityFinding
from bench.findings import Findings


def cannot_do_without(claim: Claim, backend: str, findings: Findings) -> Weighed:
    """Weigh "testing that way requires X" by a contender or an attempt that goes without X.

    That it fails says something only where another contender passes: else the database may be to blame.
    """
    return _tried(claim, backend, findings, passing=Verdict.REFUTED, failing=Verdict.SUPPORTED)


def works(claim: Claim, backend: str, findings: Findings) -> Weighed:
    """Weigh "testing that way works" by a contender or an attempt that does it that way."""
    return _tried(claim, backend, findings, passing=Verdict.SUPPORTED, failing=Verdict.REFUTED)


def _tried(claim: Claim, backend: str, findings: Findings, *, passing: Verdict, failing: Verdict) -> Weighed:
    trials, failed, tests = _outcomes(claim.subject, backend, findings)
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
    reliability = findings.of(ReliabilityFinding)
    failures = reliability.failures if reliability else ()
    others = [f for f in failures if f.backend == backend and f.contender != claim.subject]
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


def _outcomes(subject: str, backend: str, findings: Findings) -> tuple[int, int, str]:
    """Give the trials of a contender or an attempt, how many failed, and in words which tests did."""
    attempts, reliability = findings.of(AttemptsFinding), findings.of(ReliabilityFinding)
    attempt = attempts.of(subject, backend) if attempts else None
    if attempt is not None:
        tests = attempt.failed_tests
        words = f"; {len(tests)} of {attempt.tests} tests failed, {tests[0]} first" if tests else ""
        return 1, int(not attempt.passed), words
    found = reliability.of(subject, backend) if reliability else None
    return (0, 0, "") if found is None else (found.trials, found.failed, "")
