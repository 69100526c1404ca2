"""What a synthetic analysis says of the record: the decision, the goals and the claims."""

from collections.abc import Sequence

from bench.claims.weighed import Verdict
from bench.claims.weighing import ClaimFinding
from bench.judgement import goals
from bench.judgement.finding import AlternativeFinding, Decision, DecisionFinding, GoalLine
from bench.paired.finding import ComparisonFinding
from tests.made_up import findings_of


def decision_of_the_record() -> DecisionFinding:
    return DecisionFinding(
        decision=Decision.CHALLENGED,
        sentence="The decision is challenged: its claim that synchronous tests are faster is refuted by async-session.",
        reasons=(
            "async-session takes 0.76x the time of sync on SQLite (95 % interval 0.74-0.78)",
            "the record compared itself with function-scoped event loops, which do take 1.42x the time",
        ),
        would_flip=(
            "async-session taking 1.05x the time of sync or more on both databases",
            "a team rule that forbids session-scoped event loops",
        ),
        alternatives=(
            AlternativeFinding(
                contender="async-function",
                goals={"speed": "worse", "reliability": "as good", "simplicity": "worse"},
                overtakes=False,
            ),
            AlternativeFinding(
                contender="async-session",
                goals={"speed": "better", "reliability": "as good", "simplicity": "unknown"},
                overtakes=True,
            ),
        ),
    )


def goal_lines(comparisons: Sequence[ComparisonFinding]) -> tuple[GoalLine, ...]:
    return (
        *goals.lines((), findings_of(comparisons=comparisons)),
        GoalLine(
            goal="reliability",
            numbers="SQLite: 0/33 trials failed, at most 8.7 % (95 %); "
            "PostgreSQL: 2/33 trials failed, at most 18 % (95 %)",
            words="1 supported, 9 inconclusive, 1 refuted",
        ),
        GoalLine(
            goal="simplicity",
            numbers="1543 logical lines in sync, 1554 in async-session",
            words="8 supported, 2 refuted, 2 equivalent",
        ),
        GoalLine(goal="fault detection", numbers="no experiment of this run looks at it", words="not measured"),
    )


def claims_of_the_record() -> tuple[ClaimFinding, ...]:
    rows = (
        ("speed-session@sqlite", "Sync tests are faster than async tests", "decides", Verdict.REFUTED, 0.05),
        ("speed-function", "Sync tests are faster than async tests", "decides", Verdict.SUPPORTED, 0.05),
        ("unit-limit", "Unit tests take under 100 ms each", "informs", Verdict.SUPPORTED, None),
        ("integration-limit", "Integration tests take under 500 ms each", "informs", Verdict.SUPPORTED, None),
        ("api-limit", "API tests take under 1 s each", "informs", Verdict.INCONCLUSIVE, None),
        ("never-flaky", "Tests are never flaky", "decides", Verdict.NOT_MEASURED, None),
    )
    return tuple(
        ClaimFinding(
            id=name,
            statement=statement,
            section="Performance Considerations",
            kind="faster" if margin else "layer-limit",
            metric="wall",
            subject="sync",
            rival="async-session" if margin else None,
            backend="sqlite",
            margin=margin,
            weight="decides" if weight == "decides" else "informs",
            goal="speed",
            compares=bool(margin),
            verdict=verdict,
            numbers="async-session takes 0.76x the time of sync (95 % interval 0.74-0.78)",
            reason="the whole interval lies beyond the margin",
            would_flip="a ratio of 1.05x or more in 16 blocks",
        )
        for name, statement, weight, verdict, margin in rows
    )
