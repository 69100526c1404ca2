"""Claims that no measurement settles, and claims whose experiment does not exist yet."""

from bench.claims.evidence import Evidence, Weighed, not_measured
from bench.claims.file import Claim
from bench.findings import Verdict


def opinion(claim: Claim, backend: str, evidence: Evidence) -> Weighed:  # noqa: ARG001 - one shape for all kinds
    """Say that no measurement settles the statement, and the fact it rests on."""
    return Weighed(
        verdict=Verdict.NOT_MEASURED,
        numbers=claim.fact or "",
        reason="no measurement can settle this",
        would_flip="nothing that is measured here",
    )


def unmeasured(claim: Claim, backend: str, evidence: Evidence) -> Weighed:  # noqa: ARG001 - one shape for all kinds
    """Say which experiment would be needed."""
    return not_measured(f"the experiment that would tell does not exist yet: {claim.fact}")
