"""The lines of the first screen: one for each effect and for each goal of the record that was measured."""

from collections.abc import Sequence

from bench import text
from bench.claims.weighed import Verdict
from bench.claims.weighing import ClaimFinding
from bench.experiments.factors.finding import FactorsFinding
from bench.experiments.speed.finding import SpeedFinding
from bench.findings import Findings
from bench.judgement.finding import GoalLine
from bench.model import BACKEND_TITLES
from bench.paired.finding import ComparisonFinding

SPEED = "speed"


def lines(claims: Sequence[ClaimFinding], findings: Findings) -> tuple[GoalLine, ...]:
    """Return a line for each wall-time comparison and factor, then one for each other goal that a claim names."""
    speed, factors = findings.of(SpeedFinding), findings.of(FactorsFinding)
    compared = [c for c in (speed.comparisons if speed else ()) if c.metric == "wall" and not c.is_noise_floor]
    varied = [factor for factor in (factors.factors if factors else ()) if factor.metric == "wall"]
    goals = dict.fromkeys(claim.goal for claim in claims if claim.goal != SPEED)
    return (
        *(_speed(c, c.rival_contender, of=c.baseline_contender) for c in compared if c.estimate is not None),
        *(_speed(f.comparison, f.title, of=f.contender) for f in varied if f.comparison.estimate is not None),
        *(line for goal in goals for line in _goal(goal, claims)),
    )


def _speed(comparison: ComparisonFinding, rival: str, *, of: str) -> GoalLine:
    assert comparison.estimate is not None, "lines() leaves the others out"
    return GoalLine(
        goal=f"speed on {BACKEND_TITLES[comparison.backend]}" if comparison.backend != "none" else "speed",
        numbers=f"{text.takes(rival, of, comparison.estimate)}; margin ±{text.percent(comparison.margin)}",
        words=comparison.words,
    )


def _goal(goal: str, claims: Sequence[ClaimFinding]) -> list[GoalLine]:
    """Sum up the claims of a goal: the numbers of the deciding ones, else of the first, and the verdicts counted."""
    own = [claim for claim in claims if claim.goal == goal]
    measured = [claim for claim in own if claim.verdict is not Verdict.NOT_MEASURED]
    if not own:
        return []
    if not measured:
        return [GoalLine(goal=goal, numbers=own[0].reason, words=Verdict.NOT_MEASURED.value)]
    shown = [claim for claim in measured if claim.weight == "decides"] or measured[:1]
    verdicts = [claim.verdict for claim in measured]
    counts = ", ".join(f"{verdicts.count(verdict)} {verdict.value}" for verdict in Verdict if verdict in verdicts)
    numbers = "; ".join(_numbers(claim) for claim in shown)
    return [GoalLine(goal=goal, numbers=numbers, words=counts if len(measured) > 1 else measured[0].verdict.value)]


def _numbers(claim: ClaimFinding) -> str:
    place = f"{BACKEND_TITLES[claim.backend]}: " if claim.backend != "none" else ""
    return f"{place}{claim.numbers or claim.reason}"
