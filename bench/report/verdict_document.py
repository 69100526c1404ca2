"""`verdict.json`: the answer of a run for another program; docs/verdict.schema.json describes it."""

from bench.errors import ExitCode
from bench.model import Json
from bench.results import Results
from bench.revalidation import Revalidation
from bench.revalidation.findings import Transition

SCHEMA = "verdict/1"


def verdict_document(analysis: Results, *, code: ExitCode, revalidation: Revalidation | None = None) -> dict[str, Json]:
    """Give the decision, its reasons, and each claim's verdict, without paths of any machine.

    Of a re-validation all that is of the later set, and what the upgrade changed stands under `revalidation`.
    """
    decision = analysis.decision
    beside = {} if revalidation is None else {"revalidation": _changed(revalidation)}
    return beside | {
        "run": analysis.run.run_id,
        "status": analysis.run.status,
        "decision": decision.decision.value,
        "sentence": decision.sentence,
        "plain": decision.plain,
        "reasons": list(decision.reasons),
        "would_flip": list(decision.would_flip),
        "alternatives": [
            {"contender": found.contender, "goals": dict(found.goals), "overtakes": found.overtakes}
            for found in decision.alternatives
        ],
        "claims": [
            {
                "id": claim.id,
                "goal": claim.goal,
                "weight": claim.weight,
                "verdict": claim.verdict.value,
                "numbers": claim.numbers,
                "reason": claim.reason,
                "would_flip": claim.would_flip,
            }
            for claim in analysis.claims
        ],
        "claims_hash": analysis.run.claims_hash,
        "amended_claims_hash": analysis.run.amended_claims_hash,
        "invalid_because": list(analysis.invalid_because),
        "exit_code": int(code),
    }


def _changed(found: Revalidation) -> dict[str, Json]:
    of_interest = (Transition.FLIPPED, Transition.NEWLY_BROKEN)
    new = [problem for problem in found.problems if problem.standing == "new"]
    return {
        "from": found.before_set.name,
        "to": found.after_set.name,
        "sentence": found.sentence,
        "decision_before": found.before.decision.decision.value,
        "claims": [
            {"id": claim.id, "before": claim.before.value, "after": claim.after.value, "became": claim.transition.value}
            for claim in found.claims
        ],
        "changes": [
            {
                "id": change.id,
                "ratio": None if change.estimate is None else change.estimate.ratio,
                "low": None if change.estimate is None else change.estimate.low,
                "high": None if change.estimate is None else change.estimate.high,
                "words": change.words,
            }
            for change in found.changes
        ],
        "packages": [{"name": p.name, "before": p.before, "after": p.after} for p in found.packages],
        "problems": [
            {"stage": problem.stage.value, "line": problem.line, "package": problem.package, "tests": problem.tests}
            for problem in new
        ],
        "needs_attention": bool(new) or any(claim.transition in of_interest for claim in found.claims),
    }
