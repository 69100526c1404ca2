"""Factories for variants and for trials in which work was counted."""

from collections.abc import Callable
from typing import Any

import pytest

from bench.model import Trial, Variant
from tests.conftest import a_spec, a_trial

IDLE_EXERCISE = {
    "event_loops": 1,
    "portal_calls": 0,
    "handed_across_threads": 0,
    "connections": {},
    "threads": {},
    "application_ns": 1000,
    "database_ns": 500,
    "working_ns": 1200,
}


def a_variant(name: str = "scope", **changes: Any) -> Variant:
    """Make a change of the contender sync."""
    own = {"title": f"title of {name}", "contender": "sync", "pytest_args": ("-x",), "environment": {"SCOPE": "f"}}
    return Variant(id=name, **own | changes)


def a_counted_trial(contender: str, *, requests: int = 4, **exercise: Any) -> Trial:
    """Make the counting trial of a contender on SQLite, which passed."""
    facts = {"requests": {"GET /users 200": requests}, "exercised": IDLE_EXERCISE | exercise}
    return a_trial(a_spec(contender, warmup=True, counting=True, block=0), facts=facts)


@pytest.fixture
def make_variant() -> Callable[..., Variant]:
    return a_variant


@pytest.fixture
def make_counted() -> Callable[..., Trial]:
    return a_counted_trial
