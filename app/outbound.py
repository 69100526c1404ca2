"""Open the one HTTP client through which the application reaches the world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.middleware.request_id import HEADER, current_request_id
from app.settings import Settings

# httpx2 continues httpx under a new name; where only the older one is installed, it serves as well.
if TYPE_CHECKING:
    import httpx2 as httpx
else:
    try:
        import httpx2 as httpx
    except ModuleNotFoundError:
        import httpx

__all__ = ["httpx", "open_client"]


def open_client(settings: Settings, transport: httpx.AsyncBaseTransport | None) -> httpx.AsyncClient:
    """Return a client that belongs to the running event loop; a transport stands in for the network."""
    return httpx.AsyncClient(
        transport=transport,
        timeout=settings.outbound_timeout_seconds,
        event_hooks={"request": [_pass_request_id_on]},
    )


async def _pass_request_id_on(request: httpx.Request) -> None:
    """Let the other side's logs be found by our request's id."""
    if request_id := current_request_id.get():
        request.headers[HEADER] = request_id
