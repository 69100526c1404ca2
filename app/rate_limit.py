"""Limit how often one caller may try, within this process."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import Depends, Request

from app.clock import Clock
from app.problems import TooManyRequests

MAX_CALLERS: Final = 10_000


class RateLimiter:
    """Hold a bucket of attempts for each caller; it fills up again evenly.

    Each process counts for itself: with n processes a caller has up to n times the limit.
    """

    def __init__(self, *, limit: int, per: timedelta, clock: Clock) -> None:
        """Allow so many attempts at once and in each period; 0 means no limit."""
        self._limit = limit
        self._refill_s = per.total_seconds() / limit if limit else 0.0
        self._clock = clock
        self._buckets: dict[str, tuple[float, datetime]] = {}

    def __len__(self) -> int:
        """Return for how many callers a bucket is held."""
        return len(self._buckets)

    def admit(self, caller: str) -> None:
        """Take one attempt out of the caller's bucket; raise TooManyRequests if it is empty."""
        if not self._limit:
            return
        now = self._clock()
        attempts = self._left(caller, now)
        if attempts < 1:
            raise TooManyRequests(
                "Too many attempts; try again later.", retry_after=math.ceil((1 - attempts) * self._refill_s)
            )
        # Seen last, so that memory stays bounded by forgetting who was not seen for longest.
        self._buckets.pop(caller, None)
        self._buckets[caller] = attempts - 1, now
        if len(self._buckets) > MAX_CALLERS:
            del self._buckets[next(iter(self._buckets))]

    def _left(self, caller: str, now: datetime) -> float:
        attempts, at = self._buckets.get(caller, (self._limit, now))
        # Rounded, because sums of fractions may miss a whole attempt by a hair.
        return min(self._limit, round(attempts + (now - at).total_seconds() / self._refill_s, 6))


async def get_limiter(request: Request) -> RateLimiter:
    """Return the application's limiter."""
    limiter: RateLimiter = request.app.state.limiter
    return limiter


async def limit_attempts(request: Request, limiter: Annotated[RateLimiter, Depends(get_limiter)]) -> None:
    """Admit the request or raise TooManyRequests, counting by address and path."""
    address = request.client.host if request.client else "unknown"
    limiter.admit(f"{address} {request.url.path}")


Limited: Final = Depends(limit_attempts)
