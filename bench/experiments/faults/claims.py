"""Claims about what the suites see, weighed over the proved faults."""

from collections.abc import Sequence
from dataclasses import replace

from bench import text
from bench.claims.claim import Claim
from bench.claims.weighed import Verdict, Weighed, not_measured
from bench.experiments.faults.fault import SUITE, Fault
from bench.experiments.faults.finding import FaultsFinding
from bench.experiments.faults.sight import Pairing, best_states, pairing
from bench.findings import Findings
from bench.statistics import clopper_pearson

_ASKS = "only a fault study measures it: nox -s bench -- faults"
_THE_REST = "the rest of the faults: nox -s bench -- faults"
_CONFIDENCE = 0.95
_NAMED = 6


def few_missed(claim: Claim, backend: str, findings: Findings) -> Weighed:  # noqa: ARG001 - one shape for all kinds
    """Weigh "of the faults, at most a share is seen by rival and not by subject", by its Clopper-Pearson interval."""
    found = findings.of(FaultsFinding)
    claim = _of_arms(found, claim)
    compared = _compared(found, claim)
    if found is None or compared is None or not compared.faults:
        return not_measured(_ASKS)
    missed, at_most = compared.only_second, claim.at_most or 0.0
    interval = clopper_pearson(missed, compared.faults, confidence=_CONFIDENCE)
    numbers = (
        f"{claim.rival} sees {text.count(missed, 'fault')} of {compared.faults} that {claim.subject} does not "
        f"({text.percent(interval.low)} to {text.percent(interval.high)}), {claim.subject} sees {compared.only_first} "
        f"that {claim.rival} does not; exact McNemar p {text.probability(compared.p)}"
    )
    if interval.high <= at_most and not found.sample_of:
        verdict, flip = Verdict.SUPPORTED, f"faults of which more than {text.percent(at_most)} are missed"
    elif interval.low > at_most:
        verdict, flip = Verdict.REFUTED, "a suite that sees them"
    else:
        verdict, flip = Verdict.INCONCLUSIVE, _THE_REST if found.sample_of else "more faults"
    return Weighed(verdict=verdict, numbers=numbers, reason=_names(found, claim, "rare is"), would_flip=flip)


def sees_as_much(claim: Claim, backend: str, findings: Findings) -> Weighed:  # noqa: ARG001 - one shape for all kinds
    """Weigh "subject sees every fault of some classes that rival sees"; one that only rival sees refutes it."""
    found = findings.of(FaultsFinding)
    claim = _of_arms(found, claim)
    classes = tuple(map(str, claim.terms.get("classes", ())))
    compared = _compared(found, claim, classes)
    if found is None or compared is None or not compared.faults:
        return not_measured(_ASKS)
    numbers = (
        f"of {text.count(compared.faults, 'fault')} in {text.listing(classes)}, {claim.subject} sees "
        f"{compared.both + compared.only_first}, {claim.rival} {compared.both + compared.only_second}"
    )
    if not compared.only_second:
        return Weighed(
            verdict=Verdict.INCONCLUSIVE if found.sample_of else Verdict.SUPPORTED,
            numbers=numbers,
            reason=f"{claim.rival} sees none that {claim.subject} does not{_in_a_sample(found)}",
            would_flip=_THE_REST if found.sample_of else "one proved fault that only the other sees",
        )
    return Weighed(
        verdict=Verdict.REFUTED,
        numbers=numbers,
        reason=_names(found, claim, "only the other sees", classes),
        would_flip="tests that see them",
    )


def enters_as_much(claim: Claim, backend: str, findings: Findings) -> Weighed:  # noqa: ARG001 - one shape for all kinds
    """Weigh "subject's tests enter every function of the application that rival's enter", on the clean application."""
    found = findings.of(FaultsFinding)
    claim = _of_arms(found, claim)
    subject, rival = (_entered(found, arm) for arm in (claim.subject, str(claim.rival)))
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
        reason=f"never entered: {text.listing(only[:_NAMED])}" if only else "every function that the other enters",
        would_flip="tests that enter them" if only else "one function that only the other enters",
    )


def _in_a_sample(found: FaultsFinding) -> str:
    return f", in a sample of {found.sample_of}" if found.sample_of else ""


def _entered(found: FaultsFinding | None, arm: str) -> set[str]:
    return {function for run in (found.clean if found else ()) if run.arm == arm for function in run.entered}


def _of_arms(found: FaultsFinding | None, claim: Claim) -> Claim:
    """Put the first arm of a contender in its place: arms of the same contender differ in wiring."""
    arms = [arm.id for arm in found.arms] if found else []

    def named(contender: str) -> str:
        return next((arm for arm in arms if arm.split()[0] == contender), contender)

    return replace(claim, subject=named(claim.subject), rival=named(claim.rival or ""))


def _compared(found: FaultsFinding | None, claim: Claim, classes: Sequence[str] = ()) -> Pairing | None:
    if found is None or not {claim.subject, claim.rival} <= {arm.id for arm in found.arms}:
        return None
    best = best_states(found.sightings)
    return pairing(best, _of(found, classes), claim.subject, str(claim.rival), layer=SUITE)


def _of(found: FaultsFinding, classes: Sequence[str]) -> tuple[Fault, ...]:
    return tuple(fault for fault in found.proved if not classes or fault.kind in classes)


def _names(found: FaultsFinding, claim: Claim, lead: str, classes: Sequence[str] = ()) -> str:
    asked = {fault.id for fault in _of(found, classes)}
    only = [
        one.fault
        for one in found.only_ones
        if (one.seer, one.misser) == (claim.rival, claim.subject) and one.fault in asked
    ]
    more = f" and {len(only) - _NAMED} more" if len(only) > _NAMED else ""
    share = f" at most {text.percent(claim.at_most)}" if claim.at_most is not None else ""
    named = f"{', '.join(only[:_NAMED])}{more}" if only else "none is missed in every run"
    return f"{lead}{share}: {named}" if not share else f"{lead}{share}; missed: {named}"
