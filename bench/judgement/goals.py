"""The lines of the first screen: one for each effect and for each goal of the record that was measured."""

from collections.abc import Mapping, Sequence

from bench import text
from bench.claims.weighed import Verdict
from bench.claims.weighing import ClaimFinding
from bench.experiments.factors.finding import FactorsFinding
from bench.experiments.speed.finding import SpeedFinding
from bench.findings import Findings
from bench.judgement.finding import GoalLine, Strip
from bench.model import BACKEND_TITLES, on_backend
from bench.paired.finding import ComparisonFinding

SPEED = "speed"


def lines(claims: Sequence[ClaimFinding], findings: Findings) -> tuple[GoalLine, ...]:
    """Return a line for each wall-time comparison and factor, then one for each other goal that a claim names.

    On a database where claims decide, the comparisons that they rest on come alone: the section on speed has all.
    """
    speed, factors = findings.of(SpeedFinding), findings.of(FactorsFinding)
    every = [c for c in (speed.comparisons if speed else ()) if c.metric == "wall" and not c.is_noise_floor]
    decided = {c.backend for c in every if _decides(c, claims)}
    compared = [c for c in every if _decides(c, claims) or c.backend not in decided]
    floors = {c.backend: c for c in (speed.comparisons if speed else ()) if c.metric == "wall" and c.is_noise_floor}
    varied = [factor for factor in (factors.factors if factors else ()) if factor.metric == "wall"]
    goals = dict.fromkeys(claim.goal for claim in claims if claim.goal != SPEED)
    return (
        *(_speed(c, c.rival_contender, c.baseline_contender, floors) for c in compared if c.estimate is not None),
        *(_speed(f.comparison, f.title, f.contender, floors) for f in varied if f.comparison.estimate is not None),
        *(line for goal in goals for line in _goal(goal, claims)),
    )


def _decides(compared: ComparisonFinding, claims: Sequence[ClaimFinding]) -> bool:
    """Tell whether a deciding claim on that database rests on the comparison."""
    own = [c for c in claims if c.weight == "decides" and c.backend == compared.backend and c.metric == compared.metric]
    pairs = [pair for claim in own for pair in ((claim.subject, claim.rival), *claim.pairs)]
    return (compared.baseline_contender, compared.rival_contender) in pairs


def _speed(comparison: ComparisonFinding, rival: str, of: str, floors: Mapping[str, ComparisonFinding]) -> GoalLine:
    estimate = comparison.estimate
    assert estimate is not None, "lines() leaves the others out"
    floor = floors[comparison.backend].estimate if comparison.backend in floors else None
    return GoalLine(
        goal=f"speed{on_backend(comparison.backend)}",
        numbers=f"{text.takes(rival, of, estimate)}; margin ±{text.percent(comparison.margin)}",
        words=comparison.words,
        strip=Strip(
            ratio=estimate.ratio,
            low=estimate.low,
            high=estimate.high,
            margin=comparison.margin,
            floor=None if floor is None or floor.low is None or floor.high is None else (floor.low, floor.high),
        ),
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
    words = counts if len(measured) > 1 else measured[0].verdict.value
    in_order = tuple(verdict for verdict in Verdict for _ in range(verdicts.count(verdict)))
    return [GoalLine(goal=goal, numbers=numbers, words=words, verdicts=in_order)]


def _numbers(claim: ClaimFinding) -> str:
    place = f"{BACKEND_TITLES[claim.backend]}: " if claim.backend != "none" else ""
    return f"{place}{claim.numbers or claim.reason}"
