"""Claims about what a client shows: exact observations, weighed row by row and never by a count alone."""

from collections.abc import Sequence

from bench.claims.claim import Claim
from bench.claims.weighed import Verdict, Weighed, not_measured
from bench.experiments.fidelity.awaits import Work
from bench.experiments.fidelity.finding import FidelityFinding, SetFidelity
from bench.experiments.fidelity.mirror import Mirror, Tally
from bench.findings import Findings
from bench.text import listing

MOST_NAMED = 4


def closer(claim: Claim, backend: str, findings: Findings) -> Weighed:  # noqa: ARG001 - one shape for all kinds
    """Weigh "client is closer to a server than another" by the rows in which each disagrees with the server.

    Only where one disagrees in a part of the other's rows is it closer whatever the rows are worth; where each
    disagrees in rows in which the other agrees, it depends on the row.
    """
    found = _latest(findings)
    if found is None or found.mirror is None:
        return not_measured("no mirror table was made")
    pair = [_tally(found.mirror, str(claim.terms[key])) for key in ("client", "than")]
    if pair[0] is None or pair[1] is None:
        return not_measured(f"the mirror table has no client {claim.terms['client']!r} or {claim.terms['than']!r}")
    own, other = set(pair[0].disagree), set(pair[1].disagree)
    numbers = (
        f"{pair[0].client.title} disagrees with a server in {len(own)} of {len(found.mirror.rows)} rows, "
        f"{pair[1].client.title} in {len(other)}"
    )
    if own == other:
        verdict, reason = Verdict.EQUIVALENT, "they disagree in the same rows"
    elif own < other:
        verdict, reason = Verdict.SUPPORTED, f"only the other disagrees in {_named(other - own)}"
    elif own > other:
        verdict, reason = Verdict.REFUTED, f"only this one disagrees in {_named(own - other)}"
    else:
        verdict = Verdict.DEPENDS
        reason = f"on the row: this one alone disagrees in {_named(own - other)}; the other in {_named(other - own)}"
    return Weighed(
        verdict=verdict,
        numbers=numbers,
        reason=reason,
        would_flip="a row that another version turns",
        depends_on="which behaviour matters" if verdict is Verdict.DEPENDS else "",
    )


def awaits_everything(claim: Claim, backend: str, findings: Findings) -> Weighed:  # noqa: ARG001 - one shape for all kinds
    """Weigh "all work is done at return": one kind of work that was not done once refutes it."""
    found = _latest(findings)
    client = str(claim.terms["client"])
    if found is None or found.awaits is None or not any(each.id == client for each in found.awaits.clients):
        return not_measured("no table of awaits was made")
    left, unobserved = found.awaits.left_by(client), found.awaits.unobserved(client)
    rows = len(found.awaits.rows)
    verdict = Verdict.REFUTED if left else Verdict.INCONCLUSIVE if unobserved else Verdict.SUPPORTED
    seen = "; ".join(f"{row.title}: {row.cells[client].text}" for row in left)
    return Weighed(
        verdict=verdict,
        numbers=f"{rows - len(left) - len(unobserved)} of {rows} kinds of work are done at every return",
        reason=seen or _unobserved(unobserved),
        would_flip="a client that waits for them" if left else "one that is still running",
    )


def _unobserved(rows: Sequence[Work]) -> str:
    return f"not observed: {_named({row.title for row in rows})}" if rows else "all were done"


def _latest(findings: Findings) -> SetFidelity | None:
    found = findings.of(FidelityFinding)
    return found.latest if found else None


def _tally(found: Mirror, client: str) -> Tally | None:
    """Find a client by its id, or the one of several libraries by which most was observed ("asyncclient")."""
    alike = [tally for tally in found.tallies if tally.client.id == client or tally.client.id.startswith(f"{client}-")]
    exact = [tally for tally in alike if tally.client.id == client]
    return min(exact or alike, key=lambda tally: len(tally.unobserved), default=None)


def _named(titles: set[str]) -> str:
    ordered = sorted(titles)
    more = len(ordered) - MOST_NAMED
    return listing(ordered[:MOST_NAMED] + ([f"{more} more"] if more > 0 else []))
