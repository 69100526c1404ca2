"""Claims about the source of the suites: exact counts, no statistics."""

import math

from bench.claims.claim import Claim
from bench.claims.weighed import Verdict, Weighed, not_measured
from bench.experiments.simplicity.counting import SuiteCount
from bench.experiments.simplicity.finding import SimplicityFinding
from bench.findings import Findings

_NOUNS = {
    "logical_lines": "logical lines",
    "async_tokens": "async and await tokens",
    "fixtures": "fixtures",
    "configuration_keys": "settings",
    "plumbing_names": "asynchronous-plumbing names",
    "cyclomatic_complexity": "cyclomatic complexity",
}


def fewer(claim: Claim, backend: str, findings: Findings) -> Weighed:  # noqa: ARG001 - one shape for all kinds
    """Weigh "subject needs less of it than rival"; within the claim's margin they are equivalent."""
    own, other = _count(claim.subject, findings), _count(claim.rival, findings)
    if own is None or other is None:
        return not_measured(f"the sources of {claim.subject} and {claim.rival} were not counted")
    first, second = _amount(own, claim), _amount(other, claim)
    margin = claim.margin or 0.0
    within = abs(first - second) <= margin * max(first, second)
    verdict = Verdict.EQUIVALENT if within else Verdict.SUPPORTED if first < second else Verdict.REFUTED
    return Weighed(
        verdict=verdict,
        numbers=f"{first} {_noun(claim)} in {claim.subject}, {second} in {claim.rival}",
        reason="counted exactly from the source" + _only(own, other, claim),
        would_flip=_flip_of_fewer(verdict, second, margin=margin, noun=f"{_noun(claim)} in {claim.subject}"),
        margin=margin,
    )


def _flip_of_fewer(verdict: Verdict, rival: int, *, margin: float, noun: str) -> str:
    """Say from which amount on the subject would get another verdict, the rival's staying as it is."""
    # Rounded first: 0.95 x 60 is 57 and nothing beside it.
    fewest, most = math.ceil(round(rival * (1 - margin), 6)), math.floor(round(rival / (1 - margin), 6))
    match verdict:
        case Verdict.SUPPORTED:
            return f"{fewest} or more {noun}"
        case Verdict.REFUTED:
            return f"{most} or fewer {noun}"
        case _:
            return f"fewer than {fewest} or more than {most} {noun}"


def absent(claim: Claim, backend: str, findings: Findings) -> Weighed:  # noqa: ARG001 - one shape for all kinds
    """Weigh "subject has none of it at all"."""
    own = _count(claim.subject, findings)
    if own is None:
        return not_measured(f"the sources of {claim.subject} were not counted")
    amount = _amount(own, claim)
    named = f": {', '.join(own.plumbing)}" if claim.metric == "plumbing_names" and own.plumbing else ""
    return Weighed(
        verdict=Verdict.REFUTED if amount else Verdict.SUPPORTED,
        numbers=f"{amount} {_noun(claim)} in {claim.subject}{named}",
        reason="counted exactly from the source",
        would_flip=f"a suite without those {amount}" if amount else "a single one",
    )


def _count(contender: str | None, findings: Findings) -> SuiteCount | None:
    found = findings.of(SimplicityFinding)
    return found.suites.get(contender or "") if found else None


def _amount(suite: SuiteCount, claim: Claim) -> int:
    return int(getattr(suite, claim.metric))


def _noun(claim: Claim) -> str:
    return _NOUNS[claim.metric]


def _only(own: SuiteCount, other: SuiteCount, claim: Claim) -> str:
    if claim.metric != "plumbing_names":
        return ""
    return (
        f"; {claim.subject}: {', '.join(own.plumbing) or 'none'}; {claim.rival}: {', '.join(other.plumbing) or 'none'}"
    )
