"""The confirmatory family: deciding claims that rest on a test, corrected together.

The family is that of one backend: a team runs on one database, and asks the questions of that one.
S. Holm (1979), "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6, 65-70.
"""

from collections.abc import Sequence
from dataclasses import replace

from bench.claims.claim import Claim
from bench.claims.weighed import Verdict, Weighed
from bench.statistics import holm

_DIRECTIONAL = (Verdict.SUPPORTED, Verdict.REFUTED)


def after_holm(pairs: Sequence[tuple[Claim, str]], weighed: Sequence[Weighed], *, alpha: float) -> tuple[Weighed, ...]:
    """Return the verdicts with those withdrawn that do not survive the correction in their family.

    A claim that states its own alpha is held to that one.
    """
    corrected = list(weighed)
    for backend in dict.fromkeys(backend for _, backend in pairs):
        family = [
            index
            for index, (claim, place) in enumerate(pairs)
            if place == backend and claim.weight == "decides" and weighed[index].p_value is not None
        ]
        adjusted = holm([weighed[index].p_value or 0.0 for index in family]) if family else ()
        for index, p_value in zip(family, adjusted, strict=True):
            corrected[index] = _corrected(weighed[index], p_value, alpha=pairs[index][0].alpha or alpha)
    return tuple(corrected)


def _corrected(weighed: Weighed, p_value: float, *, alpha: float) -> Weighed:
    if weighed.verdict not in _DIRECTIONAL:
        return weighed
    note = f"; p = {p_value:.2g} after Holm and the planned looks"
    if p_value <= alpha:
        return replace(weighed, reason=weighed.reason + note)
    return replace(
        weighed,
        verdict=Verdict.INCONCLUSIVE,
        reason=f"{weighed.reason}{note}, which is more than {alpha:g}",
        would_flip=f"about {weighed.more_blocks} more blocks" if weighed.more_blocks else "more trials",
    )
