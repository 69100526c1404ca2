"""Weigh each claim against what was measured; the kind of the claim knows how."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bench.claims.claim import Claim, Weight
from bench.claims.family import after_holm
from bench.claims.file import kinds
from bench.claims.weighed import Verdict, Weighed
from bench.findings import Findings
from bench.model import NO_BACKEND


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFinding:
    """One statement of the record, weighed. `numbers` is the evidence in one line of text.

    `compares` says that the claim sets its subject against a rejected alternative, its rival.
    """

    id: str
    statement: str
    section: str
    kind: str
    metric: str
    subject: str
    rival: str | None
    backend: str
    margin: float | None
    weight: Weight
    goal: str
    compares: bool
    verdict: Verdict
    numbers: str
    reason: str
    would_flip: str
    depends_on: str = ""
    pairs: tuple[tuple[str, str], ...] = ()


def weigh(
    claims: Sequence[Claim], findings: Findings, *, unfit: Mapping[str, Sequence[str]], broken: Mapping[str, str]
) -> tuple[ClaimFinding, ...]:
    """Weigh every claim on every measured backend it speaks of, then correct the family after Holm.

    `unfit` says by backend why its timings do not count; `broken` by contender and backend ("sync@sqlite") why its
    suite cannot be held against the record.
    """
    pairs = [
        (claim, backend)
        for claim in claims
        for backend in claim.backends or (NO_BACKEND,)
        if backend in findings.frame.backends or not claim.backends
    ]
    weighed = [kinds()[claim.kind].weigh(claim, backend, findings) for claim, backend in pairs]
    fit = [_fit(found, claim, unfit.get(place, ())) for (claim, place), found in zip(pairs, weighed, strict=True)]
    whole = [_unbroken(found, claim, place, broken) for (claim, place), found in zip(pairs, fit, strict=True)]
    corrected = after_holm(pairs, whole, alpha=findings.frame.alpha)
    return tuple(_finding(claim, backend, found) for (claim, backend), found in zip(pairs, corrected, strict=True))


def _fit(weighed: Weighed, claim: Claim, unfit: Sequence[str]) -> Weighed:
    """Withdraw what a timing says where it is unfit; exact counts do not depend on the machine."""
    if not unfit or not kinds()[claim.kind].is_timing or weighed.verdict is Verdict.NOT_MEASURED:
        return weighed
    return replace(
        weighed,
        verdict=Verdict.INVALID,
        reason=f"the run is unfit: {unfit[0]}",
        would_flip="a run on a quiet machine",
        p_value=None,
    )


def _unbroken(weighed: Weighed, claim: Claim, backend: str, broken: Mapping[str, str]) -> Weighed:
    """Withdraw what rests on suites that never passed: they are broken, and the record is not refuted by that."""
    names = [name for name in claim.names if f"{name}@{backend}" in broken]
    if not names or not kinds()[claim.kind].rests_on_passing or weighed.verdict is Verdict.NOT_MEASURED:
        return weighed
    return replace(
        weighed,
        verdict=Verdict.INVALID,
        reason=f"the suite of {names[0]} does not pass here: {broken[f'{names[0]}@{backend}']}",
        would_flip="a suite that passes",
        p_value=None,
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
        compares=kinds()[claim.kind].compares,
        verdict=weighed.verdict,
        numbers=weighed.numbers,
        reason=weighed.reason,
        would_flip=weighed.would_flip,
        depends_on=weighed.depends_on,
        pairs=claim.pairs,
    )
