"""What became of each claim."""

from collections.abc import Sequence

from bench.claims.weighed import Verdict
from bench.claims.weighing import ClaimFinding
from bench.revalidation.findings import ChangeFinding, ClaimChange, Transition

DECISIVE = (Verdict.SUPPORTED, Verdict.REFUTED, Verdict.EQUIVALENT)


def transition(before: Verdict, after: Verdict) -> Transition:
    """Name the way from one verdict to the other; only from an answer to another one is it a flip."""
    if before in DECISIVE and after in DECISIVE:
        return Transition.HELD if before is after else Transition.FLIPPED
    if after in DECISIVE:
        return Transition.NEWLY_MEASURED
    if before in DECISIVE and after is Verdict.INCONCLUSIVE:
        return Transition.NEWLY_INCONCLUSIVE
    was_weighed = before in DECISIVE or before is Verdict.INCONCLUSIVE
    return Transition.NEWLY_BROKEN if was_weighed and after is not Verdict.INCONCLUSIVE else Transition.OPEN


def claim_changes(
    before: Sequence[ClaimFinding], after: Sequence[ClaimFinding], changes: Sequence[ChangeFinding]
) -> tuple[ClaimChange, ...]:
    """Compare each claim with itself; one that neither set could weigh is left out."""
    earlier = {claim.id: claim for claim in before}
    return tuple(
        _change(earlier[claim.id], claim, changes)
        for claim in after
        if {earlier[claim.id].verdict, claim.verdict} != {Verdict.NOT_MEASURED}
    )


def _change(before: ClaimFinding, after: ClaimFinding, changes: Sequence[ChangeFinding]) -> ClaimChange:
    return ClaimChange(
        id=after.id,
        statement=after.statement,
        backend=after.backend,
        weight=after.weight,
        before=before.verdict,
        after=after.verdict,
        transition=transition(before.verdict, after.verdict),
        numbers_before=before.numbers or before.reason,
        numbers_after=after.numbers or after.reason,
        change=_ratio_words(after, changes),
    )


def _ratio_words(claim: ClaimFinding, changes: Sequence[ChangeFinding]) -> str:
    wanted = (claim.rival, claim.backend, claim.metric)
    found = (c for c in changes if (c.rival_contender, c.backend, c.metric) == wanted)
    own = next(found, None) if claim.kind in ("faster", "faster-in-each-pair") else None
    return "" if own is None else own.words
