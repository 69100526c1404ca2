"""`verdict.json`: the answer of a run for another program; docs/verdict.schema.json describes it."""

from bench.errors import ExitCode
from bench.findings import Analysis
from bench.model import Json

SCHEMA = "verdict/1"


def verdict_document(analysis: Analysis, *, code: ExitCode) -> dict[str, Json]:
    """Give the decision, its reasons, and each claim's verdict, without paths of any machine."""
    decision = analysis.decision
    return {
        "run": analysis.run.run_id,
        "status": analysis.run.status,
        "decision": decision.decision.value,
        "sentence": decision.sentence,
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
