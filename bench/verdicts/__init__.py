"""Weigh each claim against what was measured: one module per kind of claim."""

from collections.abc import Callable, Mapping, Sequence

from bench.claims.evidence import Evidence, Weighed
from bench.claims.family import after_holm
from bench.claims.file import Claim, Kind
from bench.findings import ClaimFinding, Verdict
from bench.model import NO_BACKEND
from bench.verdicts import counts, exercise, failures, limits, speed, unmeasured, work

__all__ = ["Evidence", "weigh"]

WEIGHERS: Mapping[Kind, Callable[[Claim, str, Evidence], Weighed]] = {
    "faster": speed.faster,
    "suite-limit": limits.suite,
    "layer-limit": limits.layer,
    "fewer": counts.fewer,
    "absent": counts.absent,
    "at-least-tests": counts.at_least_tests,
    "never-fails": failures.never,
    "fails-less": failures.less,
    "spared-errors": failures.spared,
    "cannot-do-without": work.cannot_do_without,
    "works": work.works,
    "equal-work": work.equal,
    "loop-per-request": exercise.loop_per_request,
    "same-drivers": exercise.same_drivers,
    "factor": speed.factor,
    "opinion": unmeasured.opinion,
    "unmeasured": unmeasured.unmeasured,
}

_TIMED: tuple[Kind, ...] = ("faster", "factor", "suite-limit", "layer-limit")


def weigh(claims: Sequence[Claim], evidence: Evidence) -> tuple[ClaimFinding, ...]:
    """Weigh every claim on every measured backend it speaks of, then correct the family after Holm."""
    pairs = [
        (claim, backend)
        for claim in claims
        for backend in claim.backends or (NO_BACKEND,)
        if backend in evidence.backends or not claim.backends
    ]
    weighed = [WEIGHERS[claim.kind](claim, backend, evidence) for claim, backend in pairs]
    corrected = after_holm(pairs, weighed, alpha=evidence.looks.alpha)
    return tuple(
        _finding(claim, backend, _unfit(found, claim, evidence))
        for (claim, backend), found in zip(pairs, corrected, strict=True)
    )


def _unfit(weighed: Weighed, claim: Claim, evidence: Evidence) -> Weighed:
    """Withdraw what a timing says when the run as a whole is unfit; exact counts do not depend on the machine."""
    if not evidence.unfit_because or claim.kind not in _TIMED or weighed.verdict is Verdict.NOT_MEASURED:
        return weighed
    return Weighed(
        verdict=Verdict.INVALID,
        numbers=weighed.numbers,
        reason=f"the run is unfit: {evidence.unfit_because[0]}",
        would_flip="a run on a quiet machine",
    )


def _finding(claim: Claim, backend: str, weighed: Weighed) -> ClaimFinding:
    return ClaimFinding(
        id=f"{claim.id}@{backend}" if claim.backends else claim.id,
        statement=claim.statement,
        section=claim.section,
        kind=claim.kind,
        metric=claim.metric,
        subject=claim.subject,
        rival=claim.rival,
        backend=backend,
        margin=weighed.margin,
        weight=claim.weight,
        goal=claim.goal,
        verdict=weighed.verdict,
        numbers=weighed.numbers,
        reason=weighed.reason,
        would_flip=weighed.would_flip,
    )
