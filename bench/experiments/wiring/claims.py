"""The claim that a difference between two styles holds however both are wired."""

from dataclasses import replace

from bench import text
from bench.claims.claim import Claim
from bench.claims.weighed import Verdict, Weighed, not_measured
from bench.experiments.speed.claims import in_every, weigh_comparison
from bench.experiments.wiring.finding import PairFinding, WiringFinding
from bench.findings import Findings

_ASKS = "only a wiring study measures it: nox -s bench -- wiring"


def faster_in_every_wiring(claim: Claim, backend: str, findings: Findings) -> Weighed:
    """Weigh "subject is faster than rival in every wiring".

    Each wiring is weighed by itself, and `in_every` joins them.
    """
    found = findings.of(WiringFinding)
    pairs = found.of(backend, claim.metric or "wall") if found else ()
    if found is None or not pairs or found.contenders != (claim.subject, claim.rival):
        return not_measured(_ASKS)
    weighed = [(pair, weigh_comparison(claim, pair.comparison, looks=found.looks)) for pair in pairs]
    measured = [(pair, each) for pair, each in weighed if each.verdict is not Verdict.NOT_MEASURED]
    if not measured:
        return not_measured(_ASKS)
    joined = in_every([(pair.title, each) for pair, each in measured], noun="wiring")
    return replace(joined, numbers=_span([pair for pair, _ in measured], claim))


def _span(pairs: list[PairFinding], claim: Claim) -> str:
    sized = [(estimate.ratio, pair.title) for pair in pairs if (estimate := pair.comparison.estimate) is not None]
    if not sized:
        return "no number, because the work was not equal"
    (low, at_low), (high, at_high) = min(sized), max(sized)
    return (
        f"{claim.rival} takes {text.ratio(low)} ({at_low}) to {text.ratio(high)} ({at_high}) of {claim.subject}'s time"
    )
