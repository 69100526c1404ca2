"""Claims about what a contender can do at all, and whether two of them do the same."""

from bench.claims import Claim
from bench.findings import Verdict
from bench.verdicts.evidence import Evidence, Weighed, not_measured


def cannot_do_without(claim: Claim, backend: str, evidence: Evidence) -> Weighed:
    """Weigh "testing that way requires X" by a contender that goes without X."""
    found = evidence.failure(claim.subject, backend)
    if found is None:
        return not_measured(backend, f"{claim.subject}, which goes without it, was not run")
    passed = found.trials - found.failed
    if found.failed and passed:
        return Weighed(
            verdict=Verdict.INCONCLUSIVE,
            numbers=f"{claim.subject} failed in {found.failed} of {found.trials} trials",
            reason="it works sometimes",
            would_flip="the same outcome in every trial",
        )
    return Weighed(
        verdict=Verdict.REFUTED if passed else Verdict.SUPPORTED,
        numbers=f"{claim.subject} passed in {passed} of {found.trials} trials",
        reason="a suite that goes without it passes" if passed else "the suite that goes without it fails",
        would_flip="a failing trial" if passed else "a passing trial",
    )


def equal(claim: Claim, backend: str, evidence: Evidence) -> Weighed:
    """Weigh "they test the same functionality" by the tests, outcomes and requests of both."""
    compared = evidence.comparison(claim.subject, claim.rival, backend, "wall")
    cell = evidence.cell(claim.subject, backend)
    if compared is None or cell is None or not cell.trials:
        return not_measured(backend, f"{claim.subject} and {claim.rival} were not both run")
    requests = sum(cell.facts.get("requests", {}).values())
    if compared.invalid_because:
        return Weighed(
            verdict=Verdict.REFUTED,
            numbers="; ".join(compared.invalid_because),
            reason="tests, outcomes or requests differ",
            would_flip="equal tests, outcomes and requests",
        )
    return Weighed(
        verdict=Verdict.SUPPORTED,
        numbers=f"{cell.tests} tests and {requests} requests, the same in both, with the same outcomes and statuses",
        reason="every executed test, its outcome, and each route's requests by status were compared",
        would_flip="one test or request that differs",
    )
