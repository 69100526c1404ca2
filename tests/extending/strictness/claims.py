"""Weigh whether a suite passes when warnings are errors."""

from bench.claims.weighed import Verdict, Weighed, not_measured
from tests.extending.strictness.finding import StrictnessFinding


def warns_never(claim, backend, findings):
    """One run that does not pass refutes it; `least_runs` that pass support it."""
    found = findings.of(StrictnessFinding)
    passed, runs = found.passed.get(claim.subject, (0, 0)) if found else (0, 0)
    if not runs:
        return not_measured(f"{claim.subject} was not run with warnings as errors")
    enough = passed == runs >= claim.terms.get("least_runs", 1)
    return Weighed(
        verdict=Verdict.SUPPORTED if enough else Verdict.REFUTED,
        numbers=f"{passed} of {runs} strict runs of {claim.subject} passed",
        reason="warnings were errors",
        would_flip="a run that does not pass",
    )
