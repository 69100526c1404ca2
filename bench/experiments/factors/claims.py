"""Claims about the time that one change costs."""

from bench.claims.claim import Claim
from bench.claims.weighed import Weighed, not_measured
from bench.experiments.factors.finding import FactorsFinding
from bench.experiments.speed.claims import weigh_comparison
from bench.findings import Findings


def factor(claim: Claim, backend: str, findings: Findings) -> Weighed:
    """Weigh "subject is faster as it is than with the rival's one change", as a factor study measures it."""
    found = findings.of(FactorsFinding)
    compared = found.comparison(claim.subject, claim.rival, backend, claim.metric) if found else None
    if found is None or compared is None:
        return not_measured("only a factor study measures it: nox -s bench -- factors")
    return weigh_comparison(claim, compared, looks=found.looks)
