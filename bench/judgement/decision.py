"""From verdicts to the decision, by a rule without hidden weights.

1. Challenged, if a deciding claim is refuted.
2. Challenged, if a rejected alternative overtakes: at least as good on every measured goal and better on one.
3. Else undetermined, if a deciding claim is inconclusive, invalid or not measured, or if an alternative may
   still overtake: better on one goal, worse on none, and unknown on another.
4. Else it stands: every deciding claim is supported, or its difference lies within the margin.

The alternatives are the rivals of the contender that the deciding claims speak for. On each goal they are
compared by every claim in which they are its rival: "worse" if one says so; else "unknown" if one was
measured and is inconclusive or invalid; else "better" if one says so, or "as good". A goal of which nothing
was measured says nothing, but one that was measured without an answer is not "at least as good".
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bench.claims.weighed import Verdict
from bench.claims.weighing import ClaimFinding
from bench.judgement.finding import AlternativeFinding, Decision, DecisionFinding
from bench.model import BACKEND_TITLES, NO_BACKEND
from bench.text import listing

GOALS = ("speed", "reliability", "simplicity")
# What a claim "the selected one is better than its rival" says of the rival.
_OF_THE_RIVAL = {Verdict.SUPPORTED: "worse", Verdict.EQUIVALENT: "as good", Verdict.REFUTED: "better"}
_OPEN = (Verdict.DEPENDS, Verdict.INCONCLUSIVE, Verdict.INVALID, Verdict.NOT_MEASURED)
_SILENT = "not measured"
_VERBS = {
    Decision.STANDS: "stands",
    Decision.CHALLENGED: "is challenged",
    Decision.UNDETERMINED: "is undetermined",
}


def decide(claims: Sequence[ClaimFinding]) -> DecisionFinding:
    """Apply the rule and say what would flip the answer; a team runs one database, so each is judged by itself too."""
    whole = _decide(claims)
    backends = [claim.backend for claim in claims if claim.weight == "decides" and claim.backend != NO_BACKEND]
    each = {
        backend: _decide([claim for claim in claims if claim.backend in (backend, NO_BACKEND)]).decision
        for backend in dict.fromkeys(backends)
    }
    if len(set(each.values())) < 2:
        return replace(whole, by_backend=each)
    where = listing([f"{_VERBS[decision]} on {BACKEND_TITLES[backend]}" for backend, decision in each.items()])
    return replace(whole, by_backend=each, sentence=f"The decision {where}: {whole.sentence.partition(': ')[2]}")


def _decide(claims: Sequence[ClaimFinding]) -> DecisionFinding:
    deciding = [claim for claim in claims if claim.weight == "decides"]
    refuted = [claim for claim in deciding if claim.verdict is Verdict.REFUTED]
    undecided = [claim for claim in deciding if claim.verdict in _OPEN]
    comparing = _comparing(claims, deciding)
    alternatives = tuple(_alternative(name, comparing) for name in dict.fromkeys(c.rival for c in comparing) if name)
    overtaking = [found for found in alternatives if found.overtakes]
    near = [found for found in alternatives if _may_overtake(found)]
    if not deciding:
        return _finding(
            Decision.UNDETERMINED, "no claim decides; the comparisons stand by themselves.", [], alternatives
        )
    if refuted:
        why = f"{len(refuted)} of {len(deciding)} deciding claims of the record {_are(refuted)} refuted."
        return _finding(Decision.CHALLENGED, why, refuted, alternatives)
    if overtaking:
        why = f"at least as good on every measured goal and better on one: {_names(overtaking)}."
        return _finding(Decision.CHALLENGED, why, _about(overtaking, comparing), alternatives)
    if undecided:
        why = _unsettled(undecided, len(deciding))
        if all(claim.verdict is Verdict.NOT_MEASURED for claim in deciding):  # nothing to say of one above the others
            why, undecided = f"this run measures none of {len(deciding)} deciding claims.", []
        return _finding(Decision.UNDETERMINED, why, undecided, alternatives)
    if near:
        why = f"better on one goal, worse on none, but unknown on another: {_names(near)}."
        return _finding(Decision.UNDETERMINED, why, _about(near, comparing), alternatives)
    why = f"none of {len(deciding)} deciding claims is refuted, none is open, and no alternative overtakes."
    return _finding(Decision.STANDS, why, deciding, alternatives)


def _unsettled(undecided: Sequence[ClaimFinding], deciding: int) -> str:
    """Count the claims that depend on something beside the style, and those that nothing settles yet."""
    depend = [claim for claim in undecided if claim.verdict is Verdict.DEPENDS]
    still_open = [claim for claim in undecided if claim.verdict is not Verdict.DEPENDS]
    parts = []
    for what in dict.fromkeys(claim.depends_on for claim in depend):
        same = sum(claim.depends_on == what for claim in depend)
        parts.append(f"{same} {'depends' if same == 1 else 'depend'} on {what or 'a choice beside the style'}")
    parts += [f"{len(still_open)} {_are(still_open)} open"] if still_open else []
    first, *rest = parts
    count, _, words = first.partition(" ")
    return ", ".join([f"{count} of {deciding} deciding claims {words}", *rest]) + "."


def _are(claims: Sequence[ClaimFinding]) -> str:
    return "is" if len(claims) == 1 else "are"


def _comparing(claims: Sequence[ClaimFinding], deciding: Sequence[ClaimFinding]) -> list[ClaimFinding]:
    """Give the claims that set a rejected alternative against the contender that the deciding claims speak for."""
    compared = [claim for claim in claims if claim.rival and claim.compares]
    # A deciding claim that is about an alternative alone does not make it the selected one.
    subjects, rivals = {claim.subject for claim in deciding}, {claim.rival for claim in compared}
    selected = {claim.subject for claim in deciding if claim.compares} or (subjects - rivals) or subjects
    return [claim for claim in compared if claim.subject in selected and claim.rival not in selected]


def _alternative(contender: str, comparing: Sequence[ClaimFinding]) -> AlternativeFinding:
    own = [claim for claim in comparing if claim.rival == contender]
    goals = {
        goal: _standing([claim.verdict for claim in own if claim.goal == goal])
        for goal in dict.fromkeys((*GOALS, *sorted(claim.goal for claim in comparing)))
    }
    standings = set(goals.values()) - {_SILENT}
    overtakes = "better" in standings and standings <= {"better", "as good"}
    return AlternativeFinding(contender=contender, goals=goals, overtakes=overtakes)


def _may_overtake(found: AlternativeFinding) -> bool:
    standings = set(found.goals.values())
    return {"better", "unknown"} <= standings and "worse" not in standings


def _standing(verdicts: Sequence[Verdict]) -> str:
    found = {_OF_THE_RIVAL.get(verdict, "unknown") for verdict in verdicts if verdict is not Verdict.NOT_MEASURED}
    return next((standing for standing in ("worse", "unknown", "better", "as good") if standing in found), _SILENT)


def _about(alternatives: Sequence[AlternativeFinding], comparing: Sequence[ClaimFinding]) -> list[ClaimFinding]:
    """Give the claims on which the alternatives are compared, those without a measurement left out."""
    names = [found.contender for found in alternatives]
    return [claim for claim in comparing if claim.rival in names and claim.verdict is not Verdict.NOT_MEASURED]


def _names(alternatives: Sequence[AlternativeFinding]) -> str:
    return " and ".join(found.contender for found in alternatives)


def _finding(
    decision: Decision, why: str, claims: Sequence[ClaimFinding], alternatives: tuple[AlternativeFinding, ...]
) -> DecisionFinding:
    return DecisionFinding(
        decision=decision,
        sentence=f"The decision {_VERBS[decision]}: {why}",
        reasons=_gathered(claims, lambda claim: f" {claim.verdict.value}: {claim.reason}"),
        would_flip=_gathered(claims, lambda claim: f": {claim.would_flip}"),
        alternatives=alternatives,
    )


def _gathered(claims: Sequence[ClaimFinding], say: Callable[[ClaimFinding], str]) -> tuple[str, ...]:
    """Say one thing per claim, backends of which the same is to be said together."""
    places: dict[tuple[str, str], list[str]] = {}
    for claim in claims:
        name = claim.id.partition("@")[0]
        places.setdefault((name, say(claim)), []).append(BACKEND_TITLES[claim.backend])
    return tuple(
        f"{name} ({' and '.join(found)}){words}" if found != [BACKEND_TITLES["none"]] else f"{name}{words}"
        for (name, words), found in places.items()
    )
