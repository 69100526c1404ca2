"""Name what the two suites hold differently: the client, the session, and how services are called."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

# The same choice that Starlette's TestClient makes for the other suite.
try:
    from httpx2 import ASGITransport, AsyncClient
except ModuleNotFoundError:
    from httpx import ASGITransport, AsyncClient

Call = Callable[..., Awaitable[Any]]

__all__ = ["ASGITransport", "AsyncClient", "AsyncSession", "Call"]
