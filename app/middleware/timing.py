"""Tell clients how long the answer took to begin, and the log when that was long."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Timer = Callable[[], float]

logger = logging.getLogger(__name__)


class TimingMiddleware:
    """Measure from the request's arrival to the first byte of the answer; a stream may last longer."""

    def __init__(self, app: ASGIApp, *, slow_seconds: float, timer: Timer = time.perf_counter) -> None:
        """Wrap an application; the timer gives monotonic seconds."""
        self.app = app
        self.slow_seconds = slow_seconds
        self.timer = timer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection; only HTTP requests are measured."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = self.timer()

        async def send_with_timing(message: Message) -> None:
            if message["type"] == "http.response.start":
                elapsed = self.timer() - began
                MutableHeaders(scope=message).append("Server-Timing", f"app;dur={elapsed * 1000:.1f}")
                if elapsed >= self.slow_seconds:
                    logger.warning("%s %s began to answer after %.3f s", scope["method"], scope["path"], elapsed)
            await send(message)

        await self.app(scope, receive, send_with_timing)
