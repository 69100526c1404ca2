"""The answer for a newcomer: which style is faster, on which database, in words that need no glossary."""

from collections.abc import Sequence
from typing import Final

from bench.campaign.frame import Frame
from bench.claims.weighed import Verdict
from bench.claims.weighing import ClaimFinding
from bench.model import BACKEND_TITLES, NO_BACKEND
from bench.text import listing

_STYLES: Final = {"sync": "synchronous", "async": "asynchronous"}
_OPEN: Final = "it is open which style is faster"


def sentence(claims: Sequence[ClaimFinding], frame: Frame) -> str:
    """Say for each database what the deciding claims about speed come to; '' without such claims."""
    own = [
        claim
        for claim in claims
        if claim.weight == "decides" and claim.goal == "speed" and claim.compares and _styles(claim, frame)
    ]
    said: dict[str, list[str]] = {}
    for backend in dict.fromkeys(claim.backend for claim in own):
        said.setdefault(_words([claim for claim in own if claim.backend == backend], frame), []).append(backend)
    parts = [_placed(words, backends) for words, backends in said.items()]
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _placed(words: str, backends: Sequence[str]) -> str:
    titles = [BACKEND_TITLES[backend] for backend in backends if backend != NO_BACKEND]
    return f"on {listing(titles)} {words}" if titles else words


def _words(claims: Sequence[ClaimFinding], frame: Frame) -> str:
    """Join the claims of one database: one answer where all agree, else what is still possible."""
    verdicts = {claim.verdict for claim in claims}
    subject, rival = _styles(claims[0], frame) or ("", "")
    if Verdict.DEPENDS in verdicts:
        what = next(claim.depends_on for claim in claims if claim.verdict is Verdict.DEPENDS)
        return f"it depends on {what or 'more than the style'} which style is faster"
    if Verdict.REFUTED in verdicts:
        return f"{rival} tests can be faster" if len(verdicts) > 1 else f"{rival} tests are faster"
    if verdicts == {Verdict.SUPPORTED}:
        return f"{subject} tests are faster"
    if verdicts == {Verdict.EQUIVALENT}:
        return "neither style is faster"
    if verdicts == {Verdict.SUPPORTED, Verdict.EQUIVALENT}:
        return f"{subject} tests are as fast or faster"
    return _OPEN


def _styles(claim: ClaimFinding, frame: Frame) -> tuple[str, str] | None:
    """Name the styles of both sides; None where they have one style, or none of the two."""
    by_name = {contender.id: _STYLES.get(contender.style, "") for contender in frame.contenders}
    subject, rival = by_name.get(claim.subject, ""), by_name.get(claim.rival or "", "")
    return (subject, rival) if subject and rival and subject != rival else None
