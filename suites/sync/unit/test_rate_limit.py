"""Laws of the rate limiter."""

from datetime import timedelta

import pytest
from world import ManualClock

from app import rate_limit
from app.problems import TooManyRequests
from app.rate_limit import RateLimiter


@pytest.fixture
def now() -> ManualClock:
    """Return a clock of the test's own."""
    return ManualClock()


def test_limiter_admits_exactly_the_limit(now: ManualClock) -> None:
    limiter = RateLimiter(limit=3, per=timedelta(minutes=1), clock=now)
    for _ in range(3):
        limiter.admit("ann")
    with pytest.raises(TooManyRequests) as refused:
        limiter.admit("ann")
    assert refused.value.headers == {"Retry-After": "20"}


def test_limiter_fills_up_evenly_and_never_beyond(now: ManualClock) -> None:
    limiter = RateLimiter(limit=3, per=timedelta(minutes=1), clock=now)
    limiter.admit("ann")
    now.advance(hours=1)
    for _ in range(3):
        limiter.admit("ann")
    now.advance(seconds=20)
    limiter.admit("ann")
    with pytest.raises(TooManyRequests):
        limiter.admit("ann")


def test_limiter_counts_each_caller_alone(now: ManualClock) -> None:
    limiter = RateLimiter(limit=1, per=timedelta(minutes=1), clock=now)
    limiter.admit("ann")
    limiter.admit("bob")
    with pytest.raises(TooManyRequests):
        limiter.admit("ann")


def test_limiter_of_zero_admits_everything(now: ManualClock) -> None:
    limiter = RateLimiter(limit=0, per=timedelta(minutes=1), clock=now)
    for _ in range(100):
        limiter.admit("ann")
    assert len(limiter) == 0


def test_limiter_forgets_who_was_not_seen_for_longest(now: ManualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "MAX_CALLERS", 2)
    limiter = RateLimiter(limit=2, per=timedelta(minutes=1), clock=now)
    for caller in ("ann", "bob", "ann", "carol"):
        limiter.admit(caller)
    assert len(limiter) == 2
    with pytest.raises(TooManyRequests):
        limiter.admit("ann")
    limiter.admit("bob")
