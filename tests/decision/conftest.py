"""Findings on claims, as the decision sees them: kind, goal, rival, weight and verdict."""

from collections.abc import Callable
from typing import Any

import pytest

from bench.claims.weighed import Verdict
from bench.claims.weighing import ClaimFinding


def finding(verdict: str = "supported", **changes: Any) -> ClaimFinding:
    """Make the finding on an informing claim "sync is faster than async"."""
    plain = {
        "id": "claim@sqlite",
        "statement": "",
        "section": "",
        "kind": "faster",
        "metric": "wall",
        "subject": "sync",
        "rival": "async",
        "backend": "sqlite",
        "margin": None,
        "weight": "informs",
        "goal": "speed",
        "compares": changes.get("kind", "faster") in ("faster", "fewer", "fails-less"),
        "verdict": Verdict(verdict),
        "numbers": "",
        "reason": f"it is {verdict}",
        "would_flip": "other numbers",
    }
    return ClaimFinding(**{**plain, **changes})


@pytest.fixture
def informing() -> Callable[..., ClaimFinding]:
    """Make an informing claim: `informing("refuted", goal="simplicity")`."""
    return finding


@pytest.fixture
def deciding() -> Callable[..., ClaimFinding]:
    """Make a deciding claim that compares nothing, as "the suite takes less than 30 seconds"."""

    def deciding(verdict: str = "supported", **changes: Any) -> ClaimFinding:
        plain = {"kind": "suite-limit", "compares": False, "rival": None, "weight": "decides", "id": "limit@sqlite"}
        return finding(verdict, **{**plain, **changes})

    return deciding
