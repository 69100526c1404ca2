"""Claims about failing: trials are the sampling unit, and what never failed gets an upper bound."""

import math

from bench import text
from bench.claims.claim import Claim
from bench.claims.weighed import Verdict, Weighed, not_measured
from bench.experiments.flakiness.finding import FlakeSearchFinding
from bench.experiments.reliability.finding import FailureFinding, ReliabilityFinding
from bench.findings import Findings
from bench.flakiness.findings import CellFlakiness
from bench.statistics import fewest_detectable_failures, fisher_p, upper_bound


def never(claim: Claim, backend: str, findings: Findings) -> Weighed:
    """Weigh "never fails": one failure refutes it; enough trials without one support it up to a bound.

    Under conditions it is one flake that refutes it, and trials of earlier runs of the same code count too.
    """
    searched = _searched(claim.subject, backend, findings) if claim.under else None
    found = _failures(claim.subject, backend, findings) if searched is None else _all_trials(searched, findings)
    if found is None:
        return not_measured(f"{claim.subject} was not run")
    numbers = _words(found) + (", under conditions that provoke flakes" if searched is not None else "")
    if found.failed:
        return Weighed(
            verdict=Verdict.REFUTED,
            numbers=numbers,
            reason=f"one failure refutes 'never'; {found.first_message or 'see the failures below'}",
            would_flip="nothing in this run: it did fail",
        )
    bound = claim.at_most or 0.0
    more = _trials_for(bound) - found.trials
    enough = found.upper_bound <= bound
    return Weighed(
        verdict=Verdict.SUPPORTED if enough else Verdict.INCONCLUSIVE,
        numbers=numbers,
        reason=f"'never' is read as at most {bound * 100:g} % of the suite's runs, with 95 % confidence",
        would_flip="one failed trial" if enough else f"about {more} more trials without a failure",
    )


def _all_trials(cell: CellFlakiness, findings: Findings) -> FailureFinding:
    """Count all trials of a contender, timed, under conditions and of earlier runs; name the flake that shows best."""
    searched = findings.of(FlakeSearchFinding)
    flakes = [flake for flake in (searched.search.flakes if searched else ()) if flake.cell == cell.cell]
    proven = sorted(flakes, key=lambda flake: -(flake.replay.failures if flake.replay else 0))
    return FailureFinding(
        contender=cell.contender,
        backend=cell.backend,
        trials=cell.trials + cell.earlier_trials,
        failed=cell.failures + cell.earlier_failures,
        upper_bound=cell.upper,
        loop_errors=0,
        first_message=f"{proven[0].test}: {proven[0].reason}" if proven else "",
    )


def less(claim: Claim, backend: str, findings: Findings) -> Weighed:
    """Weigh "rival fails more often than subject" by Fisher's exact test on the trials of both.

    With `at_most` they are equivalent when neither fails in more than that share of its runs, as far as the
    exact bounds tell.
    """
    own, other = _both(claim, backend, findings)
    if own is None or other is None:
        return not_measured(f"{claim.subject} and {claim.rival} were not both run")
    p_value = fisher_p((own.failed, other.failed), (own.trials, other.trials))
    alpha = claim.alpha or findings.frame.alpha
    seen = fewest_detectable_failures(other.trials, against=own.trials, alpha=alpha, alternative="two-sided")
    numbers = f"{claim.subject} {_words(own)}; {claim.rival} {_words(other)}; Fisher's exact p = {p_value:.2g}"
    verdict = Verdict.INCONCLUSIVE
    if p_value <= alpha:
        rates = own.failed / own.trials, other.failed / other.trials
        verdict = Verdict.SUPPORTED if rates[0] < rates[1] else Verdict.REFUTED
    elif claim.at_most is not None and max(own.upper_bound, other.upper_bound) <= claim.at_most:
        verdict = Verdict.EQUIVALENT
    detectable = f"could have told 0 against {seen} failures apart" if seen is not None else "tell nothing apart"
    return Weighed(
        verdict=verdict,
        numbers=numbers,
        reason=f"so many trials {detectable}",
        would_flip=_flip_of_less(verdict, min(own.trials, other.trials), claim),
        p_value=p_value,
    )


def _both(claim: Claim, backend: str, findings: Findings) -> tuple[FailureFinding | None, FailureFinding | None]:
    """Find the failures of subject and rival, both under conditions or both not."""
    searched = findings.of(FlakeSearchFinding) if claim.under else None
    if searched is None or not searched.provoked:
        return _failures(claim.subject, backend, findings), _failures(claim.rival, backend, findings)
    provoked = ReliabilityFinding(failures=searched.provoked)
    return provoked.of(claim.subject, backend), provoked.of(claim.rival, backend)


def _failures(contender: str | None, backend: str, findings: Findings) -> FailureFinding | None:
    found = findings.of(ReliabilityFinding)
    return found.of(contender, backend) if found else None


def _searched(contender: str, backend: str, findings: Findings) -> CellFlakiness | None:
    """Find what the search for flakes counted in a contender on a backend."""
    found = findings.of(FlakeSearchFinding)
    cells = found.search.cells if found else ()
    return next((c for c in cells if (c.contender, c.backend) == (contender, backend)), None)


def _flip_of_less(verdict: Verdict, trials: int, claim: Claim) -> str:
    match verdict:
        case Verdict.SUPPORTED | Verdict.REFUTED:
            return "failures as frequent in the other"
        case Verdict.EQUIVALENT:
            return "one failed trial"
        case _:
            more = _trials_for(claim.at_most or 0.0) - trials
            without = f", or about {more} more trials of each without a failure" if more > 0 else ""
            return f"a difference in failures that large{without}"


def spared(claim: Claim, backend: str, findings: Findings) -> Weighed:
    """Weigh "subject is spared errors that rival has": the errors must occur in one and not in the other.

    "Not" is read as everywhere: at most the share `at_most` of runs, with 95 % confidence.
    """
    own, other = _both(claim, backend, findings)
    if own is None or other is None:
        return not_measured(f"{claim.subject} and {claim.rival} were not both run")
    numbers = (
        f"errors of loops and greenlets in {own.loop_errors} of {own.trials} trials of {claim.subject}, "
        f"in {other.loop_errors} of {other.trials} of {claim.rival}"
    )
    if own.loop_errors:
        return Weighed(
            verdict=Verdict.REFUTED, numbers=numbers, reason="they do occur", would_flip="a run without them"
        )
    bound = claim.at_most or 0.0
    if other.loop_errors:
        spared = upper_bound(0, own.trials) <= bound
        return Weighed(
            verdict=Verdict.SUPPORTED if spared else Verdict.INCONCLUSIVE,
            numbers=numbers,
            reason="they occur without the decision, and with it in at most "
            f"{upper_bound(0, own.trials) * 100:.2g} % of the runs (95 %)",
            would_flip="such an error in the subject"
            if spared
            else f"about {_trials_for(bound) - own.trials} more trials of the subject without one",
        )
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
    return f"{found.failed}/{found.trials} trials failed, at most {text.percent(found.upper_bound, digits=2)} (95 %)"


def _trials_for(bound: float) -> int:
    """Return how many trials without a failure bound the rate: the n with (1 - bound)^n = 5 %."""
    return math.ceil(math.log(0.05) / math.log1p(-bound)) if 0 < bound < 1 else 0
