"""Claims about what the suites see, weighed over the proved faults."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench import text
from bench.claims.claim import Claim
from bench.claims.weighed import Verdict, Weighed, not_measured
from bench.experiments.faults.fault import SUITE
from bench.experiments.faults.finding import FaultsFinding
from bench.experiments.faults.sight import ANY_BACKEND, Best, best_states, strongest
from bench.experiments.faults.states import State
from bench.findings import Findings
from bench.statistics import clopper_pearson, mcnemar_p

_ASKS = "only a fault study measures it: nox -s bench -- faults"
_THE_REST = "the rest of the faults: nox -s bench -- faults"
_CONFIDENCE = 0.95
_MOST_NAMED = 6


def few_missed(claim: Claim, backend: str, findings: Findings) -> Weighed:  # noqa: ARG001 - one shape for all kinds
    """Weigh "of the faults, at most a share is seen by rival and not by subject", by its Clopper-Pearson interval.

    A contender sees what it sees in any of the wirings that were run: what another wiring of the same style would see
    is not missed by the style.
    """
    found = findings.of(FaultsFinding)
    compared = _compared(found, claim)
    if found is None or compared is None:
        return not_measured(_ASKS)
    missed, at_most = len(compared.missed), claim.at_most or 0.0
    interval = clopper_pearson(missed, compared.faults, confidence=_CONFIDENCE)
    p = mcnemar_p(len(compared.only_subject), missed)
    numbers = (
        f"in any wiring, {claim.rival} sees {text.count(missed, 'fault')} of {compared.faults} that {claim.subject} "
        f"does not ({text.percent(interval.low)} to {text.percent(interval.high)}), {claim.subject} sees "
        f"{len(compared.only_subject)} that {claim.rival} does not; exact McNemar p {text.probability(p)}"
    )
    if interval.high <= at_most and not found.sample_of and not compared.unclear:
        verdict, flip = Verdict.SUPPORTED, f"faults of which more than {text.percent(at_most)} are missed"
    elif interval.low > at_most:
        verdict, flip = Verdict.REFUTED, "a suite that sees them"
    else:
        verdict, flip = Verdict.INCONCLUSIVE, _THE_REST if _open(found, compared) else "more faults"
    named = _named(compared.missed) if missed else "none is missed in every run"
    reason = f"rare is at most {text.percent(at_most)}; missed: {named}"
    return Weighed(verdict=verdict, numbers=numbers, reason=reason, would_flip=flip)


def sees_as_much(claim: Claim, backend: str, findings: Findings) -> Weighed:  # noqa: ARG001 - one shape for all kinds
    """Weigh "subject sees every fault of some classes that rival sees"; one that only rival sees refutes it.

    As in `few_missed`, a contender sees what it sees in any of its wirings.
    """
    found = findings.of(FaultsFinding)
    classes = tuple(map(str, claim.terms.get("classes", ())))
    compared = _compared(found, claim, classes)
    if found is None or compared is None:
        return not_measured(_ASKS)
    numbers = (
        f"of {text.count(compared.faults, 'fault')} in {text.listing(classes)}, in any wiring, {claim.subject} sees "
        f"{compared.subject}, {claim.rival} {compared.rival}"
    )
    if compared.missed:
        return Weighed(
            verdict=Verdict.REFUTED,
            numbers=numbers,
            reason=f"only the other sees: {_named(compared.missed)}",
            would_flip="tests that see them",
        )
    if open_because := _open(found, compared):
        return Weighed(verdict=Verdict.INCONCLUSIVE, numbers=numbers, reason=open_because, would_flip=_THE_REST)
    return Weighed(
        verdict=Verdict.SUPPORTED,
        numbers=numbers,
        reason=f"{claim.rival} sees none that {claim.subject} does not",
        would_flip="one proved fault that only the other sees",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compared:
    """How many faults were put before both, how many each sees, and those that only one of them sees in four runs.

    `unclear` are those that only the rival saw, in a single run; `unreached` were proved and not put before both.
    """

    faults: int
    subject: int
    rival: int
    missed: tuple[str, ...]
    only_subject: tuple[str, ...]
    unclear: tuple[str, ...]
    unreached: int


def _compared(found: FaultsFinding | None, claim: Claim, classes: Sequence[str] = ()) -> _Compared | None:
    """Compare two contenders, each by the strongest state of its arms; None where nothing was put before both."""
    if found is None:
        return None
    best = best_states(found.sightings)
    asked = [fault.id for fault in found.proved if not classes or fault.kind in classes]
    pairs = {
        fault: pair
        for fault in asked
        if State.NOT_RUN not in (pair := tuple(_strongest(found, best, name, fault) for name in _names(claim)))
    }
    if not pairs:
        return None
    clear = {fault: pair for fault, pair in pairs.items() if fault in found.repeated}
    missed = [fault for fault, (own, other) in pairs.items() if other.is_seen and not own.may_be_seen]
    return _Compared(
        faults=len(pairs),
        subject=sum(own.is_seen for own, _ in pairs.values()),
        rival=sum(other.is_seen for _, other in pairs.values()),
        missed=tuple(fault for fault in missed if fault in clear),
        only_subject=tuple(fault for fault, (own, other) in clear.items() if own.is_seen and not other.may_be_seen),
        unclear=tuple(fault for fault in missed if fault not in clear),
        unreached=len(asked) - len(pairs),
    )


def _names(claim: Claim) -> tuple[str, str]:
    return claim.subject, str(claim.rival)


def _strongest(found: FaultsFinding, best: Best, contender: str, fault: str) -> State:
    own = [arm.id for arm in found.arms if arm.id.split()[0] == contender]
    return strongest([best.get((fault, arm, ANY_BACKEND, SUITE), State.NOT_RUN) for arm in own])


def _named(faults: Sequence[str]) -> str:
    more = f" and {len(faults) - _MOST_NAMED} more" if len(faults) > _MOST_NAMED else ""
    return f"{', '.join(faults[:_MOST_NAMED])}{more}"


def enters_as_much(claim: Claim, backend: str, findings: Findings) -> Weighed:  # noqa: ARG001 - one shape for all kinds
    """Weigh "subject's tests enter every function of the application that rival's enter", on the clean application."""
    subject, rival = (_entered(findings.of(FaultsFinding), name) for name in _names(claim))
    if not subject or not rival:
        return not_measured(_ASKS)
    only, beyond = sorted(rival - subject), len(subject - rival)
    numbers = (
        f"{claim.subject} enters {text.count(len(subject), 'function')}, {claim.rival} {len(rival)}; "
        f"{len(only)} only the latter, {beyond} only the former"
    )
    return Weighed(
        verdict=Verdict.REFUTED if only else Verdict.SUPPORTED,
        numbers=numbers,
        reason=f"never entered: {text.listing(only[:_MOST_NAMED])}" if only else "every function that the other enters",
        would_flip="tests that enter them" if only else "one function that only the other enters",
    )


def _open(found: FaultsFinding, compared: _Compared) -> str:
    """Say why a difference may still be found; "" where every proved fault was put before both and ran again."""
    if compared.unclear:
        return f"only the other saw, in one run: {_named(compared.unclear)}"
    if found.sample_of:
        return f"no difference in a sample of {found.sample_of}"
    return f"{text.count(compared.unreached, 'proved fault')} not reached" if compared.unreached else ""


def _entered(found: FaultsFinding | None, contender: str) -> set[str]:
    own = [run for run in (found.clean if found else ()) if run.arm.split()[0] == contender]
    return {function for run in own for function in run.entered}
