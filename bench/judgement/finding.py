"""What the findings say of the record: verdicts, the decision, and whether the run is fit for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bench.claims.weighed import Verdict
from bench.claims.weighing import ClaimFinding


class Decision(StrEnum):
    """What the verdicts say of the record; a run without claims has compared, or not."""

    STANDS = "stands"
    CHALLENGED = "challenged"
    UNDETERMINED = "undetermined"
    COMPARED = "compared"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativeFinding:
    """A rejected alternative against the selected one: goal to its standing.

    A standing is "better", "as good", "worse", "unknown" (measured without an answer) or "not measured".
    """

    contender: str
    goals: Mapping[str, str]
    overtakes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionFinding:
    """The decision sentence, its reasons, what would change it, and the alternatives goal by goal.

    `by_backend` is what the claims of each database alone would decide; the sentence says it where they differ. `plain`
    says which style is faster where, for somebody who knows none of our words; '' where no claim compares styles.
    """

    decision: Decision
    sentence: str
    reasons: tuple[str, ...]
    would_flip: tuple[str, ...]
    alternatives: tuple[AlternativeFinding, ...]
    by_backend: Mapping[str, Decision] = field(default_factory=dict)
    plain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A ratio with its interval and margin, and the A/A interval of the same run; None where there is none."""

    ratio: float
    low: float | None
    high: float | None
    margin: float
    floor: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalLine:
    """One line of the first screen: a goal of the record, its number, its verdict word.

    Beside the words stands a picture that says the same: a `strip`, or one mark for each of the `verdicts`.
    """

    goal: str
    numbers: str
    words: str
    strip: Strip | None = None
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The claims weighed, and what follows.

    `invalid_because` says why no verdict rests on the run's timings, `unfit_backends` why not on those of one backend.
    """

    decision: DecisionFinding
    goals: tuple[GoalLine, ...]
    claims: tuple[ClaimFinding, ...]
    invalid_because: tuple[str, ...]
    unfit_backends: Mapping[str, tuple[str, ...]]
    left_out: tuple[str, ...]
    warnings: tuple[str, ...]
