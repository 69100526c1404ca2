"""Give every request an id that its logs, audit entries and outgoing calls share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER: Final = "X-Request-ID"
# What a proxy may choose; anything else could forge lines in a log.
ACCEPTED: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")

current_request_id: ContextVar[str | None] = ContextVar("current_request_id", default=None)


@contextmanager
def as_request(request_id: str | None) -> Iterator[None]:
    """Do what follows in the name of this request."""
    token = current_request_id.set(request_id)
    try:
        yield
    finally:
        current_request_id.reset(token)


class RequestIdMiddleware:
    """Take a proxy's id or make one, keep it in the context, and send it back."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection; only HTTP requests get an id."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = presented_id(scope) or uuid4().hex

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        # The handler of unexpected errors runs outside this middleware, where the context is gone.
        scope["request_id"] = request_id
        with as_request(request_id):
            await self.app(scope, receive, send_with_id)


def presented_id(scope: Scope) -> str | None:
    """Return the id that came with the request, if it can be trusted in a log."""
    presented = Headers(scope=scope).get(HEADER, "")
    return presented if ACCEPTED.fullmatch(presented) else None
