"""From verdicts to the decision, by a rule without hidden weights.

1. Challenged, if a deciding claim is refuted.
2. Challenged, if a rejected alternative is at least as good on every measured goal and better on one.
3. Else undetermined, if a deciding claim is inconclusive, invalid or not measured.
4. Else it stands: every deciding claim is supported, or its difference lies within the margin.

Goals are speed, reliability and simplicity. An alternative is compared on each by every claim of that
goal in which it is the rival; a goal is unknown as long as one of those claims is open.
"""

from collections.abc import Sequence

from bench.findings import AlternativeFinding, ClaimFinding, Decision, DecisionFinding, Verdict

GOALS = ("speed", "reliability", "simplicity")
# What a claim "the selected one is better than its rival" says of the rival.
_OF_THE_RIVAL = {Verdict.SUPPORTED: "worse", Verdict.EQUIVALENT: "as good", Verdict.REFUTED: "better"}
_OPEN = (Verdict.INCONCLUSIVE, Verdict.INVALID, Verdict.NOT_MEASURED)
_COMPARING = ("faster", "fewer", "fails-less")


def decide(claims: Sequence[ClaimFinding]) -> DecisionFinding:
    """Apply the rule and say what would flip the answer."""
    deciding = [claim for claim in claims if claim.weight == "decides"]
    refuted = [claim for claim in deciding if claim.verdict is Verdict.REFUTED]
    undecided = [claim for claim in deciding if claim.verdict in _OPEN]
    alternatives = tuple(_alternative(name, claims) for name in _rivals(claims))
    overtaking = [found.contender for found in alternatives if found.overtakes]
    if not deciding:
        return _finding(
            Decision.UNDETERMINED, "no claim decides; the comparisons stand by themselves.", [], alternatives
        )
    if refuted:
        why = f"{len(refuted)} of {len(deciding)} deciding claims of the record are refuted."
        return _finding(Decision.CHALLENGED, why, refuted, alternatives)
    if overtaking:
        why = f"{' and '.join(overtaking)} is at least as good on every measured goal and better on one."
        return _finding(Decision.CHALLENGED, why, deciding, alternatives)
    if undecided:
        why = f"{len(undecided)} of {len(deciding)} deciding claims are open."
        return _finding(Decision.UNDETERMINED, why, undecided, alternatives)
    why = f"none of {len(deciding)} deciding claims is refuted, none is open, and no alternative overtakes."
    return _finding(Decision.STANDS, why, deciding, alternatives)


def _rivals(claims: Sequence[ClaimFinding]) -> list[str]:
    return list(dict.fromkeys(claim.rival for claim in claims if claim.rival and claim.kind in _COMPARING))


def _alternative(contender: str, claims: Sequence[ClaimFinding]) -> AlternativeFinding:
    goals = {goal: _standing(contender, goal, claims) for goal in GOALS}
    known = [standing for standing in goals.values() if standing != "unknown"]
    overtakes = len(known) > 0 and "worse" not in known and "better" in known
    return AlternativeFinding(contender=contender, goals=goals, overtakes=overtakes)


def _standing(contender: str, goal: str, claims: Sequence[ClaimFinding]) -> str:
    """Compare on one goal: "worse" if any claim says so, "better" if one says so and none the opposite."""
    verdicts = [
        claim.verdict
        for claim in claims
        if claim.rival == contender and claim.goal == goal and claim.kind in _COMPARING
    ]
    found = {_OF_THE_RIVAL.get(verdict, "unknown") for verdict in verdicts} or {"unknown"}
    if "worse" in found:
        return "worse"
    if "unknown" in found:
        return "unknown"
    return "better" if "better" in found else "as good"


def _finding(
    decision: Decision, why: str, claims: Sequence[ClaimFinding], alternatives: tuple[AlternativeFinding, ...]
) -> DecisionFinding:
    sentences = {
        Decision.STANDS: "The decision stands",
        Decision.CHALLENGED: "The decision is challenged",
        Decision.UNDETERMINED: "The decision is undetermined",
    }
    return DecisionFinding(
        decision=decision,
        sentence=f"{sentences[decision]}: {why}",
        reasons=tuple(f"{claim.id}: {claim.verdict.value}. {claim.numbers or claim.reason}" for claim in claims),
        would_flip=tuple(f"{claim.id}: {claim.would_flip}" for claim in claims),
        alternatives=alternatives,
    )
