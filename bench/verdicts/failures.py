"""Claims about failing: trials are the sampling unit, and what never failed gets an upper bound."""

import math

from bench.claims import Claim
from bench.findings import FailureFinding, Verdict
from bench.statistics import fewest_detectable_failures, fisher_p, upper_bound
from bench.verdicts.evidence import Evidence, Weighed, not_measured


def never(claim: Claim, backend: str, evidence: Evidence) -> Weighed:
    """Weigh "never fails": one failure refutes it; enough trials without one support it up to a bound."""
    found = evidence.failure(claim.subject, backend)
    if found is None:
        return not_measured(backend, f"{claim.subject} was not run")
    if found.failed:
        return Weighed(
            verdict=Verdict.REFUTED,
            numbers=_words(found),
            reason=f"one failure refutes 'never'; {found.first_message or 'see the failures below'}",
            would_flip="nothing in this run: it did fail",
        )
    bound = claim.at_most or 0.0
    more = _trials_for(bound) - found.trials
    enough = found.upper_bound <= bound
    return Weighed(
        verdict=Verdict.SUPPORTED if enough else Verdict.INCONCLUSIVE,
        numbers=_words(found),
        reason=f"'never' is read as at most {bound * 100:g} % of the suite's runs, with 95 % confidence",
        would_flip="one failed trial" if enough else f"about {more} more trials without a failure",
    )


def less(claim: Claim, backend: str, evidence: Evidence) -> Weighed:
    """Weigh "rival fails more often than subject" by Fisher's exact test on the trials of both."""
    own, other = evidence.failure(claim.subject, backend), evidence.failure(claim.rival, backend)
    if own is None or other is None:
        return not_measured(backend, f"{claim.subject} and {claim.rival} were not both run")
    p_value = fisher_p((own.failed, other.failed), (own.trials, other.trials))
    seen = fewest_detectable_failures(other.trials, against=own.trials)
    numbers = f"{claim.subject} {_words(own)}; {claim.rival} {_words(other)}; Fisher's exact p = {p_value:.2g}"
    verdict = Verdict.INCONCLUSIVE
    if p_value <= evidence.looks.alpha:
        rates = own.failed / own.trials, other.failed / other.trials
        verdict = Verdict.SUPPORTED if rates[0] < rates[1] else Verdict.REFUTED
    detectable = f"0 against {seen} failures" if seen is not None else "no difference at all"
    return Weighed(
        verdict=verdict,
        numbers=numbers,
        reason=f"so many trials could have told {detectable} apart",
        would_flip="a difference in failures that large",
        p_value=p_value,
    )


def spared(claim: Claim, backend: str, evidence: Evidence) -> Weighed:
    """Weigh "subject is spared errors that rival has": the errors must occur in one and not in the other."""
    own, other = evidence.failure(claim.subject, backend), evidence.failure(claim.rival, backend)
    if own is None or other is None:
        return not_measured(backend, f"{claim.subject} and {claim.rival} were not both run")
    numbers = (
        f"errors of loops and greenlets in {own.loop_errors} of {own.trials} trials of {claim.subject}, "
        f"in {other.loop_errors} of {other.trials} of {claim.rival}"
    )
    if own.loop_errors:
        return Weighed(
            verdict=Verdict.REFUTED, numbers=numbers, reason="they do occur", would_flip="a run without them"
        )
    if other.loop_errors:
        return Weighed(
            verdict=Verdict.SUPPORTED,
            numbers=numbers,
            reason="they occur without the decision and not with it",
            would_flip="such an error in the subject",
        )
    bound = claim.at_most or 0.0
    enough = upper_bound(0, other.trials) <= bound
    return Weighed(
        verdict=Verdict.REFUTED if enough else Verdict.INCONCLUSIVE,
        numbers=numbers,
        reason="nothing is eliminated: they do not occur in the rejected alternative either, "
        f"up to {upper_bound(0, other.trials) * 100:.2g} % of its runs (95 %)",
        would_flip="such an error in the rival"
        if enough
        else f"such an error in the rival, or about {_trials_for(bound) - other.trials} more trials without one",
    )


def _words(found: FailureFinding) -> str:
    return f"{found.failed}/{found.trials} trials failed, at most {found.upper_bound * 100:.2g} % (95 %)"


def _trials_for(bound: float) -> int:
    """Return how many trials without a failure bound the rate: the n with (1 - bound)^n = 5 %."""
    return math.ceil(math.log(0.05) / math.log1p(-bound)) if 0 < bound < 1 else 0
