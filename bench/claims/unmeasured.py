"""Claims that no measurement settles, and claims whose experiment does not exist yet."""

from typing import Final

from bench.claims.claim import Claim
from bench.claims.kind import Kind
from bench.claims.weighed import Verdict, Weighed, not_measured
from bench.findings import Findings

KINDS: Final = (
    Kind(
        name="opinion",
        says="no measurement settles it",
        weigher=f"{__name__}:opinion",
        needs=("fact",),
        about_contenders=False,
        rests_on_passing=False,
    ),
    Kind(
        name="unmeasured",
        says="the experiment does not exist yet",
        weigher=f"{__name__}:unmeasured",
        needs=("fact",),
        about_contenders=False,
        rests_on_passing=False,
    ),
)


def opinion(claim: Claim, backend: str, findings: Findings) -> Weighed:  # noqa: ARG001 - one shape for all kinds
    """Say that no measurement settles the statement, and the fact it rests on."""
    return Weighed(
        verdict=Verdict.NOT_MEASURED,
        numbers=claim.fact or "",
        reason="no measurement can settle this",
        would_flip="nothing that is measured here",
    )


def unmeasured(claim: Claim, backend: str, findings: Findings) -> Weighed:  # noqa: ARG001 - one shape for all kinds
    """Say which experiment would be needed."""
    return not_measured(f"the experiment that would tell does not exist yet: {claim.fact}")
