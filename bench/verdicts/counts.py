"""Claims about the source of the suites: exact counts, no statistics."""

import math

from bench.claims.evidence import Evidence, Weighed, not_measured
from bench.claims.file import Claim
from bench.findings import Verdict
from bench.simplicity.counting import SuiteCount

_NOUNS = {
    "logical_lines": "logical lines",
    "async_tokens": "async and await tokens",
    "fixtures": "fixtures",
    "configuration_keys": "settings",
    "plumbing_names": "asynchronous-plumbing names",
    "cyclomatic_complexity": "cyclomatic complexity",
}


def fewer(claim: Claim, backend: str, evidence: Evidence) -> Weighed:  # noqa: ARG001 - one shape for all kinds
    """Weigh "subject needs less of it than rival"; within the claim's margin they are equivalent."""
    own, other = evidence.suites.get(claim.subject), evidence.suites.get(claim.rival or "")
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


def absent(claim: Claim, backend: str, evidence: Evidence) -> Weighed:  # noqa: ARG001 - one shape for all kinds
    """Weigh "subject has none of it at all"."""
    own = evidence.suites.get(claim.subject)
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


def at_least_tests(claim: Claim, backend: str, evidence: Evidence) -> Weighed:
    """Weigh "so many tests pass consistently": the number of tests, and no trial that failed."""
    cell = evidence.cell(claim.subject, backend)
    if cell is None or not cell.trials:
        return not_measured(f"{claim.subject} has no timed trial that passed")
    wanted = claim.at_least or 0
    enough = cell.tests >= wanted and not cell.failed_trials
    return Weighed(
        verdict=Verdict.SUPPORTED if enough else Verdict.REFUTED,
        numbers=f"{cell.tests} tests, {cell.failed_trials} failed trials beside {cell.trials} that passed",
        reason=f"the claim asks for {wanted} or more, and for no failure",
        would_flip="one failed trial" if enough else "more tests, or no failure",
    )


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
