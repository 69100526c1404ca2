"""The claim that a difference between two styles holds however both are wired."""

from dataclasses import replace

from bench import text
from bench.claims.claim import Claim
from bench.claims.weighed import Verdict, Weighed, not_measured
from bench.experiments.speed.claims import weigh_comparison
from bench.experiments.wiring.finding import PairFinding, WiringFinding
from bench.findings import Findings

_ASKS = "only a wiring study measures it: nox -s bench -- wiring"
_AGREED = (Verdict.SUPPORTED, Verdict.REFUTED, Verdict.EQUIVALENT)


def faster_in_every_wiring(claim: Claim, backend: str, findings: Findings) -> Weighed:
    """Weigh "subject is faster than rival in every wiring".

    Each wiring is weighed by itself. The claim is supported (refuted, equivalent) only where every one is, which keeps
    the error rate of one test without correction (R. L. Berger 1982, "Multiparameter hypothesis testing and acceptance
    sampling", Technometrics 24(4), 295-300). Where one supports and another refutes it or shows equality, it depends.
    """
    found = findings.of(WiringFinding)
    pairs = found.of(backend, claim.metric or "wall") if found else ()
    if found is None or not pairs or found.contenders != (claim.subject, claim.rival):
        return not_measured(_ASKS)
    weighed = [(pair, weigh_comparison(claim, pair.comparison, looks=found.looks)) for pair in pairs]
    measured = [(pair, each) for pair, each in weighed if each.verdict is not Verdict.NOT_MEASURED]
    if not measured:
        return not_measured(_ASKS)
    verdicts = {each.verdict for _, each in measured}
    numbers = _span([pair for pair, _ in measured], claim)
    if len(verdicts) == 1:
        only = measured[0][1]
        p_values = [each.p_value for _, each in measured if each.p_value is not None]
        return replace(
            only,
            numbers=numbers,
            reason=f"it is the same in each of {text.count(len(measured), 'wiring')}",
            would_flip=f"a wiring in which it is otherwise; {only.would_flip}",
            p_value=max(p_values) if p_values else None,
        )
    settled = [verdict for verdict in _AGREED if verdict in verdicts]
    by_verdict = {
        verdict: text.listing([pair.title for pair, each in measured if each.verdict is verdict]) for verdict in settled
    }
    words = "; ".join(f"{verdict.value} with {where}" for verdict, where in by_verdict.items())
    if len(settled) > 1:
        return Weighed(
            verdict=Verdict.DEPENDS,
            numbers=numbers,
            reason=words,
            would_flip="a reason to look at one of these wirings alone",
        )
    return Weighed(
        verdict=Verdict.INCONCLUSIVE,
        numbers=numbers,
        reason=f"not every wiring is settled{': ' + words if words else ''}",
        would_flip="narrower intervals in the other wirings",
    )


def _span(pairs: list[PairFinding], claim: Claim) -> str:
    sized = [(estimate.ratio, pair.title) for pair in pairs if (estimate := pair.comparison.estimate) is not None]
    if not sized:
        return "no number, because the work was not equal"
    (low, at_low), (high, at_high) = min(sized), max(sized)
    return (
        f"{claim.rival} takes {text.ratio(low)} ({at_low}) to {text.ratio(high)} ({at_high}) of {claim.subject}'s time"
    )
