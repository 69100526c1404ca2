"""What of the timing is in the plan."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bench.campaign.frame import Frame
from bench.claims.claim import Claim
from bench.experiments.contract import Request
from bench.model import BACKEND_TITLES, NO_BACKEND, Cell, Size
from bench.paired import planned
from bench.statistics.looks import Looks
from bench.text import listing

NAME = "speed"
# Smoke proves that the pipeline works: its budget ends long before the 6 blocks of a 95 % interval. Looks are planned
# where the budget reaches them: each takes its share of alpha, whether it comes or not.
LOOKS: Mapping[Size, tuple[int, ...]] = {
    "smoke": (6,),
    "quick": (8,),
    "standard": (8,),
    "full": (8, 16, 32),
}

COMPARING = ("faster", "faster-in-each-pair")
"""The kinds of claim that rest on comparisons of this experiment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """When the blocks are judged, and which cells have an A/A copy.

    `looks` are the numbers of blocks at which a verdict may be taken, which share `alpha`, the strictest that a
    deciding claim asks for; `comparisons` is how many tests decide on one backend and are corrected together. `pairs`
    are further contenders to compare, (baseline, candidate), beside everybody with the baseline.
    """

    looks: tuple[int, ...]
    alpha: float = 0.05
    comparisons: int = 1
    copies: tuple[Cell, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()

    @property
    def planned_looks(self) -> Looks:
        """Return when a verdict may be taken, and at which error rate."""
        return Looks(blocks=self.looks, alpha=self.alpha, comparisons=self.comparisons)

    def cells(self, frame: Frame, backend: str) -> tuple[Cell, ...]:
        """List the cells to time on `backend`: the baseline first, the A/A copies last."""
        suites = frame.suites(backend)
        copies = [copy for copy in self.copies if replace(copy, copy=0) in suites]
        return (*suites, *copies)


def plan(request: Request) -> Study | None:
    """Time the contenders, unless the campaign is for another experiment alone.

    Every backend on which a comparison decides has an A/A copy, and so has the first. A look before the number of
    blocks that the deciding claims ask for is not taken.
    """
    if request.alone:
        return None
    minimum_blocks = max((claim.minimum_blocks or 0 for claim in _deciding(request.claims)), default=0)
    looks = request.looks or LOOKS[request.size]
    study = Study(
        looks=tuple(blocks for blocks in looks if blocks >= minimum_blocks) or (minimum_blocks,),
        alpha=strictest(request.claims, otherwise=request.frame.alpha),
        comparisons=request.comparisons,
        copies=tuple(_copies(request)),
        pairs=tuple(dict.fromkeys(_further_pairs(request))),
    )
    planned.check(study.looks, alpha=study.alpha, profile=request.frame.profile)
    return study


def announce(frame: Frame, study: Study) -> Iterator[str]:
    """Say what is compared on which backend, and when it is judged."""
    for backend in frame.backends:
        cells = [cell.contender + (" (A/A copy)" if cell.copy else "") for cell in study.cells(frame, backend)]
        under = f", each under {listing(frame.dependency_sets)}" if frame.dependency_sets else ""
        place = "compared" if backend == NO_BACKEND else BACKEND_TITLES[backend]
        yield f"{place}: {', '.join(dict.fromkeys(cells))}{under}"
    looks = ", ".join(str(look) for look in study.looks)
    yield f"at most {study.looks[-1]} blocks per backend, judged at {looks}"


def _further_pairs(request: Request) -> Iterator[tuple[str, str]]:
    compared = {contender.id for contender in request.frame.contenders}
    for claim in request.claims:
        for pair in claim.pairs if claim.kind in COMPARING else ():
            if compared.issuperset(pair) and pair[0] != request.frame.baseline:
                yield pair


def _copies(request: Request) -> Iterator[Cell]:
    frame = request.frame
    deciding = {backend for claim in _deciding(request.claims) for backend in claim.backends or frame.backends}
    for backend in frame.backends:
        suites = frame.views[0].suites(backend)
        if request.size == "full" or backend in deciding or backend == frame.backends[0] or len(suites) == 1:
            yield from (replace(cell, copy=1) for cell in suites[:1])


def strictest(claims: Sequence[Claim], *, otherwise: float) -> float:
    """Return the smallest alpha of the deciding claims: a campaign that stops earlier would not do for all of them."""
    return min((claim.alpha or otherwise for claim in _deciding(claims)), default=otherwise)


def _deciding(claims: Sequence[Claim]) -> list[Claim]:
    return [claim for claim in claims if claim.weight == "decides" and claim.kind in COMPARING]
